package bot

import (
	"errors"
	"fmt"
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

// parking remembers which calls the platform would refuse, and until when: a day's quota that is used up begins anew at
// midnight in Beijing, a minute's at the next minute, and a right that is missing does not come back by asking. Until then the
// call is refused here, without a call.
type parking struct {
	now func() time.Time

	mu    sync.Mutex
	calls map[string]parkedCall // by path
}

type parkedCall struct {
	code         int
	since, until time.Time
}

// refusal returns the *APIError that the platform would answer, or nil.
func (p *parking) refusal(path string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, parked := p.calls[path]
	if !parked {
		return nil
	}
	if !p.now().Before(c.until) {
		delete(p.calls, path)
		return nil
	}
	return &APIError{Code: c.code, Path: path, Until: c.until}
}

// note parks the path when err says so. It returns err with the instant at which the call may be made again.
func (p *parking) note(path string, err error) error {
	e, refused := errors.AsType[*APIError](err)
	if !refused {
		return err
	}
	now := p.now()
	var until time.Time
	switch e.Code {
	case codeDayQuota:
		until = workday.Of(now).AddDays(1).At(0, 0)
	case codeMinuteQuota:
		until = now.Truncate(time.Minute).Add(time.Minute)
	case codeNoRight:
		until = now.Add(noRightPause)
	default:
		return err
	}
	e.Until = until
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls == nil {
		p.calls = map[string]parkedCall{}
	}
	p.calls[path] = parkedCall{e.Code, now, until}
	return err
}

// release lets a path go that waits because of the code, if it was parked before the instant.
func (p *parking) release(path string, code int, before time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, parked := p.calls[path]; parked && c.code == code && !c.since.After(before) {
		delete(p.calls, path)
	}
}

// paths lists what waits, in the order of the paths.
func (p *parking) paths() (list []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for path, c := range p.calls {
		if p.now().Before(c.until) {
			list = append(list, path)
		}
	}
	slices.Sort(list)
	return list
}

// parkedFindings are lines of the account's health, one for each call that waits.
func (c *Client) parkedFindings() (list []Finding) {
	for _, path := range c.parked.paths() {
		e, _ := errors.AsType[*APIError](c.parked.refusal(path))
		if e == nil {
			continue // its time came in between
		}
		f := Finding{Name: "暂停的功能：" + nameOf(path), Condition: Attention, Says: "微信：" + e.advice().meaning + fmt.Sprintf("（代码 %d）。", e.Code)}
		f.Says += "本系统到 " + beijingTime(e.Until) + " 为止不再调用这个接口，之后自动恢复。"
		if e.Code == codeNoRight {
			f.Condition, f.Do = Bad, "需要已认证的公众号。请公众号管理员检查认证是否过期；这项功能在此之前不能用。"
		}
		list = append(list, f)
	}
	return list
}

// nameOf is a call's name for staff, its path when it has none.
func nameOf(path string) string {
	for _, w := range watched {
		if w.path == path {
			return w.name
		}
	}
	return path
}
