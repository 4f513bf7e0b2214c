package posts

import (
	"context"
	"slices"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
)

// ReviewPath says which rounds an item goes through (《政府信息发布审核制度》 分级审核) and, where it is laid down, who may
// decide each. Empty conditions match every item.
type ReviewPath struct {
	Name           string             `json:"name"`
	Channel        Channel            `json:"channel,omitempty"`
	Origin         Origin             `json:"origin,omitempty"`
	Topic          string             `json:"topic,omitempty"`
	ApprovedSource bool               `json:"approved_source,omitempty"` // only what is taken over from an approved source
	Rounds         []Round            `json:"rounds"`                    // in their order; the last is always 终审
	Who            map[Round][]string `json:"who,omitempty"`             // ids of members; none means everybody with the right
}

// ReviewPlan is the office's configuration of 三审: the first path whose conditions hold is an item's own; Usual is for all
// others.
type ReviewPlan struct {
	Paths []ReviewPath `json:"paths,omitempty"`
	Usual ReviewPath   `json:"usual"`
}

const (
	reviewPlanName = "newsroom:review"
	maxPaths       = 20
)

// DefaultReviewPlan sends every item through all three rounds.
func DefaultReviewPlan() ReviewPlan {
	return ReviewPlan{Usual: ReviewPath{Name: "三审", Rounds: Rounds()}}
}

// ReviewPlan returns the plan in force.
func (n *Newsroom) ReviewPlan(ctx context.Context) (ReviewPlan, error) {
	plan, err := drawer[ReviewPlan](ctx, n.Cabinet, reviewPlanName)
	if len(plan.Usual.Rounds) == 0 {
		return DefaultReviewPlan(), err
	}
	return plan, err
}

// SaveReviewPlan replaces the plan; items that are under review keep the path with which they were submitted. It needs the
// right to change settings: who decides must not also lay down who decides.
func (n *Newsroom) SaveReviewPlan(ctx context.Context, by staff.Member, plan ReviewPlan) error {
	if err := by.Require(staff.ManageSettings, "设置审核流程"); err != nil {
		return err
	}
	if len(plan.Paths) > maxPaths {
		return fault.Newf(fault.Invalid, "简化流程最多 %d 条。", maxPaths)
	}
	for _, path := range append(slices.Clone(plan.Paths), plan.Usual) {
		if err := path.check(); err != nil {
			return err
		}
	}
	if plan.Usual.Channel != "" || plan.Usual.Origin != "" || plan.Usual.Topic != "" || plan.Usual.ApprovedSource {
		return fault.New(fault.Invalid, "一般流程适用于所有稿件，不能设条件。")
	}
	return refile(ctx, n.Cabinet, reviewPlanName, func(old *ReviewPlan) error {
		*old = plan
		return nil
	})
}

// check refuses a path that no item could go through, or that nobody would have approved at its end.
func (r ReviewPath) check() error {
	place := -1
	for _, round := range r.Rounds {
		i := slices.Index(Rounds(), round)
		if i <= place {
			return fault.Newf(fault.Invalid, "“%s”的审核轮次要按初审、复审、终审的顺序，每一轮只有一次。", r.Name)
		}
		place = i
	}
	switch {
	case strings.TrimSpace(r.Name) == "":
		return fault.New(fault.Invalid, "请给每个审核流程起一个名称。")
	case len(r.Rounds) == 0 || r.Rounds[len(r.Rounds)-1] != Final:
		return fault.Newf(fault.Invalid, "“%s”缺少终审。任何稿件都要经过终审才能发布（先审后发）。", r.Name)
	}
	return nil
}

// pathOf returns the path that the plan has for a post.
func (plan ReviewPlan) pathOf(p Post, rules Rules) ReviewPath {
	for _, path := range plan.Paths {
		if path.fits(p, rules) {
			return path
		}
	}
	return plan.Usual
}

func (r ReviewPath) fits(p Post, rules Rules) bool {
	c := p.Content
	switch {
	case r.Channel != "" && r.Channel != p.Channel, r.Origin != "" && r.Origin != c.Origin, r.Topic != "" && r.Topic != c.Topic:
		return false
	case !r.ApprovedSource:
		return true
	}
	if c.Origin != Repost || c.Source == nil {
		return false
	}
	_, byAddress := rules.Source(c.Source.URL)
	return byAddress // a name alone proves nothing
}

// PathFor returns the path that a post would take if it were submitted now.
func (n *Newsroom) PathFor(ctx context.Context, p Post) (ReviewPath, error) {
	plan, err := n.ReviewPlan(ctx)
	if err != nil || len(plan.Paths) == 0 {
		return plan.Usual, err
	}
	rules, err := n.Rules(ctx)
	return plan.pathOf(p, rules), err
}

// named reports whether the round is left to certain members, and whether the member is one of them.
func (p Post) named(round Round, by staff.Member) (kept, named bool) {
	who := p.Deciders[round]
	return len(who) > 0, slices.Contains(who, by.ID)
}
