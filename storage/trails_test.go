package storage_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

// eventful stores a request with three events and a post with one, and returns their ids.
func eventful(t *testing.T, h house) (request, post string) {
	t.Helper()
	request = create(t, h, 2026, "oWang").ID
	for _, action := range []string{"assign", "decide"} {
		must(h.Update(t.Context(), request, func(r *disclosure.Request) error {
			r.Trail = r.Trail.Append(staff.System, noon, action, "说明", "条例第三十三条")
			return nil
		}))(t)
	}
	return request, shelve(t, h, "稿", nil).ID
}

func trailOf(record map[string]any) []any { return record["trail"].([]any) }

func TestVerifyTrails(t *testing.T) {
	tests := []struct {
		name   string
		tamper func(t *testing.T, h house, request, post string)
		want   string // part of the only finding, "" for none
	}{
		{"untouched", func(*testing.T, house, string, string) {}, ""},
		{"an event reworded", func(t *testing.T, h house, id, _ string) {
			tamper(t, h, id, func(r map[string]any) { trailOf(r)[1].(map[string]any)["note"] = "别的" })
		}, "被改动过"},
		{"the last event cut off", func(t *testing.T, h house, id, _ string) {
			tamper(t, h, id, func(r map[string]any) { r["trail"] = trailOf(r)[:2] })
		}, "应有 3 条"},
		{"the whole trail removed", func(t *testing.T, h house, id, _ string) {
			tamper(t, h, id, func(r map[string]any) { delete(r, "trail") })
		}, "应有 3 条"},
		{"the whole trail rewritten with good hashes", func(t *testing.T, h house, id, _ string) {
			forged := staff.Trail(nil)
			for range 3 {
				forged = forged.Append(staff.System, noon, "forged", "", "")
			}
			tamper(t, h, id, func(r map[string]any) { r["trail"] = forged })
		}, "应有 3 条并以"},
		{"trail and head forged without the key", func(t *testing.T, h house, id, _ string) {
			forged := staff.Trail(nil).Append(staff.System, noon, "forged", "", "")
			tamper(t, h, id, func(r map[string]any) { r["trail"] = forged })
			setHead(t, h, "request:"+id, fmt.Sprintf("1:%s:%064d", forged.Head(), 0))
		}, "末尾标记"},
		{"the head removed", func(t *testing.T, h house, id, _ string) {
			if err := h.raw.HDel(t.Context(), h.key("heads"), "request:"+id).Err(); err != nil {
				t.Fatal(err)
			}
		}, "末尾标记"},
		{"a post removed", func(t *testing.T, h house, _, post string) {
			if err := h.raw.Del(t.Context(), h.key("post:"+post)).Err(); err != nil {
				t.Fatal(err)
			}
		}, "不见了"},
		{"a ciphertext altered", func(t *testing.T, h house, id, _ string) {
			tamper(t, h, id, func(r map[string]any) { personalOf(r)["name"] = "sealed:AAAA" })
		}, "读不出来"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, h house) {
				request, post := eventful(t, h)
				tt.tamper(t, h, request, post)
				expectFinding(t, h, tt.want)
				_, err := h.Anchor(t.Context())
				if (err == nil) != (tt.want == "") || (err != nil && !fault.Is(err, fault.Conflict)) {
					t.Errorf("Anchor() = %v", err)
				}
			})
		})
	}
}

func setHead(t *testing.T, h house, name, head string) {
	t.Helper()
	if err := h.raw.HSet(t.Context(), h.key("heads"), name, head).Err(); err != nil {
		t.Fatal(err)
	}
}

func expectFinding(t *testing.T, h house, want string) {
	t.Helper()
	found := must(h.VerifyTrails(t.Context()))(t)
	switch {
	case want == "" && len(found) > 0:
		t.Errorf("VerifyTrails() = %v, want nothing", found)
	case want != "" && (len(found) != 1 || !strings.Contains(found[0].String(), want)):
		t.Errorf("VerifyTrails() = %v, want one finding with %q", found, want)
	}
}

func TestRequestRemovedWithItsHead(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		eventful(t, h)
		id := create(t, h, 2026, "oLi").ID
		ctx := t.Context()
		h.raw.Del(ctx, h.key("request:"+id))
		h.raw.HDel(ctx, h.key("heads"), "request:"+id)
		h.raw.ZRem(ctx, h.key("requests"), id)
		expectFinding(t, h, "这个编号给出过")
	})
}

func TestAnchorRemembers(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		if _, err := h.LastAnchor(ctx); !fault.Is(err, fault.NotFound) {
			t.Errorf("LastAnchor() = %v, want NotFound", err)
		}
		request, post := eventful(t, h)
		first := must(h.Anchor(ctx))(t)
		if first.Records != 2 || first.Previous != "" {
			t.Errorf("first anchor = %+v, want 2 records and nothing before it", first)
		}
		// A post rolled back to an earlier state together with its sealed head: only the anchor can know.
		old, oldHead := h.value(t, h.key("post:"+post)), must(h.raw.HGet(ctx, h.key("heads"), "post:"+post).Result())(t)
		must(h.UpdatePost(ctx, post, func(p *posts.Post) error {
			p.Trail = p.Trail.Append(staff.System, noon, "edit", "", "")
			return nil
		}))(t)
		expectFinding(t, h, "")
		second := must(h.Anchor(ctx))(t)
		if second.Previous != first.Digest || second.Digest == first.Digest {
			t.Errorf("second anchor %+v does not follow from the first %+v", second, first)
		}
		h.raw.Set(ctx, h.key("post:"+post), old, 0)
		setHead(t, h, "post:"+post, oldHead)
		expectFinding(t, h, "与上一次存证不符")
		_ = request
	})
}

func TestAnchorItselfAltered(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		_, post := eventful(t, h)
		must(h.Anchor(ctx))(t)
		h.raw.HDel(ctx, h.key("heads:anchored"), "post:"+post)
		expectFinding(t, h, "存证被改动过")
	})
}

func TestTrailsAfterKeyRotation(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		eventful(t, h)
		must(h.Anchor(t.Context()))(t)
		rotated := h.opts
		rotated.Key, rotated.OldKeys = key(2), [][]byte{key(1)}
		expectFinding(t, open(t, rotated), "")
	})
}

func TestRecountFindsAndRepairs(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		request, post := eventful(t, h)
		if got := agree(t, h).Records; got["request"] != 1 || got["post"] != 1 || got["member"] != 0 {
			t.Errorf("Records = %v", got)
		}
		var score float64
		for _, z := range must(h.raw.ZRangeWithScores(ctx, h.key("posts"), 0, -1).Result())(t) {
			score = z.Score
		}
		h.raw.ZRem(ctx, h.key("requests:open"), request)
		h.raw.ZIncrBy(ctx, h.key("posts"), 1, post)
		h.raw.ZAdd(ctx, h.key("posts:published"), z(7, post))
		h.raw.ZAdd(ctx, h.key("requests"), z(9, "2026-0007"))
		for _, repair := range []bool{false, true} {
			r := must(h.Recount(ctx, repair))(t)
			var problems []string
			for _, d := range r.Differences {
				problems = append(problems, d.String())
			}
			text := strings.Join(problems, "\n")
			for _, want := range []string{"缺少这条记录（" + h.key("requests:open"), "次序与记录不符（" + h.key("posts") + "）", "多出了这条记录（" + h.key("posts:published"), "2026-0007：索引里多出了"} {
				if !strings.Contains(text, want) {
					t.Errorf("repair %v: no %q among\n%s", repair, want, text)
				}
			}
			if len(problems) != 4 {
				t.Errorf("repair %v: %d differences, want 4:\n%s", repair, len(problems), text)
			}
		}
		agree(t, h)
		if got := must(h.raw.ZScore(ctx, h.key("posts"), post).Result())(t); got != score {
			t.Errorf("the repaired score is %v, want %v", got, score)
		}
		if got := numbers(t, h, disclosure.Query{Open: true}); got != request {
			t.Errorf("open requests after the repair: %q", got)
		}
	})
}

func TestEnvelopeHasASchema(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	id := create(t, h, 2026, "o").ID
	var env struct{ Schema *int }
	if err := json.Unmarshal([]byte(h.value(t, h.key("request:"+id)).(string)), &env); err != nil || env.Schema == nil {
		t.Errorf("the record has no schema: %v", err)
	}
}
