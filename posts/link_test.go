package posts_test

import (
	"testing"

	"shoushan/fault"
	"shoushan/posts"
)

func TestRecordLink(t *testing.T) {
	r := newRoom(t)
	bare := r.elsewhere("没有链接", "", "2026-11-05 09:00:00")
	linked := r.elsewhere("有链接", link("a"), "2026-11-06 09:00:00")
	tests := []struct {
		name string
		id   string
		link string
		want fault.Kind
	}{
		{"no address", bare.ID, " ", fault.Invalid},
		{"not on the platform", bare.ID, "https://example.com/1", fault.Invalid},
		{"another item's address", bare.ID, link("a"), fault.Conflict},
		{"an item that has one", linked.ID, link("b"), fault.Conflict},
		{"a draft", r.must(r.Create(t.Context(), author, posts.Account, content())).ID, link("c"), fault.Conflict},
	}
	for _, tt := range tests {
		if _, err := r.RecordLink(t.Context(), approver, tt.id, tt.link); !fault.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := r.RecordLink(t.Context(), author, bare.ID, link("d")); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a writer: %v", err)
	}
	p := r.must(r.RecordLink(t.Context(), approver, bare.ID, " "+link("d")+" "))
	if p.Publication.URL != link("d") || p.Trail[len(p.Trail)-1].Action != string(posts.AddLink) {
		t.Errorf("link %q, last event %+v", p.Publication.URL, p.Trail[len(p.Trail)-1])
	}
}
