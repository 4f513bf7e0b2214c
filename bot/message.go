package bot

import (
	"context"
	"time"
)

// Message is one thing that happened in the chat: a message of a citizen, or an event, in our own words. Fields that the
// type does not have are zero.
type Message struct {
	ID         string // MsgId; "" for events
	From       string // the citizen's OpenID, or a platform id for job events
	To         string // the account's original id (gh_…)
	CreatedAt  time.Time
	Type       Type
	Text       string // TextMessage: what was typed
	MenuItemID string // TextMessage: bizmsgmenuid, when a msgmenu item was tapped instead of typing
	MediaID    string // images, voice, video: the temporary media, kept three days by the platform
	PicURL     string
	ThumbID    string // ThumbMediaId of a video
	Format     string // voice format
	MediaID16K string // the voice in 16 kHz; "" on older accounts
	Recognized string // what the platform heard in a voice; it has withdrawn this, so mostly ""
	Location   Location
	Link       Link   // LinkMessage, and files, which have a title and a description only
	File       File   // FileMessage
	Event      Event  // EventMessage only
	EventKey   string // menu key, link, page, or scene
	MenuID     string // of the menu whose button was tapped
	Ticket     string // of the QR code that was scanned
	MsgDataID  string // the article from which the citizen wrote, when there was one
	Idx        int    // its place in what was published, from 1
	Raw        []byte // the decrypted XML, for events whose details a handler needs
}

// Location is a place on the map, in degrees (GCJ-02).
type Location struct {
	Latitude, Longitude float64
	Scale               int     // of the map
	Precision           float64 // metres; of a LOCATION event
	Label               string
}

// File is a file that a citizen sent; there is no call that fetches it.
type File struct {
	Key, MD5 string
	Size     int64 // bytes
}

// Link is a shared link or file.
type Link struct {
	Title, Description, URL string
}

// Type is the kind of a message.
type Type string

// The message types of wechat.md §1.5 that have a meaning here; anything else arrives with its own word. A shortvideo
// is a VideoMessage.
const (
	TextMessage     Type = "text"
	ImageMessage    Type = "image"
	VoiceMessage    Type = "voice"
	VideoMessage    Type = "video"
	LocationMessage Type = "location"
	LinkMessage     Type = "link"
	FileMessage     Type = "file" // on no page of Tencent's, but real accounts get it
	EventMessage    Type = "event"
)

// Event is the kind of an event.
type Event string

// The events that have a meaning here; anything else arrives with its own word.
const (
	Subscribe   Event = "subscribe"
	Unsubscribe Event = "unsubscribe"
	Click       Event = "CLICK"
	View        Event = "VIEW"
	Scan        Event = "SCAN"
	PublishDone Event = "PUBLISHJOBFINISH"
	MassDone    Event = "MASSSENDJOBFINISH"

	WhereAbouts  Event = "LOCATION"           // the position that a citizen's phone reports: Message.Location
	ViewPage     Event = "view_miniprogram"   // a mini program's page was opened from the menu
	ScanPush     Event = "scancode_push"      // ScanCodeEvent
	ScanWait     Event = "scancode_waitmsg"   // ScanCodeEvent; the citizen waits for a reply
	TakePhoto    Event = "pic_sysphoto"       // SentPictures
	PhotoOrAlbum Event = "pic_photo_or_album" // SentPictures
	ChoosePhoto  Event = "pic_weixin"         // SentPictures
	ChoosePlace  Event = "location_select"    // SentLocation

	TemplateDone     Event = "TEMPLATESENDJOBFINISH"      // Deliveries
	ConsentAsked     Event = "subscribe_msg_popup_event"  // ConsentEvents
	ConsentChanged   Event = "subscribe_msg_change_event" // ConsentEvents
	SubscriptionSent Event = "subscribe_msg_sent_event"   // Deliveries
	PushTest         Event = "debug_demo"                 // of Tencent's push debugging tool

	Qualified       Event = "qualification_verify_success" // this and the next five: CertificateEvent
	QualifiedNot    Event = "qualification_verify_fail"
	NameVerified    Event = "naming_verify_success"
	NameVerifiedNot Event = "naming_verify_fail"
	RenewalDue      Event = "annual_renew"
	VerifyExpired   Event = "verify_expired"
)

// Reply is the passive answer to a message. The zero Reply says nothing (success).
type Reply struct {
	Text         string // shortened by the callback at MaxTextBytes; Notifier.Contact continues it at the next contact
	ImageMediaID string
	News         []NewsItem // at most one article when answering a typed message, eight otherwise
}

// NewsItem is one card of a news reply.
type NewsItem struct {
	Title       string
	Description string
	PicURL      string
	URL         string
}

// Empty reports whether there is nothing to say.
func (r Reply) Empty() bool { return r.Text == "" && r.ImageMediaID == "" && len(r.News) == 0 }

// Handler answers one message. An error is told to the citizen by its fault sentence.
type Handler func(ctx context.Context, m Message) (Reply, error)

// Middleware wraps a Handler.
type Middleware func(Handler) Handler

// Chain wraps h so that the first middleware is the outermost.
func Chain(h Handler, wrap ...Middleware) Handler {
	for i := len(wrap) - 1; i >= 0; i-- {
		h = wrap[i](h)
	}
	return h
}
