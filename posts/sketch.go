package posts

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"

	"shoushan/fault"
	"shoushan/workday"
)

// Sketch is what is kept beside a post so that those like a text are found without reading every post: a hash of the title,
// the number of the text's pieces, and a sample of them. It is bytes, a few more than a hundred.
type Sketch string

// Sketches keeps the sketch of every post.
type Sketches interface {
	// EachSketch calls see with the sketch of every post that was created in the Beijing year, in no order.
	EachSketch(ctx context.Context, year int, see func(id string, s Sketch)) error
}

const (
	// sampleSize is how many pieces a sketch keeps. Of texts that have half of their pieces in common about one in a thousand
	// pairs is missed, of excerpts from a text ten times their length one in thirty.
	sampleSize = 32
	// sketchHead is the length in bytes of what stands before the sample.
	sketchHead = 8
	// suspectAt is the share of common pieces, by the sample, from which a post is read and compared.
	suspectAt = likeAt / 2
	// mostSuspects bounds how many posts are read for one comparison; those most alike come first.
	mostSuspects = 100
)

// SketchOf takes the sketch of a post.
func SketchOf(p Post) Sketch {
	set := piecesOf(p.Content.Markdown)
	mixed := make([]uint64, 0, len(set))
	for h := range set {
		mixed = append(mixed, mix(h))
	}
	slices.Sort(mixed)
	data := binary.LittleEndian.AppendUint32(nil, titleMark(p.Content.Title))
	data = binary.LittleEndian.AppendUint32(data, uint32(len(set)))
	for _, m := range mixed[:min(len(mixed), sampleSize)] {
		data = binary.LittleEndian.AppendUint32(data, uint32(m))
	}
	return Sketch(data)
}

// mix spreads a hash, so that the smallest are a fair sample; the low half is what the sketch keeps of it.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return h ^ h>>33
}

// titleMark tells titles apart; 0 stands for none.
func titleMark(title string) uint32 {
	title = bare(title)
	if title == "" {
		return 0
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(title)) // never fails
	return max(h.Sum32(), 1)
}

// probe is a text against which sketches are held.
type probe struct {
	title uint32
	size  int
	marks map[uint32]struct{}
	maybe [1 << 16]bool // by the low bits of the marks: most of what is not there is told apart here
}

func newProbe(c Content) *probe {
	set := piecesOf(c.Markdown)
	q := &probe{title: titleMark(c.Title), size: len(set), marks: make(map[uint32]struct{}, len(set))}
	for h := range set {
		mark := uint32(mix(h))
		q.marks[mark] = struct{}{}
		q.maybe[mark&0xffff] = true
	}
	return q
}

// share guesses what part of the smaller text is common, from 0 to 1; the same title counts as alike.
func (q *probe) share(s Sketch) float64 {
	if len(s) < sketchHead {
		return 0
	}
	share := 0.0
	if title := word(s, 0); title != 0 && title == q.title {
		share = likeAt
	}
	size, sampled := int(word(s, 4)), (len(s)-sketchHead)/4
	least := min(size, q.size)
	if least < leastPieces || sampled == 0 {
		return share
	}
	common := 0
	for at := sketchHead; at+4 <= len(s); at += 4 {
		if mark := word(s, at); q.maybe[mark&0xffff] {
			if _, both := q.marks[mark]; both {
				common++
			}
		}
	}
	return max(share, float64(common*size)/float64(sampled*least))
}

// word reads the four bytes of a sketch at the place.
func word(s Sketch, at int) uint32 {
	return uint32(s[at]) | uint32(s[at+1])<<8 | uint32(s[at+2])<<16 | uint32(s[at+3])<<24
}

// suspects reads the recent posts that may be like the content: by their sketches where those are kept, else all.
func (n *Newsroom) suspects(ctx context.Context, c Content) ([]Post, error) {
	if n.Sketches == nil {
		return n.recent(ctx)
	}
	ids, err := n.suspectIDs(ctx, newProbe(c))
	if err != nil {
		return nil, err
	}
	var out []Post
	for _, id := range ids {
		p, err := n.Shelf.Post(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n.isRecent(p) {
			out = append(out, p)
		}
	}
	return out, nil
}

// suspectIDs holds the text against the sketches of three years: what is published last year may have been begun the year
// before. It returns those most alike.
func (n *Newsroom) suspectIDs(ctx context.Context, q *probe) ([]string, error) {
	shares := map[string]float64{}
	year := workday.Of(n.now()).Year()
	for _, created := range []int{year, year - 1, year - 2} {
		if err := n.Sketches.EachSketch(ctx, created, func(id string, s Sketch) {
			if share := q.share(s); share >= suspectAt {
				shares[id] = share
			}
		}); err != nil {
			return nil, err
		}
	}
	ids := slices.SortedFunc(maps.Keys(shares), func(a, b string) int { return cmp.Or(cmp.Compare(shares[b], shares[a]), cmp.Compare(b, a)) })
	return ids[:min(len(ids), mostSuspects)], nil
}
