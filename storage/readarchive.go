package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"shoushan/disclosure"
	"shoushan/opinion"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/workday"
)

// Archive is what a backup holds, read without any server. Without the data key personal data is left empty; figures do
// not need it.
type Archive struct {
	Organ     *disclosure.Organ // nil when the archive has none
	Prose     map[int]report.Prose
	Registers report.Registers
	Notices   []workday.Notice
	Members   []staff.Member
	Posts     []posts.Post
	Requests  []disclosure.Request
	Concerns  []opinion.Concern
	Editions  []report.Edition
}

// ReadArchive reads an archive to its end. With keys, the current one first, personal data is decrypted and the archive's
// digest is checked; an archive that is cut off, altered or of an unknown kind is an Invalid fault.
func ReadArchive(r io.Reader, keys ...[]byte) (Archive, error) {
	out := Archive{Prose: map[int]report.Prose{}}
	s := &Store{}
	if len(keys) > 0 {
		ring, err := newKeyring(keys[0], keys[1:]...)
		if err != nil {
			return out, err
		}
		s.ring = ring
	}
	s.tables = newTables(s)
	in := newArchiveReader(r, s.ring)
	for {
		l, err := in.next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err == nil {
			err = out.add(s, l)
		}
		if err != nil {
			return Archive{}, fmt.Errorf("storage: archive line %d: %w", in.lines, err)
		}
	}
}

func (a *Archive) add(s *Store, l line) error {
	switch l.Kind {
	case lineOrgan:
		a.Organ = new(disclosure.Organ)
		return json.Unmarshal(l.Record, a.Organ)
	case lineProse:
		var p report.Prose
		err := json.Unmarshal(l.Record, &p)
		a.Prose[p.Year] = p
		return err
	case lineRegisters:
		return json.Unmarshal(l.Record, &a.Registers)
	case lineNotice:
		return appendJSON(&a.Notices, l.Record)
	case s.members.kind:
		return appendRecord(&a.Members, s.members, l)
	case s.posts.kind:
		return appendRecord(&a.Posts, s.posts, l)
	case s.requests.kind:
		return appendRecord(&a.Requests, s.requests, l)
	case s.concerns.kind:
		return appendRecord(&a.Concerns, s.concerns, l)
	case s.editions.kind:
		return appendRecord(&a.Editions, s.editions, l)
	case lineFile:
		return nil
	default:
		return s.checkLine(l)
	}
}

func appendJSON[T any](to *[]T, data []byte) error {
	var v T
	err := json.Unmarshal(data, &v)
	*to = append(*to, v)
	return err
}

func appendRecord[T any](to *[]T, c *collection[T], l line) error {
	record, err := c.fromLine(l)
	*to = append(*to, record)
	return err
}

// openOrClear opens what is sealed and passes what is in clear. Without a ring, what is sealed is left empty.
func (r *keyring) openOrClear(place, text string) (string, error) {
	switch {
	case !strings.HasPrefix(text, sealedPrefix):
		return text, nil
	case r == nil:
		return "", nil
	default:
		return r.openText(place, text)
	}
}
