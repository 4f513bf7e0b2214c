package bot

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"shoushan/fault"
)

// CallRow is a citizen whom WeChat does not let us reach: somebody has to phone (需要打电话).
type CallRow struct {
	ID     string    `json:"id"` // random, for addresses
	OpenID string    `json:"open_id"`
	Since  time.Time `json:"since"` // of the first message that did not get through
	Texts  []string  `json:"texts"` // what the citizen has to be told, oldest first
	Why    string    `json:"why"`   // what Notify said of the last
}

// Calls is the list of those who have to be phoned. It is a help for staff: the register of requests stays the record.
type Calls struct {
	Papers Papers
	Now    func() time.Time
}

const callList = "list" // one list for the account; it is short

func (c *Calls) change(ctx context.Context, change func([]CallRow) ([]CallRow, error)) error {
	return ChangePaper(ctx, c.Papers, callList, 0, func(rows *[]CallRow) (keep bool, err error) {
		*rows, err = change(*rows)
		return len(*rows) > 0, err
	})
}

// Ask puts a text on the citizen's row.
func (c *Calls) Ask(ctx context.Context, openID, text, why string) error {
	return c.change(ctx, func(rows []CallRow) ([]CallRow, error) {
		i := slices.IndexFunc(rows, func(r CallRow) bool { return r.OpenID == openID })
		if i < 0 {
			return append(rows, CallRow{ID: rand.Text()[:12], OpenID: openID, Since: c.Now().UTC(), Texts: []string{text}, Why: why}), nil
		}
		rows[i].Texts, rows[i].Why = append(rows[i].Texts, text), why
		return rows, nil
	})
}

// Rows lists who has to be phoned, who waits longest first.
func (c *Calls) Rows(ctx context.Context) ([]CallRow, error) {
	rows, err := ReadPaper[[]CallRow](ctx, c.Papers, callList)
	slices.SortStableFunc(rows, func(a, b CallRow) int { return a.Since.Compare(b.Since) })
	return rows, err
}

// Done takes a row off the list because somebody has phoned, and returns it; a row that is gone is NotFound.
func (c *Calls) Done(ctx context.Context, id string) (row CallRow, err error) {
	err = c.change(ctx, func(rows []CallRow) ([]CallRow, error) {
		i := slices.IndexFunc(rows, func(r CallRow) bool { return r.ID == id })
		if i < 0 {
			return nil, fault.New(fault.NotFound, "这一条已经不在了：对方可能已经在微信里看到消息。")
		}
		row = rows[i]
		return slices.Delete(rows, i, i+1), nil
	})
	return row, err
}

// Reached takes the citizen's row off the list because the texts were shown in WeChat.
func (c *Calls) Reached(ctx context.Context, openID string) error {
	rows, err := ReadPaper[[]CallRow](ctx, c.Papers, callList) // most contacts concern nobody on the list: do not write
	if err != nil || !slices.ContainsFunc(rows, func(r CallRow) bool { return r.OpenID == openID }) {
		return err
	}
	return c.change(ctx, func(rows []CallRow) ([]CallRow, error) {
		return slices.DeleteFunc(rows, func(r CallRow) bool { return r.OpenID == openID }), nil
	})
}
