package posts

import (
	"context"
	"slices"
	"time"

	"shoushan/workday"
)

// Shelf is where posts are kept.
type Shelf interface {
	// CreatePost stores a new post under an id of its own choosing (Post.ID is ignored) and returns it as stored.
	CreatePost(ctx context.Context, p Post) (Post, error)
	// UpdatePost loads the post, lets change alter it, and stores it; all or nothing. When someone else wrote in between
	// change is run again on the newer record, a bounded number of times, then Conflict. An error of change is returned
	// as it is and nothing is stored.
	UpdatePost(ctx context.Context, id string, change func(*Post) error) (Post, error)
	// Post returns one post, or a NotFound fault.
	Post(ctx context.Context, id string) (Post, error)
	// Posts returns the posts that match, newest first (by publication, then by last change).
	Posts(ctx context.Context, q Query) ([]Post, error)
}

// Query selects posts. Zero fields select everything.
type Query struct {
	PublishedYear int       // the Beijing year of Publication.PublishedAt
	Published     Span      // the Beijing days of Publication.PublishedAt; used besides or in place of PublishedYear
	States        []State   // any of these
	DueBefore     time.Time // scheduled at or before this instant
	DiscardBefore time.Time // with a draft on the platform that is to be deleted at or before this instant
}

// Matches reports whether a post is one that the query selects.
func (q Query) Matches(p Post) bool {
	at := p.Publication.PublishedAt
	switch {
	case q.PublishedYear != 0 && (at.IsZero() || workday.Of(at).Year() != q.PublishedYear):
		return false
	case !q.Published.Has(at):
		return false
	case len(q.States) > 0 && !slices.Contains(q.States, p.State):
		return false
	default:
		return reached(p.DueAt, q.DueBefore) && reached(p.Publication.DiscardAt(), q.DiscardBefore)
	}
}

// reached reports whether there is an instant and it is not after the limit; without a limit everything is reached.
func reached(at, limit time.Time) bool {
	return limit.IsZero() || !at.IsZero() && !at.After(limit)
}

// Article is a post as the platform takes it: rendered, with pictures already on the platform.
type Article struct {
	Kind         Kind
	Gallery      *Gallery // of a picture message; nil for news
	Title        string
	Author       string
	Digest       string
	HTML         string // plain text in a picture message
	CoverMediaID string
	SourceLink   string
}

// Gallery is the pictures of a picture message by their media ids; the first is the cover.
type Gallery struct{ MediaIDs []string }

// PublishStatus is the platform's word on a submitted draft (freepublish/get, PUBLISHJOBFINISH).
type PublishStatus struct {
	State     PublishState
	ArticleID string
	URL       string
	MoreURLs  string    // of the second and further articles, one on each line
	Reason    string    // a Chinese sentence when it failed
	At        time.Time // when it was published, if the platform says so
	Verdict   VerdictKind
}

// PublishState is the platform's verdict on a submitted draft.
type PublishState int

// The verdicts that matter here.
const (
	PublishPending PublishState = iota
	PublishDone
	PublishRefused
	PublishRemoved // published, then deleted or banned
)

// Platform is what publishing needs of the WeChat account. Each method is one call; the caller records each step.
type Platform interface {
	// UploadImage stores a picture for use inside an article and returns its address on the platform.
	UploadImage(ctx context.Context, name string, data []byte) (url string, err error)
	// AddCover stores a permanent picture, which always has a media id.
	AddCover(ctx context.Context, name string, data []byte) (Material, error)
	// AddDraft stores a draft and returns its media id.
	AddDraft(ctx context.Context, a Article) (mediaID string, err error)
	// DraftExists reports whether the draft is still there; it vanishes when published.
	DraftExists(ctx context.Context, mediaID string) (bool, error)
	// DeleteDraft deletes a draft that is not going to be published; one that is not there (any more) is no error.
	DeleteDraft(ctx context.Context, mediaID string) error
	// SubmitPublish submits a draft for free publishing. It is irreversible and never retried by the implementer; an
	// error for which Unanswered is true leaves the outcome unknown.
	SubmitPublish(ctx context.Context, mediaID string) (publishID, msgDataID string, err error)
	// PublishStatus asks what became of a submission.
	PublishStatus(ctx context.Context, publishID string) (PublishStatus, error)
	// FindPublished looks for a published article with the title among the platform's latest; ok tells whether there is one.
	FindPublished(ctx context.Context, title string, since time.Time) (st PublishStatus, ok bool, err error)
}

// UnansweredError marks an error after which nobody knows whether the platform acted: a timeout, a broken connection, a
// 5xx or an unreadable answer on an irreversible call.
type UnansweredError struct{ Err error }

// Error returns the cause's text.
func (e *UnansweredError) Error() string { return "posts: no answer: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *UnansweredError) Unwrap() error { return e.Err }

// Files keeps pictures and documents, encrypted, addressed by their content.
type Files interface {
	// SaveFile stores the data and returns its id; the same data has the same id.
	SaveFile(ctx context.Context, data []byte) (id string, err error)
	// File returns the data of a file, or a NotFound fault.
	File(ctx context.Context, id string) ([]byte, error)
}
