package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The values of publish_status.
const (
	published      = 0
	publishing     = 1
	originalFailed = 2
	publishFailed  = 3
	auditRefused   = 4
	userDeleted    = 5
	systemBanned   = 6
)

const firstPublishID = 100000001

// publishJob is one call of freepublish/submit.
type publishJob struct {
	id, msgDataID int64
	status        int
	failIdx       []int
	draft         *draft
	base          string
	articleID     string
	articles      []*article
	startedAt     time.Time
	finishedAt    time.Time
}

// article is one published article with its permanent link.
type article struct {
	draftArticle
	id        string // in the link
	idx       int    // within its job, from 1
	msgDataID int64
	at        time.Time
	mass      bool // pushed to followers, and in the account's history
	deleted   bool
	banned    bool
	reads     int
	daily     map[string]*readers // by day
	reprint   string // 转载自: the address of the original that replaced the text
	openReply bool   // comments are open
}

func publishSubmit(c *call, in mediaID) (any, error) {
	d, err := c.draft(in.MediaID)
	if err != nil {
		return nil, err
	}
	d.busy = true
	n := c.next()
	job := &publishJob{
		id: firstPublishID + n, msgDataID: 2247480000 + n, status: publishing, draft: d, base: c.base, startedAt: c.now,
	}
	c.state.jobs[job.id] = job
	if _, early := c.strike("PUBLISHJOBFINISH", FaultEarly); early {
		c.early = append(c.early, func(ctx context.Context) { c.finishPublish(ctx, job) })
	} else {
		delay := time.Duration(c.state.settings.PublishDelayMS) * time.Millisecond
		c.background(c.r.Context(), func(ctx context.Context) {
			if pause(ctx, delay) {
				c.finishPublish(ctx, job)
			}
		})
	}
	return ok(obj{"publish_id": c.publishID(job.id), "msg_data_id": job.msgDataID}), nil
}

// publishID is a number or a string: Tencent's documents say both.
func (s *Server) publishID(id int64) any {
	if s.state.settings.PublishIDAsString {
		return strconv.FormatInt(id, 10)
	}
	return id
}

// finishPublish ends a publication as ordered and pushes PUBLISHJOBFINISH.
func (s *Server) finishPublish(ctx context.Context, job *publishJob) {
	s.mu.Lock()
	now := s.clock.now()
	job.status, job.finishedAt = s.state.settings.PublishResult, now
	if job.status == originalFailed || job.status == auditRefused {
		job.failIdx = append([]int{}, s.state.settings.FailIndexes...)
		if len(job.failIdx) == 0 {
			job.failIdx = []int{1}
		}
	}
	if job.status == published {
		job.articleID = token(32)
		job.articles = s.publish(job.draft, job.base, job.msgDataID, false)
	} else {
		job.draft.busy = false
	}
	event := s.event(nil, "PUBLISHJOBFINISH", job.event())
	s.hub.send("articles", nil)
	s.mu.Unlock()
	s.push(ctx, event)
}

// publish turns a draft into articles with permanent links; the draft leaves the box.
func (s *Server) publish(d *draft, base string, msgDataID int64, mass bool) []*article {
	var list []*article
	now := s.clock.now()
	for i, content := range d.articles {
		a := &article{
			draftArticle: content, id: token(16), idx: i + 1, msgDataID: msgDataID, at: now, mass: mass,
			openReply: content.NeedOpenComment == 1,
		}
		a.URL = base + "/s/" + a.id
		list = append(list, a)
	}
	s.state.articles = append(s.state.articles, list...)
	s.removeDraft(d.id)
	return list
}

func (j *publishJob) event() []node {
	info := []node{num("publish_id", j.id), num("publish_status", int64(j.status))}
	if j.status == published {
		detail := []node{num("count", int64(len(j.articles)))}
		for _, a := range j.articles {
			detail = append(detail, branch("item", num("idx", int64(a.idx)), text("article_url", a.URL)))
		}
		info = append(info, text("article_id", j.articleID), branch("article_detail", detail...))
	}
	for _, idx := range j.failIdx {
		info = append(info, num("fail_idx", int64(idx)))
	}
	return []node{branch("PublishEventInfo", info...)}
}

// looseID accepts a number or a string, as clients send what they were given.
type looseID int64

// UnmarshalJSON implements json.Unmarshaler.
func (id *looseID) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(b), `"`), 10, 64)
	if err != nil {
		return fmt.Errorf("%s is no id", b)
	}
	*id = looseID(n)
	return nil
}

var _ json.Unmarshaler = (*looseID)(nil)

func publishGet(c *call, in struct {
	PublishID looseID `json:"publish_id"`
}) (any, error) {
	job := c.state.jobs[int64(in.PublishID)]
	if job == nil {
		return nil, fail(53502)
	}
	out := obj{"publish_id": c.publishID(job.id), "publish_status": job.status, "fail_idx": append([]int{}, job.failIdx...)}
	if job.status == published {
		items := []obj{}
		for _, a := range job.articles {
			items = append(items, obj{"idx": a.idx, "article_url": a.URL})
		}
		out["article_id"] = job.articleID
		out["article_detail"] = obj{"count": len(items), "item": items}
	}
	return out, nil
}

// jobOf finds a successful publication by its article_id.
func (s *Server) jobOf(articleID string) (*publishJob, error) {
	for _, job := range s.state.jobs {
		if job.articleID == articleID && articleID != "" {
			return job, nil
		}
	}
	return nil, fail(53600)
}

func publishDelete(c *call, in struct {
	ArticleID string `json:"article_id"`
	Index     int    `json:"index"`
}) (any, error) {
	job, err := c.jobOf(in.ArticleID)
	if err != nil {
		return nil, err
	}
	if in.Index < 0 || in.Index > len(job.articles) {
		return nil, fail(40060)
	}
	for _, a := range job.articles {
		if in.Index == 0 || a.idx == in.Index {
			a.deleted = true
		}
	}
	if !slices.ContainsFunc(job.articles, func(a *article) bool { return !a.deleted }) {
		job.status = userDeleted
		c.pushLater(c.r.Context(), c.event(nil, "PUBLISHJOBFINISH", job.event()))
	}
	c.hub.send("articles", nil)
	return ok(nil), nil
}

func publishArticle(c *call, in struct {
	ArticleID string `json:"article_id"`
}) (any, error) {
	job, err := c.jobOf(in.ArticleID)
	if err != nil {
		return nil, err
	}
	return obj{
		"news_item": job.news(false), "create_time": job.startedAt.Unix(), "update_time": job.finishedAt.Unix(),
	}, nil
}

func (j *publishJob) news(bare bool) []draftArticle {
	list := []draftArticle{}
	for _, a := range j.articles {
		item := a.draftArticle
		deleted := a.deleted || a.banned
		item.IsDeleted = &deleted
		if bare {
			item.Content = ""
		}
		list = append(list, item)
	}
	return list
}

// publishList lists successful publications, newest first; mass-sent articles are in no list of the platform's.
func publishList(c *call, in page) (any, error) {
	var all []*publishJob
	for _, job := range c.state.jobs {
		if job.articleID != "" && job.status != userDeleted {
			all = append(all, job)
		}
	}
	slices.SortFunc(all, func(a, b *publishJob) int { return int(b.id - a.id) })
	part, err := cut(all, in)
	if err != nil {
		return nil, err
	}
	items := []obj{}
	for _, job := range part {
		at := job.finishedAt.Unix()
		content := obj{"news_item": job.news(bool(in.NoContent)), "create_time": at, "update_time": at}
		items = append(items, obj{"article_id": job.articleID, "content": content, "update_time": at})
	}
	return obj{"total_count": len(all), "item_count": len(items), "item": items}, nil
}

// ban takes a publication's articles down, as the platform does (publish_status 6). The documents list 5 and 6 among the
// results of PUBLISHJOBFINISH, so a second event tells of it.
func (s *Server) ban(parent context.Context, publishID int64) bool {
	job := s.state.jobs[publishID]
	if job == nil || job.articleID == "" {
		return false
	}
	job.status = systemBanned
	for _, a := range job.articles {
		a.banned = true
	}
	s.pushLater(parent, s.event(nil, "PUBLISHJOBFINISH", job.event()))
	s.hub.send("articles", nil)
	return true
}
