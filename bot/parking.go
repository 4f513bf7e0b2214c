package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"shoushan/workday"
)

// Codes after which a call is left alone for a while.
const (
	codeDayQuota    = 45009
	codeMinuteQuota = 45011
	codeNoRight     = 48001
)

// noRightPause is how long a call that the account has no right to (48001) counts as switched off before it is tried again.
const noRightPause = time.Hour

const (
	parkedPaper  = "calls"        // one small list for the account
	parkedLife   = 25 * time.Hour // longer than any call waits
	parkedWithin = 2 * time.Second
)

// parking remembers which calls the platform would refuse, and until when: a day's quota that is used up begins anew at
// midnight in Beijing, a minute's at the next minute, and a right that is missing does not come back by asking. Until then the
// call is refused here, without a call. What one process has met holds for all; when the store does not answer, each goes by
// what it has met itself.
type parking struct {
	shared Papers // nil: this process is alone
	now    func() time.Time
	log    *slog.Logger

	mu  sync.Mutex
	own parkedCalls // what could not be shared
}

// parkedCalls are the calls that wait, by path.
type parkedCalls map[string]parkedCall

type parkedCall struct {
	Code  int       `json:"code"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// add notes a call, unless it is known to wait longer.
func (calls parkedCalls) add(path string, c parkedCall) {
	if !calls[path].Until.After(c.Until) {
		calls[path] = c
	}
}

// prune forgets what waits no more.
func (calls parkedCalls) prune(now time.Time) {
	maps.DeleteFunc(calls, func(_ string, c parkedCall) bool { return !now.Before(c.Until) })
}

// waiting returns all that waits now.
func (p *parking) waiting(ctx context.Context) parkedCalls {
	all := parkedCalls{}
	if p.shared != nil {
		within, cancel := context.WithTimeout(ctx, parkedWithin)
		defer cancel()
		known, err := ReadPaper[parkedCalls](within, p.shared, parkedPaper)
		p.complain(ctx, err)
		maps.Copy(all, known)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for path, c := range p.own {
		all.add(path, c)
	}
	all.prune(p.now())
	return all
}

// complain logs that the store did not answer.
func (p *parking) complain(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		p.log.WarnContext(ctx, "the list of calls that wait cannot be shared", "error", err)
	}
}

// change changes the list for all processes. It is done even when the caller has gone, and reports whether it was.
func (p *parking) change(ctx context.Context, change func(parkedCalls)) bool {
	if p.shared == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), parkedWithin)
	defer cancel()
	err := ChangePaper(ctx, p.shared, parkedPaper, parkedLife, func(calls *parkedCalls) (keep bool, err error) {
		if *calls == nil {
			*calls = parkedCalls{}
		}
		change(*calls)
		calls.prune(p.now())
		return len(*calls) > 0, nil
	})
	p.complain(ctx, err)
	return err == nil
}

// refusal returns the *APIError that the platform would answer, or nil.
func (p *parking) refusal(ctx context.Context, path string) error {
	c, parked := p.waiting(ctx)[path]
	if !parked {
		return nil
	}
	return &APIError{Code: c.Code, Path: path, Until: c.Until}
}

// note parks the path when err says so. It returns err with the instant at which the call may be made again.
func (p *parking) note(ctx context.Context, path string, err error) error {
	e, refused := errors.AsType[*APIError](err)
	if !refused {
		return err
	}
	now := p.now()
	switch e.Code {
	case codeDayQuota:
		e.Until = workday.Of(now).AddDays(1).At(0, 0)
	case codeMinuteQuota:
		e.Until = now.Truncate(time.Minute).Add(time.Minute)
	case codeNoRight:
		e.Until = now.Add(noRightPause)
	default:
		return err
	}
	c := parkedCall{e.Code, now.UTC(), e.Until.UTC()}
	if !p.change(ctx, func(calls parkedCalls) { calls.add(path, c) }) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.own.add(path, c)
	}
	return err
}

// release lets a path go that waits because of the code, if it was parked before the instant.
func (p *parking) release(ctx context.Context, path string, code int, before time.Time) {
	let := func(calls parkedCalls) {
		if c, parked := calls[path]; parked && c.Code == code && !c.Since.After(before) {
			delete(calls, path)
		}
	}
	if _, parked := p.waiting(ctx)[path]; !parked { // mostly: do not write
		return
	}
	p.change(ctx, let)
	p.mu.Lock()
	defer p.mu.Unlock()
	let(p.own)
}

// parkedFindings are lines of the account's health, one for each call that waits.
func (c *Client) parkedFindings(ctx context.Context) (list []Finding) {
	waiting := c.parked.waiting(ctx)
	for _, path := range slices.Sorted(maps.Keys(waiting)) {
		e := &APIError{Code: waiting[path].Code, Path: path, Until: waiting[path].Until}
		f := Finding{Name: "暂停的功能：" + nameOf(path), Condition: Attention, Says: "微信：" + e.advice().meaning + fmt.Sprintf("（代码 %d）。", e.Code)}
		f.Says += "本系统到 " + beijingTime(e.Until) + " 为止不再调用这个接口，之后自动恢复。"
		if e.Code == codeNoRight {
			f.Condition, f.Do = Bad, "需要已认证的公众号。请公众号管理员检查认证是否过期；这项功能在此之前不能用。"
		}
		list = append(list, f)
	}
	return list
}

// unwatched are the names of the other calls that are made for staff and citizens.
var unwatched = map[string]string{
	"/cgi-bin/draft/get": "查看草稿", "/cgi-bin/draft/delete": "删除作废的草稿", "/cgi-bin/draft/batchget": "列出草稿",
	"/cgi-bin/freepublish/get": "查询发布结果", "/cgi-bin/freepublish/batchget": "核对已发布的文章", "/cgi-bin/message/mass/get": "查询群发结果",
	"/cgi-bin/message/template/subscribe": "一次性订阅消息", "/cgi-bin/message/subscribe/bizsend": "订阅通知",
	"/cgi-bin/message/custom/typing": "显示“正在输入”", "/cgi-bin/media/get": "保存群众发来的图片", "/cgi-bin/media/upload": "发送图片",
	"/cgi-bin/menu/get": "核对菜单", "/cgi-bin/menu/create": "更新菜单", "/cgi-bin/getcallbackip": "核对推送地址", "/cgi-bin/tags/get": "列出标签",
}

// nameOf is a call's name for staff, its path when it has none.
func nameOf(path string) string {
	for _, w := range watched {
		if w.path == path {
			return w.name
		}
	}
	return cmp.Or(unwatched[path], path)
}
