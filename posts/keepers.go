package posts

import (
	"context"
	"slices"
	"strings"

	"shoushan/staff"
)

const keepersName = "newsroom:keepers"

// Keepers are the members who answer for the account being kept up to date (更新责任人): they are warned of silence. Nobody
// named means everyone who may publish.
func (n *Newsroom) Keepers(ctx context.Context) ([]string, error) {
	return drawer[[]string](ctx, n.Cabinet, keepersName)
}

// SaveKeepers names the members by their ids. It needs the right to change settings.
func (n *Newsroom) SaveKeepers(ctx context.Context, by staff.Member, ids []string) error {
	if err := by.Require(staff.ManageSettings, "指定更新责任人"); err != nil {
		return err
	}
	var kept []string
	for _, id := range ids {
		if id = strings.TrimSpace(id); id != "" && !slices.Contains(kept, id) {
			kept = append(kept, id)
		}
	}
	return refile(ctx, n.Cabinet, keepersName, func(old *[]string) error {
		*old = kept
		return nil
	})
}
