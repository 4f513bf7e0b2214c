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

// Revision is one earlier content of a post. The content itself lies with the files.
type Revision struct {
	Number int       `json:"number"` // from 1
	At     time.Time `json:"at"`
	By     string    `json:"by"` // the writer's name at that time
	ByID   string    `json:"by_id"`
	Hash   string    `json:"hash"` // Content.Hash
	File   string    `json:"file"`
}

// keepRevision stores a content that is about to be the post's, and returns what makes it part of the record.
func (n *Newsroom) keepRevision(ctx context.Context, by staff.Member, c Content) (func(*Post), error) {
	if n.Files == nil {
		return func(*Post) {}, nil
	}
	data, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("posts: encode a revision: %w", err)
	}
	file, err := n.Files.SaveFile(ctx, data)
	if err != nil {
		return nil, fmt.Errorf("posts: keep a revision: %w", err)
	}
	hash, at := c.Hash(), n.now()
	return func(p *Post) {
		if last := len(p.Revisions) - 1; last >= 0 && p.Revisions[last].Hash == hash {
			return // saved again without a change
		}
		p.Revisions = append(slices.Clone(p.Revisions), Revision{len(p.Revisions) + 1, at, by.Name, by.ID, hash, file})
	}, nil
}

// RevisionContent returns the content of a revision by its number; what its file holds must be what was kept.
func (n *Newsroom) RevisionContent(ctx context.Context, p Post, number int) (Content, error) {
	if number < 1 || number > len(p.Revisions) {
		return Content{}, fault.Newf(fault.NotFound, "这篇稿件没有第 %d 个版本。", number)
	}
	r := p.Revisions[number-1]
	data, err := n.Files.File(ctx, r.File)
	if err != nil {
		return Content{}, fmt.Errorf("posts: load a revision: %w", err)
	}
	var c Content
	if err := json.Unmarshal(data, &c); err != nil {
		return Content{}, fmt.Errorf("posts: decode a revision: %w", err)
	}
	if c.Hash() != r.Hash {
		return Content{}, fault.New(fault.Conflict, "这个版本的内容与登记的指纹不符，不能使用。")
	}
	return c, nil
}

// RestoreRevision makes an earlier content the present one. Like every edit it voids the approvals, and what it replaces
// stays among the revisions.
func (n *Newsroom) RestoreRevision(ctx context.Context, by staff.Member, id string, version, number int) (Post, error) {
	p, err := n.Shelf.Post(ctx, id)
	if err != nil {
		return p, err
	}
	c, err := n.RevisionContent(ctx, p, number)
	if err != nil {
		return p, err
	}
	return n.edit(ctx, by, id, version, c, fmt.Sprintf("恢复第 %d 个版本。", number))
}

// Change is one difference between two contents.
type Change struct {
	Field string // title, byline, digest, markdown, cover, source_link, style, origin, source, topic, editor, kind, gallery
	Lines []Line
}

// Line is one line of a text with what became of it.
type Line struct {
	Kind LineKind
	Text string
}

// LineKind is what became of a line.
type LineKind byte

// The kinds of lines.
const (
	Same    LineKind = ' '
	Removed LineKind = '-'
	Added   LineKind = '+'
)

// Compare lists the fields that differ from one content to another, in the order of the form, each line by line.
func Compare(before, after Content) []Change {
	var changes []Change
	for _, f := range before.fields() {
		now := after.fields()[f.index].text
		if f.text != now {
			changes = append(changes, Change{f.name, diffLines(lines(f.text), lines(now))})
		}
	}
	return changes
}

// field is one field of the form as a text.
type field struct {
	index      int
	name, text string
}

func (c Content) fields() []field {
	source := ""
	if c.Source != nil {
		source = c.Source.Name + "\n" + c.Source.URL
	}
	list := []field{
		{0, "title", c.Title}, {0, "byline", c.Byline}, {0, "digest", c.Digest}, {0, "markdown", c.Markdown}, {0, "cover", c.Cover},
		{0, "source_link", c.SourceLink}, {0, "style", c.Style}, {0, "origin", c.Origin.Chinese()}, {0, "source", source},
		{0, "topic", c.Topic}, {0, "editor", c.Editor}, {0, "kind", c.Kind.Chinese()}, {0, "gallery", joinLines(c.Gallery)},
	}
	for i := range list {
		list[i].index = i
	}
	return list
}
