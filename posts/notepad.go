package posts

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/staff"
)

// Notepad keeps opaque bytes for a while: what is typed and not saved, and who has which post open.
type Notepad interface {
	// Get returns the bytes under the name, or a NotFound fault when there are none (any more).
	Get(ctx context.Context, name string) ([]byte, error)
	// Put keeps the bytes under the name for ttl, in place of what was there.
	Put(ctx context.Context, name string, data []byte, ttl time.Duration) error
	// Delete forgets the name; it is no error when there is nothing.
	Delete(ctx context.Context, name string) error
	// Update replaces the bytes with what change makes of them, atomically, for ttl. Change gets nil when there is
	// nothing, and returning nil forgets the name.
	Update(ctx context.Context, name string, ttl time.Duration, change func([]byte) ([]byte, error)) error
}

const (
	autosaveLife = 14 * 24 * time.Hour
	// presenceLife is how long a page counts as open after its last sign of life; pages give one every 20 seconds.
	presenceLife = time.Minute
)

// Autosave is what a member has typed into the form of a post and not saved: no version, no event, seen by nobody else.
type Autosave struct {
	Content Content   `json:"content"`
	Version int       `json:"version"` // of the post that was open
	At      time.Time `json:"at"`
}

// errNoNotepad says that this newsroom keeps nothing unsaved.
var errNoNotepad = fault.New(fault.Unavailable, "自动保存没有开启，请手动保存。")

func autosaveOf(memberID, postID string) string { return "autosave|" + memberID + "|" + postID }

// KeepUnsaved stores what a member has typed so far; postID is empty for a new post. It replaces what was kept before.
func (n *Newsroom) KeepUnsaved(ctx context.Context, by staff.Member, postID string, version int, c Content) error {
	if err := by.Require(staff.WritePosts, "撰写稿件"); err != nil {
		return err
	}
	if n.Notepad == nil {
		return errNoNotepad
	}
	data, err := json.Marshal(Autosave{c, version, n.now()})
	if err != nil {
		return fmt.Errorf("posts: encode what is unsaved: %w", err)
	}
	return n.Notepad.Put(ctx, autosaveOf(by.ID, postID), data, autosaveLife)
}

// Unsaved returns what the member has typed and not saved, or a NotFound fault. Nothing is left when the post already
// has that content.
func (n *Newsroom) Unsaved(ctx context.Context, by staff.Member, postID string) (Autosave, error) {
	if n.Notepad == nil {
		return Autosave{}, fault.New(fault.NotFound, "没有未保存的内容。")
	}
	data, err := n.Notepad.Get(ctx, autosaveOf(by.ID, postID))
	if err != nil {
		return Autosave{}, err
	}
	var a Autosave
	if err := json.Unmarshal(data, &a); err != nil {
		return a, fmt.Errorf("posts: decode what is unsaved: %w", err)
	}
	return a, nil
}

// ForgetUnsaved drops what the member has typed and not saved.
func (n *Newsroom) ForgetUnsaved(ctx context.Context, by staff.Member, postID string) error {
	if n.Notepad == nil {
		return nil
	}
	return n.Notepad.Delete(ctx, autosaveOf(by.ID, postID))
}

// Presence is a member who has a post open for writing.
type Presence struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Seen time.Time `json:"seen"`
}

// Attend notes that the member has the post open and returns who else has. Pages call it every 20 seconds; a member of
// whom nothing was heard for a minute is gone.
func (n *Newsroom) Attend(ctx context.Context, by staff.Member, postID string) ([]Presence, error) {
	if n.Notepad == nil {
		return nil, nil
	}
	var others []Presence
	err := n.Notepad.Update(ctx, "presence|"+postID, presenceLife, func(old []byte) ([]byte, error) {
		var all []Presence
		if old != nil {
			if err := json.Unmarshal(old, &all); err != nil {
				return nil, fmt.Errorf("posts: decode presence: %w", err)
			}
		}
		others = slices.DeleteFunc(all, func(p Presence) bool { return p.ID == by.ID || n.now().Sub(p.Seen) >= presenceLife })
		return json.Marshal(append(slices.Clone(others), Presence{by.ID, by.Name, n.now()}))
	})
	return others, err
}

// Leave notes that the member has closed the post.
func (n *Newsroom) Leave(ctx context.Context, by staff.Member, postID string) error {
	if n.Notepad == nil {
		return nil
	}
	return n.Notepad.Update(ctx, "presence|"+postID, presenceLife, func(old []byte) ([]byte, error) {
		var all []Presence
		if old == nil || json.Unmarshal(old, &all) != nil {
			return nil, nil
		}
		all = slices.DeleteFunc(all, func(p Presence) bool { return p.ID == by.ID })
		if len(all) == 0 {
			return nil, nil
		}
		return json.Marshal(all)
	})
}
