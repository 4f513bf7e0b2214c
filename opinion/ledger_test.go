package opinion_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shoushan/fault"
	"shoushan/opinion"
	"shoushan/staff"
	"shoushan/workday"
)

var (
	desk   = staff.Member{ID: "wang", Name: "王芳", Roles: []staff.Role{staff.RequestDesk}}
	author = staff.Member{ID: "li", Name: "李明", Roles: []staff.Role{staff.Author}}
)

// register keeps concerns as JSON, so that what a verb alters in memory is not stored by accident.
type register struct{ rows map[string][]byte }

func (r *register) CreateConcern(_ context.Context, year int, build func(string) (opinion.Concern, error)) (opinion.Concern, error) {
	c, err := build(fmt.Sprintf("%d-%03d", year, len(r.rows)+1))
	if err != nil {
		return c, err
	}
	return c, r.put(c)
}

func (r *register) put(c opinion.Concern) error {
	data, err := json.Marshal(c)
	r.rows[c.ID] = data
	return err
}

func (r *register) UpdateConcern(ctx context.Context, id string, change func(*opinion.Concern) error) (opinion.Concern, error) {
	c, err := r.Concern(ctx, id)
	if err != nil {
		return c, err
	}
	if err := change(&c); err != nil {
		return opinion.Concern{}, err
	}
	c.Version++
	return c, r.put(c)
}

func (r *register) Concern(_ context.Context, id string) (c opinion.Concern, err error) {
	data, known := r.rows[id]
	if !known {
		return c, fault.New(fault.NotFound, "没有。")
	}
	return c, json.Unmarshal(data, &c)
}

func (r *register) Concerns(ctx context.Context, q opinion.Query) ([]opinion.Concern, error) {
	var list []opinion.Concern
	for i := range len(r.rows) {
		for id := range r.rows {
			if !strings.HasSuffix(id, fmt.Sprintf("-%03d", i+1)) {
				continue
			}
			if c, err := r.Concern(ctx, id); err != nil {
				return nil, err
			} else if !q.Open || c.State == opinion.Open {
				list = append(list, c)
			}
		}
	}
	return list, nil
}

type room struct {
	*opinion.Ledger
	now time.Time
	t   testing.TB
}

func newRoom(t testing.TB, now time.Time) *room {
	t.Helper()
	r := &room{now: now, t: t}
	r.Ledger = &opinion.Ledger{Register: &register{rows: map[string][]byte{}}, Now: func() time.Time { return r.now }}
	return r
}

func (r *room) entered(level opinion.Level, class opinion.Class) opinion.Concern {
	r.t.Helper()
	c, err := r.Record(r.t.Context(), desk, opinion.Entry{
		FoundAt: r.now, Platform: "微博", Summary: "网传某村饮水浑浊", Class: class, Level: level,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func beijing(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, workday.Beijing)
	if err != nil {
		panic(err)
	}
	return t
}

func TestLimits(t *testing.T) {
	// 2026-09-30 is a Wednesday, the last workday before the holiday of 1 to 7 October.
	found := "2026-09-30 20:00:00"
	tests := []struct {
		name  string
		level opinion.Level
		class opinion.Class
		want  map[opinion.DutyKind]string
	}{
		{"国办发〔2016〕61号: 48 clock hours for an ordinary concern, over the holiday", opinion.Ordinary, opinion.Livelihood,
			map[opinion.DutyKind]string{opinion.TellLeaders: "2026-09-30 22:00:00", opinion.AnswerConcern: "2026-10-02 20:00:00", opinion.Investigate: "2026-10-09 23:59:59"}},
		{"国办发〔2016〕61号: 48 hours for a considerable one too", opinion.Considerable, opinion.PublicInterest,
			map[opinion.DutyKind]string{opinion.TellLeaders: "2026-09-30 22:00:00", opinion.AnswerConcern: "2026-10-02 20:00:00", opinion.Investigate: "2026-10-09 23:59:59"}},
		{"国办发〔2016〕80号: 5 hours for the word and 24 for the conference on a major event", opinion.Major, opinion.Emergency,
			map[opinion.DutyKind]string{opinion.TellLeaders: "2026-09-30 22:00:00", opinion.GiveWord: "2026-10-01 01:00:00", opinion.HoldConference: "2026-10-01 20:00:00", opinion.Investigate: "2026-10-09 23:59:59"}},
		{"the same for an extra-major one, whatever its class", opinion.ExtraMajor, opinion.Other,
			map[opinion.DutyKind]string{opinion.TellLeaders: "2026-09-30 22:00:00", opinion.GiveWord: "2026-10-01 01:00:00", opinion.HoldConference: "2026-10-01 20:00:00", opinion.Investigate: "2026-10-09 23:59:59"}},
		{"a concern of no listed class need not be answered", opinion.Ordinary, opinion.Other,
			map[opinion.DutyKind]string{opinion.TellLeaders: "2026-09-30 22:00:00", opinion.Investigate: "2026-10-09 23:59:59"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := opinion.Concern{Entry: opinion.Entry{FoundAt: beijing(found), Level: tt.level, Class: tt.class}}
			got := map[opinion.DutyKind]string{}
			for _, d := range c.Duties(workday.Embedded()) {
				got[d.Kind] = d.Due.In(workday.Beijing).Format("2006-01-02 15:04:05")
				if d.Ground == "" || d.Kind.Chinese() == "" {
					t.Errorf("duty %s lacks its ground or its name", d.Kind)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLate(t *testing.T) {
	due := beijing("2026-11-23 10:00:00")
	tests := []struct {
		name      string
		done, now time.Time
		late      bool
		left      time.Duration
	}{
		{"open and in time", time.Time{}, due.Add(-time.Hour), false, time.Hour},
		{"open at the very moment", time.Time{}, due, false, 0},
		{"open and over", time.Time{}, due.Add(time.Second), true, -time.Second},
		{"done at the very moment", due, due.Add(time.Hour), false, 0},
		{"done late stays late", due.Add(time.Second), due.Add(time.Hour), true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := opinion.Duty{Due: due, Done: tt.done}
			if got := d.Late(tt.now); got != tt.late {
				t.Errorf("Late = %v, want %v", got, tt.late)
			}
			if got := d.Left(tt.now); got != tt.left {
				t.Errorf("Left = %v, want %v", got, tt.left)
			}
		})
	}
}

func TestWholeLife(t *testing.T) {
	r := newRoom(t, beijing("2026-11-23 09:00:00"))
	ctx := t.Context()
	c := r.entered(opinion.Major, opinion.Emergency)
	steps := []struct {
		after time.Duration
		do    func() (opinion.Concern, error)
	}{
		{time.Hour, func() (opinion.Concern, error) { return r.Report(ctx, desk, c.ID, "镇长、分管副镇长", r.now) }},
		{time.Minute, func() (opinion.Concern, error) { return r.Assign(ctx, desk, c.ID, "张三") }},
		{2 * time.Hour, func() (opinion.Concern, error) {
			return r.Answer(ctx, desk, c.ID, opinion.Answer{At: r.now, Manner: opinion.Authoritative, Text: "已停水检修", Link: "https://example.org/1"})
		}},
		{24 * time.Hour, func() (opinion.Concern, error) {
			return r.Answer(ctx, desk, c.ID, opinion.Answer{At: r.now, Manner: opinion.Conference, Text: "通报原因"})
		}},
		{time.Hour, func() (opinion.Concern, error) { return r.Find(ctx, desk, c.ID, "管道破损", r.now) }},
		{time.Hour, func() (opinion.Concern, error) { return r.Close(ctx, desk, c.ID, opinion.Faded) }},
		{time.Hour, func() (opinion.Concern, error) { return r.FollowUp(ctx, desk, c.ID, "水质已恢复") }},
		{time.Hour, func() (opinion.Concern, error) { return r.Archive(ctx, desk, c.ID) }},
	}
	for i, s := range steps {
		r.now = r.now.Add(s.after)
		var err error
		if c, err = s.do(); err != nil {
			t.Fatalf("step %d: %v", i+1, err)
		}
	}
	if err := c.Trail.Verify(); err != nil || len(c.Trail) != len(steps)+1 {
		t.Errorf("trail of %d events, want %d; %v", len(c.Trail), len(steps)+1, err)
	}
	late := map[opinion.DutyKind]bool{}
	for _, d := range c.Duties(workday.Embedded()) {
		late[d.Kind] = d.Late(r.now)
	}
	want := map[opinion.DutyKind]bool{opinion.TellLeaders: false, opinion.GiveWord: false, opinion.HoldConference: true, opinion.Investigate: false}
	if diff := cmp.Diff(want, late); diff != "" {
		t.Errorf("the conference came after 27 hours: %s", diff)
	}
	if c.State != opinion.Archived || c.Ending != opinion.Faded || len(c.FollowUps) != 1 || c.Responsible != "张三" {
		t.Errorf("ended as %+v", c)
	}
}

func TestRefusals(t *testing.T) {
	now := beijing("2026-11-23 09:00:00")
	type deed = func(r *room, c opinion.Concern) (opinion.Concern, error)
	tests := []struct {
		name  string
		class opinion.Class
		do    deed
		want  fault.Kind
	}{
		{"an author keeps no register", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Report(t.Context(), author, c.ID, "镇长", r.now)
		}, fault.Forbidden},
		{"61号: a class that must be answered is not closed unanswered", opinion.Livelihood, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			if _, err := r.Report(t.Context(), desk, c.ID, "镇长", r.now); err != nil {
				return c, err
			}
			return r.Close(t.Context(), desk, c.ID, opinion.Faded)
		}, fault.Conflict},
		{"nothing is closed before it was reported", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Close(t.Context(), desk, c.ID, opinion.Faded)
		}, fault.Conflict},
		{"an open concern is not archived", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Archive(t.Context(), desk, c.ID)
		}, fault.Conflict},
		{"an open concern is not reopened", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Reopen(t.Context(), desk, c.ID, "又有新帖")
		}, fault.Conflict},
		{"a report in the future", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Report(t.Context(), desk, c.ID, "镇长", r.now.Add(time.Minute))
		}, fault.Invalid},
		{"an answer before it was found", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Answer(t.Context(), desk, c.ID, opinion.Answer{At: r.now.Add(-time.Minute), Manner: opinion.Comment, Text: "x"})
		}, fault.Invalid},
		{"an answer in no known manner", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Answer(t.Context(), desk, c.ID, opinion.Answer{At: r.now, Manner: "shout", Text: "x"})
		}, fault.Invalid},
		{"a report to nobody", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Report(t.Context(), desk, c.ID, " ", r.now)
		}, fault.Invalid},
		{"findings without words", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Find(t.Context(), desk, c.ID, "", r.now)
		}, fault.Invalid},
		{"an assignment to nobody", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Assign(t.Context(), desk, c.ID, "")
		}, fault.Invalid},
		{"a reassessment without a reason", opinion.Other, func(r *room, c opinion.Concern) (opinion.Concern, error) {
			return r.Reassess(t.Context(), desk, c.ID, opinion.Emergency, opinion.Major, "")
		}, fault.Invalid},
		{"an unknown concern", opinion.Other, func(r *room, _ opinion.Concern) (opinion.Concern, error) {
			return r.Assign(t.Context(), desk, "2026-999", "张三")
		}, fault.NotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t, now)
			c := r.entered(opinion.Ordinary, tt.class)
			if _, err := tt.do(r, c); fault.KindOf(err) != tt.want || err == nil {
				t.Errorf("error = %v, want %v", err, tt.want)
			}
		})
	}
}

func TestRecordRefusesHalfAnEntry(t *testing.T) {
	now := beijing("2026-11-23 09:00:00")
	whole := opinion.Entry{FoundAt: now, Platform: "微博", Summary: "摘要", Class: opinion.Other, Level: opinion.Ordinary}
	tests := []struct {
		name  string
		spoil func(*opinion.Entry)
	}{
		{"no time", func(e *opinion.Entry) { e.FoundAt = time.Time{} }},
		{"found tomorrow", func(e *opinion.Entry) { e.FoundAt = now.Add(24 * time.Hour) }},
		{"no platform", func(e *opinion.Entry) { e.Platform = " " }},
		{"no summary", func(e *opinion.Entry) { e.Summary = "" }},
		{"no class", func(e *opinion.Entry) { e.Class = "x" }},
		{"no level", func(e *opinion.Entry) { e.Level = "" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := whole
			tt.spoil(&e)
			if _, err := newRoom(t, now).Record(t.Context(), desk, e); !fault.Is(err, fault.Invalid) {
				t.Errorf("error = %v, want Invalid", err)
			}
		})
	}
}

func TestReassessmentShortensTheLimits(t *testing.T) {
	r := newRoom(t, beijing("2026-11-23 09:00:00"))
	c := r.entered(opinion.Ordinary, opinion.Emergency)
	r.now = r.now.Add(6 * time.Hour)
	c, err := r.Reassess(t.Context(), desk, c.ID, opinion.Emergency, opinion.ExtraMajor, "伤亡扩大")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range c.Duties(workday.Embedded()) {
		if d.Kind == opinion.GiveWord && !d.Late(r.now) {
			t.Error("80号: five hours run from the finding, not from the reassessment")
		}
	}
}

func TestPendingPutsTheMostUrgentFirst(t *testing.T) {
	r := newRoom(t, beijing("2026-11-23 09:00:00"))
	ordinary := r.entered(opinion.Ordinary, opinion.Livelihood)
	grave := r.entered(opinion.Major, opinion.Emergency)
	if _, err := r.Report(t.Context(), desk, grave.ID, "镇长", r.now); err != nil {
		t.Fatal(err)
	}
	list, err := r.Pending(t.Context(), workday.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range list {
		got = append(got, p.Concern.ID+" "+string(p.Duty.Kind))
	}
	want := []string{ordinary.ID + " report", grave.ID + " word", grave.ID + " conference", ordinary.ID + " answer", ordinary.ID + " findings", grave.ID + " findings"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReopenClearsTheEnding(t *testing.T) {
	r := newRoom(t, beijing("2026-11-23 09:00:00"))
	c := r.entered(opinion.Ordinary, opinion.Other)
	for _, do := range []func() (opinion.Concern, error){
		func() (opinion.Concern, error) { return r.Report(t.Context(), desk, c.ID, "镇长", r.now) },
		func() (opinion.Concern, error) { return r.Close(t.Context(), desk, c.ID, opinion.Untrue) },
		func() (opinion.Concern, error) { return r.Reopen(t.Context(), desk, c.ID, "又有新帖") },
	} {
		var err error
		if c, err = do(); err != nil {
			t.Fatal(err)
		}
	}
	if c.State != opinion.Open || c.Ending != "" || !c.ClosedAt.IsZero() {
		t.Errorf("reopened as %+v", c)
	}
}

func TestDutyIsDoneByTheFirstDeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		found := beijing("2026-03-02 09:00:00")
		hours := rapid.SliceOfN(rapid.IntRange(0, 100), 1, 6).Draw(t, "hours")
		c := opinion.Concern{Entry: opinion.Entry{FoundAt: found, Level: opinion.Ordinary, Class: opinion.Instructed}}
		first := hours[0]
		for _, h := range hours {
			first = min(first, h)
			c.Answers = append(c.Answers, opinion.Answer{At: found.Add(time.Duration(h) * time.Hour), Manner: opinion.Comment})
		}
		for _, d := range c.Duties(workday.Embedded()) {
			if d.Kind == opinion.AnswerConcern && d.Late(found.AddDate(1, 0, 0)) != (first > 48) {
				t.Fatalf("answers after %v hours: late = %v", hours, !(first > 48))
			}
		}
	})
}

func TestWordsAreChinese(t *testing.T) {
	for _, c := range opinion.Classes() {
		if c.Chinese() == "" || c.MustAnswer() != (c != opinion.Other) {
			t.Errorf("class %s: %q, must answer %v", c, c.Chinese(), c.MustAnswer())
		}
	}
	for _, l := range opinion.Levels() {
		if l.Chinese() == "" {
			t.Errorf("level %s has no name", l)
		}
	}
	if opinion.Class("x").MustAnswer() {
		t.Error("an unknown class must be answered")
	}
}
