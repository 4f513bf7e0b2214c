package posts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
)

// Bundler is what sends of several articles and picture messages need of the account, besides Platform.
type Bundler interface {
	// AddBundle stores a draft of one to eight articles in their order and returns its media id (draft/add).
	AddBundle(ctx context.Context, articles []Article) (mediaID string, err error)
}

// MaxBundle is how many articles go out together at most (draft/add).
const MaxBundle = 8

// Companion is an article that goes out together with a leading one: its content as 终审 approved it.
type Companion struct {
	ID      string  `json:"id"`
	Content Content `json:"content"`
	Hash    string  `json:"hash"`
	Cover   string  `json:"cover,omitempty"` // media id of its cover
	// CoverURL is where everybody can see the cover.
	CoverURL string `json:"cover_url,omitempty"`
}

// draftHash is the fingerprint of all that the platform's draft holds.
func (p Post) draftHash() string {
	hash := p.Content.Hash()
	if len(p.Bundle) == 0 {
		return hash
	}
	all := []string{hash}
	for _, c := range p.Bundle {
		all = append(all, c.Hash)
	}
	sum := sha256.Sum256([]byte(strings.Join(all, "|")))
	return hex.EncodeToString(sum[:])
}

// Combine makes approved posts go out together with a leading one, in the order given, as its second article and so on.
// They are locked until they are out, or until Combine is called again without them.
func (n *Newsroom) Combine(ctx context.Context, by staff.Member, leadID string, ids []string) (Post, error) {
	if err := by.Require(staff.PublishPosts, "组合发布"); err != nil {
		return Post{}, err
	}
	lead, err := n.Shelf.Post(ctx, leadID)
	if err != nil {
		return lead, err
	}
	if err := n.combinable(lead, ids); err != nil {
		return lead, err
	}
	var bundle []Companion
	for _, id := range ids {
		c, err := n.join(ctx, by, id, leadID)
		if err != nil {
			return lead, err
		}
		bundle = append(bundle, c)
	}
	after, err := n.change(ctx, by, leadID, CombinePosts, func(p *Post) (string, error) {
		if p.Publication.begunSubmit() || p.Lead != "" {
			return "", fault.New(fault.Conflict, "这篇稿件现在不能与别的稿件组合。")
		}
		p.Bundle = bundle
		return "与另外 " + count(len(bundle)) + " 篇稿件一起发布。", nil
	})
	if err != nil {
		return after, err
	}
	for _, c := range lead.Bundle { // those that are no longer in it
		if _, err := n.Advance(ctx, c.ID); err != nil {
			return after, err
		}
	}
	return after, nil
}

func count(n int) string { return string([]rune("零一二三四五六七八九")[min(n, 9)]) }

func (n *Newsroom) combinable(lead Post, ids []string) error {
	switch {
	case n.Bundles == nil:
		return fault.New(fault.Conflict, "本系统没有开通多篇图文。")
	case len(ids) >= MaxBundle:
		return fault.Newf(fault.Invalid, "一次最多发布 %d 篇，请减少。", MaxBundle)
	case lead.Channel != Account || lead.Content.Kind != News:
		return fault.New(fault.Invalid, "只有公众号的图文稿件可以组合。")
	case slices.Contains(ids, lead.ID):
		return fault.New(fault.Invalid, "稿件不能与自己组合。")
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return fault.New(fault.Invalid, "同一篇稿件选了两次。")
		}
	}
	return lead.clone().move(CombinePosts)
}

func (p Post) clone() *Post { return &p }

// join locks an approved post to a leading one; one that is locked to it already stays so.
func (n *Newsroom) join(ctx context.Context, by staff.Member, id, leadID string) (Companion, error) {
	p, err := n.Shelf.Post(ctx, id)
	if err == nil && (p.State != Combined || p.Lead != leadID) {
		p, err = n.change(ctx, by, id, Join, func(p *Post) (string, error) {
			if p.Channel != Account || p.Content.Kind != News || len(p.Bundle) > 0 || p.Content.Hash() != p.ApprovedHash {
				return "", fault.New(fault.Conflict, "《"+p.Content.Title+"》不能与别的稿件组合。")
			}
			p.Lead = leadID
			return "随另一篇稿件一起发布。", nil
		})
	}
	return Companion{ID: p.ID, Content: p.Content, Hash: p.ApprovedHash}, err
}

// follow does for a combined post what became of its leading one: published with it, or free again.
func (n *Newsroom) follow(ctx context.Context, p Post) (Post, bool, error) {
	lead, err := n.Shelf.Post(ctx, p.Lead)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return p, false, err
	}
	place := slices.IndexFunc(lead.Bundle, func(c Companion) bool { return c.ID == p.ID })
	switch {
	case lead.Publication.PublishedAt.IsZero() && place >= 0 && lead.State != Withdrawn:
		return p, false, nil
	case place < 0 && n.now().Sub(p.UpdatedAt) < lease && lead.State != Withdrawn:
		return p, false, nil // somebody is just combining them
	}
	after, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if q.State != Combined || q.Lead != p.Lead {
			return errMoved
		}
		if place < 0 || lead.Publication.PublishedAt.IsZero() {
			return n.free(q)
		}
		return n.publishedWith(q, lead, place)
	})
	return after, false, err
}

func (n *Newsroom) free(p *Post) error {
	p.Lead = ""
	if err := p.move(LeaveBundle); err != nil {
		return err
	}
	n.record(p, staff.System, LeaveBundle, "不再随另一篇稿件一起发布。")
	return nil
}

// publishedWith completes a combined post after its leading one, whose articles count from 0.
func (n *Newsroom) publishedWith(p *Post, lead Post, place int) error {
	from, to := lead.Publication, &p.Publication
	to.MsgDataID, to.SubmittedAt, to.Steps, to.Attempt = from.MsgDataID, from.SubmittedAt, nil, 0
	st := PublishStatus{State: PublishDone, ArticleID: from.ArticleID, At: from.PublishedAt}
	if place+1 < len(from.URLs) {
		st.URL = from.URLs[place+1]
	}
	p.Method = lead.Method
	to.Images, to.CoverURL = from.Images, lead.Bundle[place].CoverURL
	to.judge(lead.Verdict(), n.now(), verdictItems(from, place+2)...)
	if lead.State == Withdrawn {
		return n.removed(p, st)
	}
	return n.complete(p, st)
}

// verdictItems are those of one article, counted from 1.
func verdictItems(p Publication, index int) []VerdictItem {
	if p.Verdict == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.Verdict.Items), func(v VerdictItem) bool { return v.Index != index })
}
