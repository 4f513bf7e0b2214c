package posts

import "time"

// VerdictKind is what the platform's originality check (原创校验) said about an article. It stands beside the editor's
// declaration and never replaces it.
type VerdictKind string

// The verdicts. The platform gives none for most articles.
const (
	NoVerdict         VerdictKind = ""
	NotReprint        VerdictKind = "not_reprint"        // CheckState 1
	ReprintAllowed    VerdictKind = "reprint_allowed"    // CheckState 2
	ReprintForbidden  VerdictKind = "reprint_forbidden"  // CheckState 3
	OriginalityFailed VerdictKind = "originality_failed" // publish_status 2
)

var verdictNames = map[VerdictKind]string{
	NoVerdict: "没有给出", NotReprint: "未发现相同的原创文章", ReprintAllowed: "判为转载，允许转载", ReprintForbidden: "判为转载，不允许转载",
	OriginalityFailed: "原创校验没有通过",
}

// Chinese returns the verdict as people see it.
func (v VerdictKind) Chinese() string { return verdictNames[v] }

// Reprint reports whether the platform takes the article for somebody else's.
func (v VerdictKind) Reprint() bool {
	return v == ReprintAllowed || v == ReprintForbidden || v == OriginalityFailed
}

// VerdictOf translates the CheckState of MASSSENDJOBFINISH; 0 and unknown values are no verdict.
func VerdictOf(checkState int) VerdictKind {
	return map[int]VerdictKind{1: NotReprint, 2: ReprintAllowed, 3: ReprintForbidden}[checkState]
}

// Verdict is the platform's word on the originality of what was published, as it came.
type Verdict struct {
	Kind  VerdictKind   `json:"kind"`
	At    time.Time     `json:"at"`
	Items []VerdictItem `json:"items,omitempty"`
}

// VerdictItem is the verdict on one article of a mass send. The meanings of DeclareState, AuditState and OriginalType are
// not published by Tencent: they are kept as they came and decide nothing.
type VerdictItem struct {
	Index         int    `json:"index"` // from 1
	OriginalURL   string `json:"original_url,omitempty"`
	Replaced      bool   `json:"replaced,omitempty"` // the text was replaced by the original's
	SourceShown   bool   `json:"source_shown,omitempty"`
	MayReprint    bool   `json:"may_reprint,omitempty"`
	DeclareState  string `json:"declare_state,omitempty"`
	AuditState    string `json:"audit_state,omitempty"`
	OriginalsType string `json:"originals_type,omitempty"`
}

// judge keeps a verdict; no verdict leaves an earlier one.
func (p *Publication) judge(kind VerdictKind, at time.Time, items ...VerdictItem) {
	if kind != NoVerdict {
		p.Verdict = &Verdict{kind, at, items}
	}
}

// Verdict returns what the platform said about the post's originality, NoVerdict when nothing.
func (p Post) Verdict() VerdictKind {
	if p.Publication.Verdict == nil {
		return NoVerdict
	}
	return p.Publication.Verdict.Kind
}
