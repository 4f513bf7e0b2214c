package posts

import (
	"slices"
	"time"
)

// Publication is what is known about a post's way to its readers. Each step is recorded before and after it is taken.
type Publication struct {
	Attempt      int               `json:"attempt,omitempty"` // counts from 1; a person starts each one
	ClaimedAt    time.Time         `json:"claimed_at,omitzero"`
	Doubt        bool              `json:"doubt,omitempty"`  // it may already be out: look before submitting
	Since        time.Time         `json:"since,omitzero"`   // when it can have been published at the earliest
	Images       map[string]string `json:"images,omitempty"` // file id → address on the platform
	CoverMediaID string            `json:"cover_media_id,omitempty"`
	CoverURL     string            `json:"cover_url,omitempty"`  // of the cover on the platform
	MediaID      string            `json:"media_id,omitempty"`   // of the platform's draft
	DraftHash    string            `json:"draft_hash,omitempty"` // Content.Hash of what the draft holds
	PublishID    string            `json:"publish_id,omitempty"`
	MsgDataID    string            `json:"msg_data_id,omitempty"`
	MsgID        string            `json:"msg_id,omitempty"`        // of a mass send
	ClientMsgID  string            `json:"client_msg_id,omitempty"` // by which the platform knows a repeated mass send
	MassSerial   int               `json:"mass_serial,omitempty"`   // mass sends that the platform ended without sending
	Reach        *Reach            `json:"reach,omitempty"`         // of a mass send
	Verdict      *Verdict          `json:"verdict,omitempty"`       // the platform's, beside the declaration, never instead of it
	ArticleID    string            `json:"article_id,omitempty"`
	URL          string            `json:"url,omitempty"`  // the permanent link
	URLs         []string          `json:"urls,omitempty"` // of all articles that went out together
	SubmittedAt  time.Time         `json:"submitted_at,omitzero"`
	CheckedAt    time.Time         `json:"checked_at,omitzero"`   // when an unknown outcome was last looked into
	PublishedAt  time.Time         `json:"published_at,omitzero"` // the figure counts by this instant's Beijing date
	Formerly     []time.Time       `json:"formerly,omitempty"`    // what was on record before the date was corrected
	Failure      string            `json:"failure,omitempty"`     // a Chinese sentence: what happened and what to do
	RemovedAt    time.Time         `json:"removed_at,omitzero"`   // deleted or banned afterwards; not counted from then on
	Discarded    []Discarded       `json:"discarded,omitempty"`   // drafts on the platform that are to be deleted
	Steps        []Step            `json:"steps,omitempty"`
}

// Step is one recorded step of publishing.
type Step struct {
	Name    string    `json:"name"`
	Attempt int       `json:"attempt,omitempty"`
	Begun   time.Time `json:"begun"`
	Ended   time.Time `json:"ended,omitzero"`
	Outcome string    `json:"outcome,omitempty"` // ok, or what went wrong; empty while it runs
	Ref     string    `json:"ref,omitempty"`     // of a submission: the draft's media id
	Answer  string    `json:"answer,omitempty"`  // of a submission: the publish id
}

// The steps in their order. StepLook is taken only when an earlier attempt or process may already have published.
const (
	StepLook   = "look_published"
	StepImages = "upload_images"
	StepCover  = "add_cover"
	StepDraft  = "add_draft"
	StepSubmit = "submit"    // irreversible
	StepMass   = "mass_send" // irreversible; a repeat is known by the clientmsgid
	StepPoll   = "poll"
	StepSettle = "settle" // looking into an unknown outcome
)

// ok is the outcome of a step that did what it should.
const ok = "ok"

// running reports whether the step has begun and not ended.
func (s Step) running() bool { return s.Ended.IsZero() }

// tried returns the steps of the present attempt with the name.
func (p Publication) tried(name string) []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Attempt != p.Attempt || s.Name != name })
}

// interrupted is the outcome of a step whose process stopped in the middle; unanswered that of a lost answer.
const (
	interrupted = "interrupted"
	unanswered  = "unanswered"
)

// did reports whether the step was taken successfully in the present attempt.
func (p Publication) did(name string) bool {
	return slices.ContainsFunc(p.tried(name), func(s Step) bool { return s.Outcome == ok })
}

// last returns the last recorded step of the present attempt; the zero Step when there is none.
func (p Publication) last() Step {
	if n := len(p.Steps); n > 0 && p.Steps[n-1].Attempt == p.Attempt {
		return p.Steps[n-1]
	}
	return Step{}
}

// begunSubmit reports whether the present attempt has begun a submission that was not clearly turned away.
func (p Publication) begunSubmit() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Attempt == p.Attempt && irreversible(s.Name) && s.maySubmit() })
}

// irreversible reports whether the step cannot be taken back.
func irreversible(step string) bool { return step == StepSubmit || step == StepMass }

// maySubmit reports whether the step may have submitted something.
func (s Step) maySubmit() bool { return s.running() || s.Outcome == ok || s.Outcome == unanswered }

// submittedDraft reports whether any attempt may have submitted the present draft: whether a submit step was begun for
// it and not definitely refused.
func (p Publication) submittedDraft() bool {
	return p.MediaID != "" && slices.ContainsFunc(p.Steps, func(s Step) bool {
		return irreversible(s.Name) && s.Ref == p.MediaID && s.maySubmit()
	})
}

// unsure reports whether an irreversible step of the name, of any attempt, got no answer.
func (p Publication) unsure(name string) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Name == name && (s.running() || s.Outcome == unanswered) })
}

// tookFreely reports whether any attempt was by free publishing.
func (p Publication) tookFreely() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Name == StepSubmit })
}

// knows reports whether the publish id belongs to one of this post's submissions, of any attempt.
func (p Publication) knows(publishID string) bool {
	return p.answered(StepSubmit, publishID)
}

// answered reports whether a step of the name got the answer, in any attempt.
func (p Publication) answered(name, answer string) bool {
	return answer != "" && slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Name == name && s.Answer == answer })
}
