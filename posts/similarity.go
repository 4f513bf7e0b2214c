package posts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"shoushan/workday"
)

const (
	// shingle is the length in characters of the pieces by which texts are compared.
	shingle = 6
	// duplicateAt and likeAt are the shares of common pieces from which an item counts as a duplicate, or as alike.
	duplicateAt = 0.8
	likeAt      = 0.5
	// leastPieces is the size below which a text is too short to be compared.
	leastPieces = 20
)

// pieces is the set of all runs of characters of a text, hashed.
type pieces map[uint64]struct{}

// piecesOf takes a text apart, without punctuation and layout.
func piecesOf(text string) pieces {
	var letters []rune
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters = append(letters, unicode.ToLower(r))
		}
	}
	set := make(pieces, max(0, len(letters)-shingle+1))
	for i := 0; i+shingle <= len(letters); i++ {
		set[hashOf(letters[i:i+shingle])] = struct{}{}
	}
	return set
}

// hashOf is FNV-1a over whole characters.
func hashOf(letters []rune) uint64 {
	h := uint64(14695981039346656037)
	for _, r := range letters {
		h = (h ^ uint64(r)) * 1099511628211
	}
	return h
}

// likeness is the share of the smaller set's pieces that are in the other too, so that an excerpt is alike its original.
func likeness(a, b pieces) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < leastPieces {
		return 0
	}
	common := 0
	for p := range a {
		if _, both := b[p]; both {
			common++
		}
	}
	return float64(common) / float64(len(a))
}

// Alike is an earlier item with the share of text that it has in common.
type Alike struct {
	Post  Post
	Share float64 // 0 to 1
}

// AlikeTo lists the items of this year and the last that have the title or half of the text of the content, most alike
// first. without is the id of the item itself.
func (n *Newsroom) AlikeTo(ctx context.Context, c Content, without string) ([]Alike, error) {
	mine, title := piecesOf(c.Markdown), bare(c.Title)
	var found []Alike
	earlier, err := n.suspects(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, p := range earlier {
		if p.ID == without || p.State == Withdrawn {
			continue
		}
		share := likeness(mine, piecesOf(p.Content.Markdown))
		if title != "" && bare(p.Content.Title) == title {
			share = max(share, likeAt)
		}
		if share >= likeAt {
			found = append(found, Alike{p, share})
		}
	}
	slices.SortStableFunc(found, func(a, b Alike) int { return int((b.Share - a.Share) * 1000) })
	return found, nil
}

// underWay are the states of posts that are on their way to their readers.
var underWay = []State{InReview, Approved, Scheduled, Publishing, AwaitingAdmin, AwaitingPerson, OutcomeUnknown}

// isRecent reports whether a post was published this year or last, or is on its way.
func (n *Newsroom) isRecent(p Post) bool {
	year, at := workday.Of(n.now()).Year(), p.Publication.PublishedAt
	return slices.Contains(underWay, p.State) || !at.IsZero() && workday.Of(at).Year() >= year-1
}

// recent lists what was published this year and last, and what is on its way.
func (n *Newsroom) recent(ctx context.Context) ([]Post, error) {
	year := workday.Of(n.now()).Year()
	var all []Post
	for _, q := range []Query{{PublishedYear: year}, {PublishedYear: year - 1}, {States: underWay}} {
		some, err := n.Shelf.Posts(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("posts: list recent items: %w", err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// bare is a title without punctuation and layout.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// dayOf is the Beijing day of an item, for a sentence.
func dayOf(p Post) string {
	at := p.Publication.PublishedAt
	if at.IsZero() {
		at = p.UpdatedAt
	}
	return at.In(workday.Beijing).Format(time.DateOnly)
}
