package posts

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Suggestion is what the system makes of an item's origin from its text. It is shown to the editor with its evidence and
// is kept apart from the declaration and from the platform's verdict.
type Suggestion struct {
	Origin   Origin     `json:"origin"`
	Evidence []Evidence `json:"evidence,omitempty"`
	At       time.Time  `json:"at"`
	Hash     string     `json:"hash"` // of the content that was looked at
}

// Evidence is one sign for an origin.
type Evidence struct {
	Kind  EvidenceKind `json:"kind"`
	For   Origin       `json:"for"`
	Text  string       `json:"text"`  // a Chinese sentence that quotes what was found
	Score int          `json:"score"` // the weight, 1 to 10
}

// EvidenceKind is where a sign was found.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidenceSourceLine EvidenceKind = "source_line" // 来源：…
	EvidenceWording    EvidenceKind = "wording"     // the usual words of agencies, or of an office about itself
	EvidenceDomain     EvidenceKind = "domain"      // a link to an approved source
	EvidenceSimilar    EvidenceKind = "similar"     // alike an earlier item
)

// signs are turns of phrase that betray where a text was written.
var signs = []struct {
	kind    EvidenceKind
	pattern *regexp.Regexp
	score   int
}{
	{EvidenceSourceLine, regexp.MustCompile(`(?m)(来源|转自|转载自|稿源|原标题|原文链接)\s*[:：]\s*\S{1,30}`), 6},
	{EvidenceWording, regexp.MustCompile(`新华社\S{2,12}\d{1,2}月\d{1,2}日电`), 8},
	{EvidenceWording, regexp.MustCompile(`(本报|本台|本网)\S{0,6}讯`), 6},
	{EvidenceWording, regexp.MustCompile(`据\S{2,16}(报道|消息)`), 3},
	{EvidenceWording, regexp.MustCompile(`[（(]\s*记者\s*\S{2,12}`), 4},
}

// Suggest weighs the signs in a content. It looks at earlier items for those like it.
func (n *Newsroom) Suggest(ctx context.Context, c Content, without string) (Suggestion, error) {
	rules, err := n.Rules(ctx)
	if err != nil {
		return Suggestion{}, err
	}
	s := Suggestion{Evidence: rules.evidence(c), At: n.now(), Hash: c.Hash()}
	alike, err := n.AlikeTo(ctx, c, without)
	if err != nil {
		return s, err
	}
	s.Evidence = append(s.Evidence, similarEvidence(alike)...)
	s.Origin = weigh(s.Evidence)
	return s, nil
}

func (r Rules) evidence(c Content) []Evidence {
	var found []Evidence
	for _, sign := range signs {
		if hit := sign.pattern.FindString(c.Markdown); hit != "" {
			found = append(found, Evidence{sign.kind, Repost, "正文里有“" + shorten(strings.TrimSpace(hit)) + "”。", sign.score})
		}
	}
	for _, link := range append([]string{c.SourceLink}, linksOf(c.Markdown)...) {
		if s, known := r.Source(link); known && !within(hostOf(link), []string{"mp.weixin.qq.com"}) {
			found = append(found, Evidence{EvidenceDomain, Repost, "链接指向稿源“" + s.Name + "”（" + hostOf(link) + "）。", 4})
			break
		}
	}
	if i := slices.IndexFunc(r.Local, func(w string) bool { return strings.Contains(c.Markdown, w) }); i >= 0 {
		found = append(found, Evidence{EvidenceWording, Original, "正文写的是本地的事，有“" + r.Local[i] + "”。", 5})
	}
	return found
}

// similarEvidence takes what an earlier item like this one was declared as.
func similarEvidence(alike []Alike) []Evidence {
	for _, a := range alike {
		if a.Post.Content.Origin == Repost {
			return []Evidence{{EvidenceSimilar, Repost, fmt.Sprintf("与转载稿《%s》有 %d%% 的文字相同。", a.Post.Content.Title, int(a.Share*100)), 6}}
		}
	}
	return nil
}

// weigh returns the origin with the greater weight; an item without signs is taken for an original.
func weigh(all []Evidence) Origin {
	sum := 0
	for _, e := range all {
		if e.For == Repost {
			sum += e.Score
		} else {
			sum -= e.Score
		}
	}
	if sum > 0 {
		return Repost
	}
	return Original
}

// OriginDifference is an item on which the declaration, the suggestion and the platform's verdict do not agree.
type OriginDifference struct {
	Post     Post
	Declared Origin
	Suggests Origin      // "" when it agrees or nothing was suggested
	Verdict  VerdictKind // NoVerdict when it agrees or none was given
	Message  string
}

// OriginDifferences lists the items of a Beijing year, and those on their way, whose declaration is contradicted. The
// declaration stays what it is; a person decides.
func (n *Newsroom) OriginDifferences(ctx context.Context, year int) ([]OriginDifference, error) {
	var found []OriginDifference
	for _, q := range []Query{{PublishedYear: year}, {States: []State{InReview, Approved, Scheduled, Failed, OutcomeUnknown, AwaitingPerson, AwaitingAdmin}}} {
		some, err := n.Shelf.Posts(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("posts: list differences: %w", err)
		}
		for _, p := range some {
			if q.PublishedYear == 0 && !p.Publication.PublishedAt.IsZero() {
				continue // listed with its year
			}
			if d, differs := p.originDifference(); differs {
				found = append(found, d)
			}
		}
	}
	return found, nil
}

func (p Post) originDifference() (OriginDifference, bool) {
	d := OriginDifference{Post: p, Declared: p.Content.Origin}
	if p.Suggestion != nil && p.Suggestion.Hash == p.Content.Hash() && p.Suggestion.Origin != d.Declared {
		d.Suggests = p.Suggestion.Origin
		d.Message = "声明为" + d.Declared.Chinese() + "，但文字像" + d.Suggests.Chinese() + "。"
	}
	if d.Declared == Original && p.Verdict().Reprint() {
		d.Verdict = p.Verdict()
		d.Message += "声明为原创，但平台" + d.Verdict.Chinese() + "。"
	}
	return d, d.Message != ""
}
