package posts

import (
	"context"
	"slices"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
)

const (
	topicsName = "newsroom:topics"
	maxTopics  = 60
)

// DefaultTopics are the topics of the town's own report before staff define others.
func DefaultTopics() []string {
	return []string{"疫情防控", "人居环境“六乱”整治", "防汛救灾", "森林防火", "安全生产", "乡村振兴", "党的建设", "民生服务"}
}

// Topics returns the topics that items can be sorted under.
func (n *Newsroom) Topics(ctx context.Context) ([]string, error) {
	topics, err := drawer[[]string](ctx, n.Cabinet, topicsName)
	if topics == nil {
		topics = DefaultTopics()
	}
	return topics, err
}

// SaveTopics replaces the topics. Items keep the topic that they have; one that is no longer listed stays in the figures.
func (n *Newsroom) SaveTopics(ctx context.Context, by staff.Member, topics []string) error {
	if !by.May(staff.PublishPosts) {
		if err := by.Require(staff.ManageSettings, "维护专题"); err != nil {
			return err
		}
	}
	var kept []string
	for _, t := range topics {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(kept, t) {
			kept = append(kept, t)
		}
	}
	if len(kept) == 0 || len(kept) > maxTopics {
		return fault.Newf(fault.Invalid, "专题要有 1 到 %d 个。", maxTopics)
	}
	return refile(ctx, n.Cabinet, topicsName, func(old *[]string) error {
		*old = kept
		return nil
	})
}
