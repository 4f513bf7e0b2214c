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

// Kind is the form of an article on the platform (article_type).
type Kind string

// The kinds.
const (
	News           Kind = ""        // 图文
	PictureMessage Kind = "newspic" // 图片消息: pictures with a plain text
)

// Content is what reviewers approve and readers see; the approval is bound to its hash.
type Content struct {
	Kind       Kind     `json:"kind,omitempty"`
	Title      string   `json:"title"`
	Byline     string   `json:"byline,omitempty"` // author shown to readers, at most 16 characters
	Digest     string   `json:"digest,omitempty"`
	Markdown   string   `json:"markdown"`
	Cover      string   `json:"cover,omitempty"` // file id of the cover picture
	SourceLink string   `json:"source_link,omitempty"`
	Style      string   `json:"style,omitempty"` // name of the typographic style
	Origin     Origin   `json:"origin"`
	Source     *Source  `json:"source,omitempty"` // required for a repost
	Topic      string   `json:"topic,omitempty"`
	Editor     string   `json:"editor,omitempty"`  // 责任编辑, named at the end of the article
	Gallery    []string `json:"gallery,omitempty"` // file ids of a picture message, the first is the cover
}

// Post is one item of news (稿件).
type Post struct {
	ID         string   `json:"id"`
	Version    int      `json:"version"`
	Channel    Channel  `json:"channel"`
	Content    Content  `json:"content"`
	AuthorID   string   `json:"author_id"`
	Writers    []string `json:"writers,omitempty"` // everyone who wrote in it; none of them may review it
	State      State    `json:"state"`
	Rounds     []Round  `json:"rounds,omitempty"`      // fixed when it is submitted; empty means all three
	ReviewPath string   `json:"review_path,omitempty"` // the name of the path that gave it these rounds
	// Deciders are the ids of the members to whom a round is left, fixed when it is submitted.
	Deciders     map[Round][]string `json:"deciders,omitempty"`
	Reviews      []Review           `json:"reviews,omitempty"`       // of the current round trip
	ApprovedHash string             `json:"approved_hash,omitempty"` // Content.Hash at the final approval
	Method       Method             `json:"method"`
	DueAt        time.Time          `json:"due_at,omitzero"` // when it is scheduled to be published
	Mass         MassChoice         `json:"mass,omitzero"`   // how it is mass-sent
	Publication  Publication        `json:"publication"`
	CreatedAt    time.Time          `json:"created_at"`
	UpdatedAt    time.Time          `json:"updated_at"`
	Touched      int                `json:"touched,omitempty"` // the latest version after which a text that was open before is no longer the newest
	Trail        staff.Trail        `json:"trail,omitempty"`
	Bundle       []Companion        `json:"bundle,omitempty"`     // go out together with this one
	Lead         string             `json:"lead,omitempty"`       // the post with which this one goes out
	Suggestion   *Suggestion        `json:"suggestion,omitempty"` // the system's, when it was last submitted
	Revisions    []Revision         `json:"revisions,omitempty"`  // every content that was saved, the present one last
}

// State is where a post is; see the table in state.go.
type State string

// The states.
const (
	Draft          State = "draft"
	InReview       State = "in_review"
	Approved       State = "approved"
	Scheduled      State = "scheduled"
	Publishing     State = "publishing"
	Published      State = "published"
	Combined       State = "combined" // 随主稿发布: goes out with another post
	Failed         State = "failed"
	OutcomeUnknown State = "outcome_unknown" // 结果未知: the irreversible call got no answer
	AwaitingPerson State = "awaiting_person" // 待确认: late, or due before this process started
	AwaitingAdmin  State = "awaiting_admin"  // 待管理员确认: accepted for mass sending, not under way (接口群发保护)
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
