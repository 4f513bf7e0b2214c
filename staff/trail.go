package staff

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Event is one entry of a record's trail: who did what, when, and why.
type Event struct {
	Seq     int       `json:"seq"` // from 1
	At      time.Time `json:"at"`  // UTC
	ActorID string    `json:"actor_id"`
	Actor   string    `json:"actor"`             // the name at that time
	Action  string    `json:"action"`            // the verb, e.g. sign_off
	Note    string    `json:"note,omitempty"`    // a Chinese sentence; never personal data
	Article string    `json:"article,omitempty"` // the legal ground, e.g. 条例第三十三条
	Hash    string    `json:"hash"`              // over this event and the hash before it
}

// Trail is the append-only list of what happened to one record. Each event carries a hash over itself and the one
// before, so that a changed, removed or reordered event is found by Verify.
type Trail []Event

// Append returns the trail with one more event by the actor.
func (t Trail) Append(by Member, at time.Time, action, note, article string) Trail {
	e := Event{
		Seq: len(t) + 1, At: at.UTC().Truncate(time.Millisecond), ActorID: by.ID, Actor: by.Name,
		Action: action, Note: note, Article: article,
	}
	e.Hash = e.chain(t.Head())
	return append(t[:len(t):len(t)], e)
}

// Head returns the hash of the last event, or "" for an empty trail.
func (t Trail) Head() string {
	if len(t) == 0 {
		return ""
	}
	return t[len(t)-1].Hash
}

// Verify returns an error that names the first event which does not follow from the one before it.
func (t Trail) Verify() error {
	previous := ""
	for i, e := range t {
		if e.Seq != i+1 {
			return fmt.Errorf("staff: trail: event %d has number %d", i+1, e.Seq)
		}
		if e.Hash != e.chain(previous) {
			return fmt.Errorf("staff: trail: event %d does not match its hash", e.Seq)
		}
		previous = e.Hash
	}
	return nil
}

func (e Event) chain(previous string) string {
	e.Hash = previous
	data, err := json.Marshal(e)
	if err != nil {
		panic(fmt.Sprintf("staff: encode event: %v", err)) // an Event holds only strings, a number and a time
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
