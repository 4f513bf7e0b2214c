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
	ID, MsgDataID int64
	Status        int
	FailIdx       []int
	DraftID       string
	Draft         *draft `json:"-"`
	Base          string
	ArticleID     string
	Articles      []*article `json:"-"`
	StartedAt     time.Time
	FinishedAt    time.Time
}

// article is one published article with its permanent link.
type article struct {
	draftArticle
	ID        string // in the link
	Idx       int    // within its job, from 1
	MsgDataID int64
	At        time.Time
	Mass      bool // pushed to followers, and in the account's history
	Deleted   bool
	Banned    bool
	Reads     int
	Daily     map[string]*readers // by day
	Reprint   string              // 转载自: the address of the original that replaced the text
	OpenReply bool                // comments are open
}

func publishSubmit(c *call, in mediaID) (any, error) {
	d, err := c.draft(in.MediaID)
	if err != nil {
		return nil, err
	}
	d.Busy = true
	n := c.next()
	job := &publishJob{
		ID: firstPublishID + n, MsgDataID: 2247480000 + n, Status: publishing, DraftID: d.ID, Draft: d, Base: c.base,
		StartedAt: c.now,
	}
	c.state.jobs[job.ID] = job
	if _, early := c.strike("PUBLISHJOBFINISH", FaultEarly); early {
		c.early = append(c.early, func(ctx context.Context) { c.finishPublish(ctx, job) })
	} else {
		delay := time.Duration(c.state.settings.PublishDelayMS) * time.Millisecond
		c.finishPublishAfter(c.r.Context(), job, delay)
	}
	return ok(obj{"publish_id": c.publishID(job.ID), "msg_data_id": job.MsgDataID}), nil
}

func (s *Server) finishPublishAfter(parent context.Context, job *publishJob, delay time.Duration) {
	s.background(parent, func(ctx context.Context) {
		if pause(ctx, delay) {
			s.finishPublish(ctx, job)
		}
	})
}

// publishID is a number or a string: Tencent's documents say both.
func (s *Server) publishID(id int64) any {
	if s.state.settings.PublishIDAsString {
		return strconv.FormatInt(id, 10)
	}
	return id
}

// finishPublish ends a publication as ordered and pushes PUBLISHJOBFINISH. The results 5 and 6 come after a success: the
// articles are seen, and then taken down with a second event.
func (s *Server) finishPublish(ctx context.Context, job *publishJob) {
	s.mu.Lock()
	ordered := s.state.settings.PublishResult
	s.settlePublish(job, ordered)
	event := s.event(nil, "PUBLISHJOBFINISH", job.event())
	s.hub.send("articles", nil)
	s.mu.Unlock()
	s.push(ctx, event)
	if ordered != userDeleted && ordered != systemBanned {
		return
	}
	s.mu.Lock()
	event = s.takeDown(job, ordered)
	s.mu.Unlock()
	s.push(ctx, event)
}

func (s *Server) settlePublish(job *publishJob, result int) {
	job.Status, job.FinishedAt = result, s.clock.now()
	switch result {
	case published, userDeleted, systemBanned:
		job.Status = published
		job.ArticleID = token(32)
		job.Articles = s.publish(job.Draft, job.Base, job.MsgDataID, false)
		return
	case originalFailed, auditRefused:
		job.FailIdx = append([]int{}, s.state.settings.FailIndexes...)
		if len(job.FailIdx) == 0 {
			job.FailIdx = []int{1}
		}
	}
	job.Draft.Busy = false
}

// takeDown removes all articles of a publication, by its user (5) or the platform (6), and returns the event of it.
func (s *Server) takeDown(job *publishJob, status int) delivery {
	job.Status = status
	for _, a := range job.Articles {
		a.Deleted = a.Deleted || status == userDeleted
		a.Banned = a.Banned || status == systemBanned
	}
	s.hub.send("articles", nil)
	return s.event(nil, "PUBLISHJOBFINISH", job.event())
}

// publish turns a draft into articles with permanent links; the draft leaves the box.
func (s *Server) publish(d *draft, base string, msgDataID int64, mass bool) []*article {
	var list []*article
	now := s.clock.now()
	for i, content := range d.Articles {
		a := &article{
			draftArticle: content, ID: token(16), Idx: i + 1, MsgDataID: msgDataID, At: now, Mass: mass,
			OpenReply: content.NeedOpenComment == 1,
		}
		a.URL = base + "/s/" + a.ID
		list = append(list, a)
	}
	s.state.articles = append(s.state.articles, list...)
	s.removeDraft(d.ID)
	return list
}

func (j *publishJob) event() []node {
	info := []node{num("publish_id", j.ID), num("publish_status", int64(j.Status))}
	if j.Status == published {
		detail := []node{num("count", int64(len(j.Articles)))}
		for _, a := range j.Articles {
			detail = append(detail, branch("item", num("idx", int64(a.Idx)), text("article_url", a.URL)))
		}
		info = append(info, text("article_id", j.ArticleID), branch("article_detail", detail...))
	}
	for _, idx := range j.FailIdx {
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
	out := obj{"publish_id": c.publishID(job.ID), "publish_status": job.Status, "fail_idx": append([]int{}, job.FailIdx...)}
	if job.Status == published {
		items := []obj{}
		for _, a := range job.Articles {
			items = append(items, obj{"idx": a.Idx, "article_url": a.URL})
		}
		out["article_id"] = job.ArticleID
		out["article_detail"] = obj{"count": len(items), "item": items}
	}
	return out, nil
}

// jobOf finds a successful publication by its article_id.
func (s *Server) jobOf(articleID string) (*publishJob, error) {
	for _, job := range s.state.jobs {
		if job.ArticleID == articleID && articleID != "" {
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
	if in.Index < 0 || in.Index > len(job.Articles) {
		return nil, fail(40060)
	}
	for _, a := range job.Articles {
		if in.Index == 0 || a.Idx == in.Index {
			a.Deleted = true
		}
	}
	if !slices.ContainsFunc(job.Articles, func(a *article) bool { return !a.Deleted }) {
		c.pushLater(c.r.Context(), c.takeDown(job, userDeleted))
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
		"news_item": job.news(false), "create_time": job.StartedAt.Unix(), "update_time": job.FinishedAt.Unix(),
	}, nil
}

func (j *publishJob) news(bare bool) []draftArticle {
	list := []draftArticle{}
	for _, a := range j.Articles {
		item := a.draftArticle
		item.ImageInfo = nil // the pictures of a newspic are not returned
		deleted := a.Deleted || a.Banned
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
		if job.ArticleID != "" && job.Status != userDeleted {
			all = append(all, job)
		}
	}
	slices.SortFunc(all, func(a, b *publishJob) int { return int(b.ID - a.ID) })
	part, err := cut(all, in)
	if err != nil {
		return nil, err
	}
	items := []obj{}
	for _, job := range part {
		at := job.FinishedAt.Unix()
		content := obj{"news_item": job.news(bool(in.NoContent)), "create_time": at, "update_time": at}
		items = append(items, obj{"article_id": job.ArticleID, "content": content, "update_time": at})
	}
	return obj{"total_count": len(all), "item_count": len(items), "item": items}, nil
}

// ban takes a publication's articles down, as the platform does (publish_status 6). The documents list 5 and 6 among the
// results of PUBLISHJOBFINISH, so a second event tells of it.
func (s *Server) ban(parent context.Context, publishID int64) bool {
	job := s.state.jobs[publishID]
	if job == nil || job.ArticleID == "" {
		return false
	}
	s.pushLater(parent, s.takeDown(job, systemBanned))
	return true
}
