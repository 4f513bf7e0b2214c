package posts

import (
	"time"

	"shoushan/staff"
)

// Origin is the editor's declaration: written here or taken over. WeChat's API can neither declare nor return it.
type Origin string

// The two origins.
const (
	Original Origin = "original" // 原创
	Repost   Origin = "repost"   // 转载, invalid without a Source
)

// Channel is where a post appears.
type Channel string

// The channels.
const (
	Account Channel = "account" // 微信公众号“首善崇文”
	Portal  Channel = "portal"  // 政府信息公开门户网站
)

// Method is the way of publishing on the account (design: 发布 or 群发).
type Method string

// The methods of publishing. Elsewhere is for what was published outside this system and is only recorded here.
const (
	FreePublish Method = "free_publish" // permanent link, no push, no quota
	MassSend    Method = "mass_send"    // pushes to followers
	Elsewhere   Method = "elsewhere"
)

// Source is where a repost comes from (稿源).
type Source struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

// Content is what reviewers approve and readers see; the approval is bound to its hash.
type Content struct {
	Title      string  `json:"title"`
	Byline     string  `json:"byline,omitempty"` // author shown to readers, at most 16 characters
	Digest     string  `json:"digest,omitempty"`
	Markdown   string  `json:"markdown"`
	Cover      string  `json:"cover,omitempty"` // file id of the cover picture
	SourceLink string  `json:"source_link,omitempty"`
	Style      string  `json:"style,omitempty"` // name of the typographic style
	Origin     Origin  `json:"origin"`
	Source     *Source `json:"source,omitempty"` // required for a repost
	Topic      string  `json:"topic,omitempty"`
}

// Post is one item of news (稿件).
type Post struct {
	ID           string      `json:"id"`
	Version      int         `json:"version"`
	Channel      Channel     `json:"channel"`
	Content      Content     `json:"content"`
	AuthorID     string      `json:"author_id"`
	State        State       `json:"state"`
	Reviews      []Review    `json:"reviews,omitempty"`       // of the current round trip
	ApprovedHash string      `json:"approved_hash,omitempty"` // Content.Hash at the final approval
	Method       Method      `json:"method"`
	DueAt        time.Time   `json:"due_at,omitzero"` // when it is scheduled to be published
	Publication  Publication `json:"publication"`
	CreatedAt    time.Time   `json:"created_at"`
	UpdatedAt    time.Time   `json:"updated_at"`
	Trail        staff.Trail `json:"trail,omitempty"`
}

// State is where a post is.
type State string

// The states.
const (
	Draft          State = "draft"
	InReview       State = "in_review"
	Approved       State = "approved"
	Scheduled      State = "scheduled"
	Publishing     State = "publishing"
	Published      State = "published"
	Failed         State = "failed"
	OutcomeUnknown State = "outcome_unknown" // 结果未知: the irreversible call got no answer
	AwaitingPerson State = "awaiting_person" // 待确认: late, or due before this process started
	Withdrawn      State = "withdrawn"       // 撤稿
)

// Round is a review round (三审).
type Round string

// The rounds in their order.
const (
	First  Round = "first"  // 初审
	Second Round = "second" // 复审
	Final  Round = "final"  // 终审
)

// Review is one person's decision on one content.
type Review struct {
	Round    Round     `json:"round"`
	By       string    `json:"by"` // member ID
	ByName   string    `json:"by_name"`
	At       time.Time `json:"at"`
	Approved bool      `json:"approved"`
	Comment  string    `json:"comment,omitempty"`
	Hash     string    `json:"hash"` // of the content that was read
}

// Publication is what is known about a post's way to its readers. Each step is recorded before and after it is taken.
type Publication struct {
	MediaID     string    `json:"media_id,omitempty"` // of the platform's draft
	PublishID   string    `json:"publish_id,omitempty"`
	MsgDataID   string    `json:"msg_data_id,omitempty"`
	ArticleID   string    `json:"article_id,omitempty"`
	URL         string    `json:"url,omitempty"` // the permanent link
	SubmittedAt time.Time `json:"submitted_at,omitzero"`
	PublishedAt time.Time `json:"published_at,omitzero"` // the figure counts by this instant's Beijing date
	Failure     string    `json:"failure,omitempty"`     // a Chinese sentence: what happened and what to do
	RemovedAt   time.Time `json:"removed_at,omitzero"`   // deleted or banned afterwards; not counted from then on
	Steps       []Step    `json:"steps,omitempty"`
}

// Step is one recorded step of publishing.
type Step struct {
	Name    string    `json:"name"` // upload_images, add_draft, submit, poll
	Begun   time.Time `json:"begun"`
	Ended   time.Time `json:"ended,omitzero"`
	Outcome string    `json:"outcome,omitempty"` // ok, or what went wrong; empty while it runs
}
