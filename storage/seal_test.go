package storage_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
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

func TestOnlyWordsOfAVocabularyStayInClear(t *testing.T) {
	tests := []struct {
		value kind
		clear bool
	}{
		{"awaiting_payment", true}, {"r3_1", true}, {"", true},
		{"王小满", false}, {"13835600001", false}, {"140524199003071234", false}, {"a@b.cn", false}, {"Wang Xiaoman", false}, {"sealed:x", false},
	}
	for _, tt := range tests {
		got, err := storage.Turn(struct{ K kind }{tt.value}, func(_, text string) string { return "<" + text + ">" })
		if err != nil {
			t.Fatal(err)
		}
		want := struct{ K kind }{tt.value}
		if !tt.clear {
			want.K = "<" + tt.value + ">"
		}
		if got != want {
			t.Errorf("%q became %v, want %v", tt.value, got, want)
		}
	}
}

func TestMigration(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		storage.SetMigrations(h.Store)
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
