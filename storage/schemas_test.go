package storage_test

import (
	"encoding/json"
	"testing"

	"shoushan/disclosure"
	"shoushan/storage"
	"shoushan/workday"
)

// TestReasonsOfOlderRecords: what an older program has kept of 条例第三十五条 is not lost, and the end of the period is found again.
func TestReasonsOfOlderRecords(t *testing.T) {
	tests := []struct{ name, record, want string }{
		{"asked, with its event", `{"id": "2026-0001", "reasons_asked_on": "2026-03-03", "trail": [{"action": "submit", "note": "期限到2026年1月1日"}, {"action": "state_reasons", "note": "要求申请人说明理由，期限到2026年3月9日。"}]}`,
			`{"id":"2026-0001","reasons":{"asked_on":"2026-03-03","until":"2026-03-09"}}`},
		{"asked, the event is gone", `{"reasons_asked_on": "2026-03-03"}`, `{"reasons":{"asked_on":"2026-03-03","until":"2026-03-03"}}`},
		{"never asked", `{"id": "2026-0002"}`, `{"id":"2026-0002"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var record map[string]any
			if err := json.Unmarshal([]byte(tt.record), &record); err != nil {
				t.Fatal(err)
			}
			if err := storage.ReasonsApart(record); err != nil {
				t.Fatal(err)
			}
			delete(record, "trail")
			if got, _ := json.Marshal(record); string(got) != tt.want {
				t.Errorf("became %s, want %s", got, tt.want)
			}
		})
	}
}

// TestAnswersWithoutASign: those whose answer in chat shows no sign of arrival are found without reading the others.
func TestAnswersWithoutASign(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		served := create(t, h, 2026, "oWang")
		create(t, h, 2026, "oLi")
		r := must(h.Update(ctx, served.ID, func(r *disclosure.Request) error {
			r.State = disclosure.Closed
			r.Decision = &disclosure.Decision{Outcome: disclosure.Granted, ServedOn: workday.MustParse("2026-03-12"), ServedBy: disclosure.DeliverByWeChat}
			r.Letters = append(r.Letters, disclosure.Letter{Template: "reply_granted", Audience: disclosure.ToApplicant, IssuedAt: workday.MustParse("2026-03-12").At(9, 0)})
			return nil
		}))(t)
		found := must(h.Requests(ctx, disclosure.Query{Signs: true}))(t)
		if len(found) != 1 || found[0].ID != r.ID {
			t.Fatalf("found %d requests, want %s alone", len(found), r.ID)
		}
		must(h.Update(ctx, r.ID, func(r *disclosure.Request) error {
			r.Letters[len(r.Letters)-1].OpenedAt = workday.MustParse("2026-03-13").At(9, 0)
			return nil
		}))(t)
		if found := must(h.Requests(ctx, disclosure.Query{Signs: true}))(t); len(found) != 0 {
			t.Errorf("one that was read is still found: %s", found[0].ID)
		}
	})
}
