package disclosure

import (
	"context"
	"time"

	"shoushan/workday"
)

// Register is where requests are kept (登记台账, 条例第四十五条).
type Register interface {
	// Create gives a new request its number within the year and stores what build returns, record and trail together.
	// It returns only after the write is durable. No two creations of one year are built at once: the later one's build
	// finds, in Requests, what the earlier one has stored. Build may be run again.
	Create(ctx context.Context, year int, build func(id string) (Request, error)) (Request, error)
	// Update loads the request, lets change alter it, and stores it; all or nothing. When someone else wrote in between
	// change is run again on the newer record, a bounded number of times, then Conflict. An error of change is returned
	// as it is and nothing is stored.
	Update(ctx context.Context, id string, change func(*Request) error) (Request, error)
	// Request returns one request, or a NotFound fault.
	Request(ctx context.Context, id string) (Request, error)
	// Requests returns the requests that match, in the order of their numbers.
	Requests(ctx context.Context, q Query) ([]Request, error)
}

// Query selects requests. Zero fields select everything.
type Query struct {
	Year   int    // the year of the number
	OpenID string // the WeChat identity that filed
	Open   bool   // only those that are not closed
	Owed   bool   // only those whose applicant is owed a message
	Signs  bool   // only those whose answer in chat has shown no sign of arrival; see Request.AwaitsSign
}

// Serials gives the next number of a named series within a year, from 1, never twice; letter numbers use it.
type Serials interface {
	NextSerial(ctx context.Context, series string, year int) (int, error)
}

// Notifier tells the applicant something outside the dialogue. What could not be told is not lost: the notifier keeps it
// for the next contact and says so in how.
type Notifier interface {
	// Notify returns how the message went, a Chinese phrase for the record (已发送微信消息, 超出可发送时限，待下次联系时显示).
	Notify(ctx context.Context, openID, text string) (how string, err error)
}

// Desk is the request desk: the only way to change a request. Every verb takes the member who acts, checks the right,
// consults the transition table, appends one event and stores the record.
type Desk struct {
	Register Register
	Serials  Serials
	Notifier Notifier
	Calendar func(context.Context) (workday.Calendar, error) // with the notices entered so far
	Organ    Organ
	Hours    func(context.Context) string // optional: office hours that staff have entered, in place of the organ's; "" for none
	Now      func() time.Time
	NewCode  func() string // a six-digit query code from a cryptographic source
}
