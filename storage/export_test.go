package storage

import "reflect"

// SetMigrations gives the requests of a Store a history of schemas.
func SetMigrations(s *Store, steps ...func(record map[string]any) error) {
	s.requests.migrations = nil
	for _, step := range steps {
		s.requests.migrations = append(s.requests.migrations, step)
	}
}

// ReasonsApart is the first step in the history of requests.
func ReasonsApart(record map[string]any) error { return reasonsApart(record) }

// Turn applies turn to every text of v that is not in clear, as sealing does.
func Turn(v any, turn func(path, text string) string, clear ...string) (any, error) {
	out, err := sealing(clear...).apply(reflect.ValueOf(v), func(path, text string) (string, error) { return turn(path, text), nil })
	if err != nil {
		return nil, err
	}
	return out.Interface(), nil
}

// Fail makes a Memory answer every command with an error, until it is given "".
func Fail(m *Memory, message string) { m.server.SetError(message) }

// Waiting returns how many callers wait for the next sending of changes, and whether one is under way.
func Waiting(s *Store) (callers int, sending bool) {
	l := s.together.writes
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next != nil {
		callers = len(l.next.errands)
	}
	return callers, l.busy
}

// WaitingForNumbers returns how many requests wait for a number.
func WaitingForNumbers(s *Store) int {
	n := &s.requests.numbering
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.waiting)
}
