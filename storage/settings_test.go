package storage_test

import (
	"errors"
	"testing"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
	"shoushan/opinion"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/workday"
)

func TestSettings(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		var got struct{ N int }
		if err := h.Setting(ctx, "a", &got); !fault.Is(err, fault.NotFound) {
			t.Errorf("Setting before SaveSetting = %v, want NotFound", err)
		}
		for n := range 3 {
			if err := h.SaveSetting(ctx, "a", map[string]int{"N": n}); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.Setting(ctx, "a", &got); err != nil || got.N != 2 {
			t.Errorf("Setting = %+v, %v, want what was saved last", got, err)
		}
		var wrong []string
		if h.Setting(ctx, "a", &wrong) == nil || h.SaveSetting(ctx, "", 1) == nil || h.SaveSetting(ctx, "f", func() {}) == nil {
			t.Error("a wrong type or an empty name was taken")
		}
	})
}

func TestNotices(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		later := notice2027
		later.Year, later.Off = 2028, map[workday.Date]string{workday.On(2028, 1, 1): "元旦"}
		for _, n := range []workday.Notice{later, notice2027, notice2027} {
			if err := h.SaveNotice(ctx, n); err != nil {
				t.Fatal(err)
			}
		}
		if d := diff([]workday.Notice{notice2027, later}, must(h.Notices(ctx))(t)); d != "" {
			t.Errorf("Notices() (-want +got):\n%s", d)
		}
		if err := h.SaveNotice(ctx, workday.Notice{Year: 2029}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a notice without days = %v, want Invalid", err)
		}
	})
}

func TestProseAndRegisters(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		if d := diff(report.DefaultProse(2026), must(h.Prose(ctx, 2026))(t)); d != "" {
			t.Errorf("prose that nobody wrote is not the usual one:\n%s", d)
		}
		if err := h.SaveProse(ctx, report.Prose{Year: 2026, Appraisal: "无"}); err != nil {
			t.Fatal(err)
		}
		if got := must(h.Prose(ctx, 2026))(t).Appraisal; got != "无" {
			t.Errorf("Appraisal = %q", got)
		}
		refused := errors.New("no")
		if err := h.UpdateRegisters(ctx, func(r *report.Registers) error {
			r.Documents = []report.Document{{ID: "x"}}
			return refused
		}); !errors.Is(err, refused) {
			t.Errorf("UpdateRegisters = %v, want the change's own error", err)
		}
		if r := must(h.Registers(ctx))(t); len(r.Documents) != 0 {
			t.Errorf("a refused change left %v", r.Documents)
		}
	})
}

func TestConcerns(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		for range 2 {
			must(h.CreateConcern(ctx, 2026, func(id string) (opinion.Concern, error) {
				return opinion.Concern{
					ID: id, State: opinion.Open, Entry: opinion.Entry{FoundAt: noon, Platform: "微博", Summary: "反映停水"},
					Trail: staff.Trail(nil).Append(staff.System, noon, "record", "", ""),
				}, nil
			}))(t)
		}
		must(h.UpdateConcern(ctx, "2026-0001", func(c *opinion.Concern) error { c.State = opinion.Closed; return nil }))(t)
		open := must(h.Concerns(ctx, opinion.Query{Year: 2026, Open: true}))(t)
		if len(open) != 1 || open[0].ID != "2026-0002" || open[0].Summary != "反映停水" {
			t.Errorf("open concerns = %+v", open)
		}
		if all := must(h.Concerns(ctx, opinion.Query{}))(t); len(all) != 2 || all[0].Version != 2 {
			t.Errorf("all concerns = %+v", all)
		}
		for _, id := range []string{"2026-0009", "x"} {
			if _, err := h.Concern(ctx, id); !fault.Is(err, fault.NotFound) {
				t.Errorf("Concern(%s) = %v, want NotFound", id, err)
			}
		}
		agree(t, h)
		expectFinding(t, h, "")
	})
}

func TestMakeRedisClientOpensANewOne(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		c, ok := h.MakeRedisClient().(redis.UniversalClient)
		if !ok {
			t.Fatal("not a client that asynq understands")
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if err := h.Ping(t.Context()); err != nil {
			t.Errorf("closing the new client closed the Store's: %v", err)
		}
	})
}
