package storage_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/opinion"
	"shoushan/staff"
	"shoushan/storage"
	"shoushan/workday"
)

type kind string

type sample struct {
	ID    string            `json:"id"`
	Kind  kind              `json:"kind"`
	N     int               `json:"n"`
	At    time.Time         `json:"at"`
	On    workday.Date      `json:"on"`
	Text  string            `json:"text"`
	Empty string            `json:"empty"`
	List  []string          `json:"list"`
	Map   map[string]string `json:"map"`
	Sub   *sample           `json:"sub"`
	Clear struct{ A, B string }
	Out   string `json:"-"`
	Embedded
}

// Embedded stands beside its owner's fields in JSON.
type Embedded struct {
	Beside string `json:"beside"`
}

func TestEveryTextIsSealedUnlessCleared(t *testing.T) {
	v := sample{
		ID: "i", Kind: "k", N: 1, At: noon, On: workday.Of(noon), Text: "t", List: []string{"a", "b"}, Map: map[string]string{"k": "v"},
		Sub: &sample{Text: "deep"}, Out: "out", Embedded: Embedded{"e"},
	}
	v.Clear.A = "clear"
	before := v
	got, err := storage.Turn(v, func(path, text string) string { return "<" + path + "=" + text + ">" }, "id", "Clear")
	if err != nil {
		t.Fatal(err)
	}
	want := v
	want.Text, want.List, want.Map = "<text=t>", []string{"<list.0=a>", "<list.1=b>"}, map[string]string{"k": "<map.k=v>"}
	want.Sub, want.Beside = &sample{Text: "<sub.text=deep>"}, "<beside=e>"
	if d := diff(want, got); d != "" {
		t.Errorf("turned (-want +got):\n%s", d)
	}
	if d := diff(before, v); d != "" {
		t.Errorf("the original was changed:\n%s", d)
	}
}

func TestWhatCannotBeSealedIsRefused(t *testing.T) {
	tests := []struct {
		name string
		v    any
	}{
		{"bytes", struct{ B []byte }{[]byte("x")}},
		{"anything", struct{ V any }{"x"}},
		{"raw JSON", struct{ V json.RawMessage }{json.RawMessage(`"x"`)}},
		{"a hidden field", struct{ hidden string }{"x"}},
		{"a function", struct{ F func() }{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := storage.Turn(tt.v, func(_, text string) string { return text }); err == nil {
				t.Errorf("turned into %v, want an error", got)
			}
		})
	}
}

// TestClosedVocabularies keeps watch over the named string types of sealed records: their values are stored in clear. A new
// type in this list must be a closed vocabulary, never something that a person types.
func TestClosedVocabularies(t *testing.T) {
	known := []string{
		"disclosure.ApplicantKind", "disclosure.Audience", "disclosure.Channel", "disclosure.Delivery", "disclosure.EntryKind",
		"disclosure.Medium", "disclosure.Outcome", "disclosure.State", "opinion.Class", "opinion.Ending", "opinion.Level",
		"opinion.Manner", "opinion.State", "staff.Role",
	}
	found := map[string]bool{}
	for _, v := range []any{disclosure.Request{}, opinion.Concern{}, staff.Member{}} {
		namedStrings(reflect.TypeOf(v), found, map[reflect.Type]bool{})
	}
	for name := range found {
		if !slices.Contains(known, name) {
			t.Errorf("%s is stored in clear: is it a closed vocabulary?", name)
		}
	}
	if len(found) < 10 {
		t.Errorf("only %d types found: the watch is asleep", len(found))
	}
}

func namedStrings(t reflect.Type, found map[string]bool, seen map[reflect.Type]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.String:
		if t.PkgPath() != "" {
			found[t.String()] = true
		}
	case reflect.Slice, reflect.Array, reflect.Pointer, reflect.Map:
		namedStrings(t.Elem(), found, seen)
	case reflect.Struct:
		for i := range t.NumField() {
			namedStrings(t.Field(i).Type, found, seen)
		}
	default:
	}
}

func TestMigration(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		old := create(t, h, 2026, "oWang")
		storage.SetMigrations(h.Store,
			func(r map[string]any) error { // schema 0 called the handler by another name
				r["handler_id"] = "moved-" + r["handler_id"].(string)
				return nil
			},
			func(r map[string]any) error {
				p := personalOf(r)
				p["address"] = p["address"].(string) + "（已核）"
				return nil
			},
		)
		want := old
		want.HandlerID, want.Filing.Personal.Address = "moved-desk", person.Address+"（已核）"
		if d := diff(want, must(h.Request(ctx, old.ID))(t)); d != "" {
			t.Errorf("migrated on reading (-want +got):\n%s", d)
		}
		must(h.Update(ctx, old.ID, func(r *disclosure.Request) error { r.State = disclosure.Closed; return nil }))(t)
		storage.SetMigrations(h.Store, func(map[string]any) error { return errors.New("never") }, func(map[string]any) error { return errors.New("never") })
		if got := must(h.Request(ctx, old.ID))(t); got.HandlerID != "moved-desk" {
			t.Errorf("a change did not store the migrated record: handler %q", got.HandlerID)
		}
		storage.SetMigrations(h.Store)
		if _, err := h.Request(ctx, old.ID); err == nil || !strings.Contains(err.Error(), "schema 2") {
			t.Errorf("a record of a newer schema = %v, want it refused", err)
		}
	})
}
