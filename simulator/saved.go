package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// savedVersion changes when an older file can no longer be read.
const savedVersion = 1

// saved is the state as it stands in the file: everything but the ordered faults.
type saved struct {
	Version   int
	Settings  Settings
	Tokens    tokens
	Quota     quota
	Menu      *menu
	Images    map[string]*image
	Media     map[string]*media
	Drafts    []*draft
	Jobs      map[int64]*publishJob
	Masses    []*massJob
	Articles  []*article
	Citizens  []*citizen
	Tags      []*tag
	QRCodes   map[string]*qrcode
	Consents  map[consent]int
	Templates map[string]int64
	Comments  []*comment
	Seq       int64
}

func (st *state) saved() saved {
	return saved{
		Version: savedVersion, Settings: st.settings, Tokens: st.tokens, Quota: st.quota, Menu: st.menu, Images: st.images,
		Media: st.media, Drafts: st.drafts, Jobs: st.jobs, Masses: st.masses, Articles: st.articles, Citizens: st.citizens,
		Tags: st.tags, QRCodes: st.qrcodes, Consents: st.consents, Templates: st.templates, Comments: st.comments, Seq: st.seq,
	}
}

// uploads are the bytes of pictures and materials by file name.
func (st *state) uploads() map[string][]byte {
	all := map[string][]byte{}
	for id, pic := range st.images {
		all[id] = pic.Data
	}
	for id, m := range st.media {
		all[id] = m.Data
	}
	return all
}

// readSaved reads a state file, or says why it cannot be used.
func readSaved(body []byte) (saved, error) {
	old := saved{Settings: DefaultSettings()} // an older file lacks newer settings
	if err := json.Unmarshal(body, &old); err != nil {
		return old, err
	}
	if old.Version != savedVersion {
		return old, fmt.Errorf("版本是 %d，不是 %d", old.Version, savedVersion)
	}
	if old.holes() {
		return old, errors.New("有缺项")
	}
	return old, old.Settings.check()
}

// holes tells whether a list has an empty entry, or a needed one is missing.
func (v saved) holes() bool {
	bad := len(v.Citizens) == 0 || slices.Contains(v.Citizens, nil) || slices.Contains(v.Drafts, nil) ||
		slices.Contains(v.Masses, nil) || slices.Contains(v.Articles, nil) || slices.Contains(v.Tags, nil) ||
		slices.Contains(v.Comments, nil)
	for _, d := range v.Drafts {
		bad = bad || d != nil && len(d.Articles) == 0
	}
	return bad || anyNil(v.Images) || anyNil(v.Media) || anyNil(v.Jobs) || anyNil(v.QRCodes)
}

func anyNil[K comparable, V any](m map[K]*V) bool {
	for _, v := range m {
		if v == nil {
			return true
		}
	}
	return false
}

// restore puts what was saved in place of a fresh state.
func (v saved) restore(st *state) {
	fresh := st.settings
	st.settings = v.Settings
	st.settings.Mode, st.settings.Kind = fresh.Mode, fresh.Kind
	if fresh.CallbackURL != "" { // without one from the program, the one entered on the page stays
		st.settings.CallbackURL = fresh.CallbackURL
	}
	st.tokens, st.quota, st.menu, st.seq = v.Tokens, v.Quota, v.Menu, v.Seq
	st.drafts, st.masses, st.articles, st.citizens = v.Drafts, v.Masses, v.Articles, v.Citizens
	st.tags, st.comments = v.Tags, v.Comments
	st.images, st.media, st.jobs = orEmpty(v.Images), orEmpty(v.Media), orEmpty(v.Jobs)
	st.qrcodes, st.consents, st.templates = orEmpty(v.QRCodes), orEmpty(v.Consents), orEmpty(v.Templates)
	st.tokens.Valid = orEmpty(st.tokens.Valid)
	st.quota.Used, st.quota.Minute = orEmpty(st.quota.Used), orEmpty(st.quota.Minute)
	for _, job := range st.jobs {
		job.Draft, job.Articles = st.draftByID(job.DraftID), st.articlesOf(job.MsgDataID)
	}
	for _, job := range st.masses {
		job.Draft, job.Articles = st.draftByID(job.DraftID), st.articlesOf(job.MsgDataID)
	}
}

func orEmpty[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return M{}
	}
	return m
}

func (st *state) draftByID(id string) *draft {
	for _, d := range st.drafts {
		if d.ID == id {
			return d
		}
	}
	return nil
}

func (st *state) articlesOf(msgDataID int64) []*article {
	var list []*article
	for _, a := range st.articles {
		if a.MsgDataID == msgDataID {
			list = append(list, a)
		}
	}
	return list
}

// resume goes on with what was being published or sent when the process ended, after the usual delay. What lost its
// draft fails.
func (s *Server) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	set := s.state.settings
	for _, job := range s.state.jobs {
		switch {
		case job.Status != publishing:
		case job.Draft == nil:
			job.Status, job.FinishedAt = publishFailed, s.clock.now()
		default:
			s.finishPublishAfter(lifetime{s.quit}, job, time.Duration(set.PublishDelayMS)*time.Millisecond)
		}
	}
	for _, job := range s.state.masses {
		switch {
		case job.Status != massSending:
		case job.AskedAdmin:
			s.awaitAdmin(job)
		case job.DraftID != "" && job.Draft == nil:
			job.Status, job.Reason = massFail, "send fail"
		default:
			s.finishMassAfter(lifetime{s.quit}, job, time.Duration(set.MassDelayMS)*time.Millisecond)
		}
	}
}

// lifetime is the context of work that no request started: it ends with Close.
type lifetime struct{ quit <-chan struct{} }

var _ context.Context = lifetime{}

// Deadline implements context.Context: there is none.
func (lifetime) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Done implements context.Context.
func (l lifetime) Done() <-chan struct{} { return l.quit }

// Err implements context.Context.
func (l lifetime) Err() error {
	select {
	case <-l.quit:
		return context.Canceled
	default:
		return nil
	}
}

// Value implements context.Context: it carries nothing.
func (lifetime) Value(any) any { return nil }
