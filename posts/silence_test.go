package posts_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

func TestSilence(t *testing.T) {
	tests := []struct {
		name, latest, now string
		want              posts.SilenceLevel
		says              string
	}{
		{"检查指标: 9 days are fine", "2026-11-02 10:00:00", "2026-11-11 10:00:00", posts.SilenceFine, "正常"},
		{"检查指标: day 10 reminds", "2026-11-02 10:00:00", "2026-11-12 10:00:00", posts.SilenceReminder, "提醒：公众号已 10 天"},
		{"检查指标: day 12 is urgent", "2026-11-05 23:59:59", "2026-11-17 00:00:00", posts.SilenceUrgent, "紧急提醒：公众号已 12 天"},
		{"检查指标: day 13 is the alarm", "2026-11-04 10:00:00", "2026-11-17 10:00:00", posts.SilenceAlarm, "警报：公众号已 13 天"},
		{"检查指标: day 14 is a fault", "2026-11-02 10:00:00", "2026-11-16 10:00:00", posts.SilenceFault, "超过 14 天上限"},
		{"the last day is a Sunday: the alarm comes on Friday", "2026-11-02 10:00:00", "2026-11-13 09:00:00", posts.SilenceAlarm, "最后一个工作日"},
		{"the last day falls into National Day: the alarm comes on its eve", "2026-09-22 10:00:00", "2026-09-30 09:00:00", posts.SilenceAlarm, "9月30日"},
		{"the day before that eve is fine", "2026-09-22 10:00:00", "2026-09-29 09:00:00", posts.SilenceFine, "正常"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			r.clock = beijing(tt.now)
			r.elsewhere("最近一篇", "", tt.latest)
			s, err := r.Silence(t.Context(), workday.Embedded())
			if err != nil || s.Level != tt.want || !strings.Contains(s.Sentence(), tt.says) {
				t.Errorf("level %d, %v: %s (act by %s, last day %s)", s.Level, err, s.Sentence(), s.ActBy, s.LastDay)
			}
		})
	}
}

func TestSilenceOffersApprovedItems(t *testing.T) {
	r, _ := massRoom(t)
	r.clock = beijing("2026-11-12 10:00:00")
	r.elsewhere("最近一篇", "", "2026-11-02 10:00:00")
	s, err := r.Silence(t.Context(), workday.Embedded())
	if err != nil || !strings.Contains(s.Sentence(), "没有已审定的稿件") {
		t.Errorf("%v: %s", err, s.Sentence())
	}
	p := r.approved(content())
	s, err = r.Silence(t.Context(), workday.Embedded())
	if err != nil || len(s.Ready) != 1 || !strings.Contains(s.Sentence(), p.Content.Title) || s.Level != posts.SilenceReminder {
		t.Errorf("%v: %s", err, s.Sentence())
	}
	r.Limit = posts.MassLimit{PerDay: 1, PerMonth: 1}
	wantFault(t, r.HandleMassEvent(t.Context(), posts.MassOutcome{MsgID: "1", Sent: true, At: beijing("2026-11-02 09:00:00")}), fault.NotFound)
	if s, _ = r.Silence(t.Context(), workday.Embedded()); !strings.Contains(s.Sentence(), "不推送") {
		t.Errorf("the used quota is not mentioned: %s", s.Sentence())
	}
	r.must(r.Schedule(t.Context(), approver, p.ID, r.clock.Add(time.Hour), posts.FreePublish))
	if s, _ = r.Silence(t.Context(), workday.Embedded()); s.Level != posts.SilenceFine || !strings.Contains(s.Sentence(), "已有稿件定时发布") {
		t.Errorf("something is scheduled in time: %s", s.Sentence())
	}
	r.must(r.Schedule(t.Context(), approver, p.ID, r.clock.Add(5*24*time.Hour), posts.FreePublish))
	if s, _ = r.Silence(t.Context(), workday.Embedded()); s.Level != posts.SilenceReminder {
		t.Errorf("what is scheduled too late does not help: %s", s.Sentence())
	}
}

func TestSilenceOfANewAccount(t *testing.T) {
	r := newRoom(t)
	s, err := r.Silence(t.Context(), workday.Embedded())
	if err != nil || !strings.Contains(s.Sentence(), "还没有发布记录") || s.Level != posts.SilenceReminder {
		t.Errorf("%v: %s", err, s.Sentence())
	}
	r.elsewhere("去年的", "", "2025-12-31 10:00:00")
	if s, _ = r.Silence(t.Context(), workday.Embedded()); s.Level != posts.SilenceFault {
		t.Errorf("last year's item: %s", s.Sentence())
	}
}

func TestAMassSendByHandEndsTheSilence(t *testing.T) {
	r, _ := massRoom(t)
	r.clock = beijing("2026-11-16 10:00:00")
	r.elsewhere("最近一篇", "", "2026-11-02 10:00:00")
	wantFault(t, r.HandleMassEvent(t.Context(), posts.MassOutcome{MsgID: "1", At: beijing("2026-11-15 09:00:00")}), fault.NotFound)
	if s, err := r.Silence(t.Context(), workday.Embedded()); err != nil || s.Level != posts.SilenceFault {
		t.Errorf("a send that failed: %v, %s", err, s.Sentence())
	}
	wantFault(t, r.HandleMassEvent(t.Context(), posts.MassOutcome{MsgID: "2", Sent: true, At: beijing("2026-11-15 09:00:00")}), fault.NotFound)
	if s, err := r.Silence(t.Context(), workday.Embedded()); err != nil || s.Level != posts.SilenceFine || s.Days != 1 {
		t.Errorf("a send from Tencent's own back end: %v, %s", err, s.Sentence())
	}
}

func TestKeepers(t *testing.T) {
	r, _ := massRoom(t)
	if ids, err := r.Keepers(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("keepers = %v, %v", ids, err)
	}
	wantFault(t, r.SaveKeepers(t.Context(), author, []string{"author"}), fault.Forbidden)
	admin := staff.Member{ID: "admin", Roles: []staff.Role{staff.Administrator}}
	if err := r.SaveKeepers(t.Context(), admin, []string{"author", " ", "author", "approver"}); err != nil {
		t.Fatal(err)
	}
	if ids, err := r.Keepers(t.Context()); err != nil || cmp.Diff([]string{"author", "approver"}, ids) != "" {
		t.Errorf("keepers = %v, %v", ids, err)
	}
}

func TestTopics(t *testing.T) {
	r, _ := massRoom(t)
	topics, err := r.Topics(t.Context())
	if err != nil || !slices.Contains(topics, "防汛救灾") || !slices.Contains(topics, "人居环境“六乱”整治") {
		t.Errorf("topics = %v, %v", topics, err)
	}
	wantFault(t, r.SaveTopics(t.Context(), author, []string{"甲"}), fault.Forbidden)
	wantFault(t, r.SaveTopics(t.Context(), approver, []string{" "}), fault.Invalid)
	wantFault(t, r.SaveTopics(t.Context(), approver, strings.Split(strings.Repeat("甲,乙,", 1)+strings.Join(many(61), ","), ",")), fault.Invalid)
	if err := r.SaveTopics(t.Context(), approver, []string{" 秋收 ", "秋收", "", "冬防"}); err != nil {
		t.Fatal(err)
	}
	if topics, _ = r.Topics(t.Context()); cmp.Diff([]string{"秋收", "冬防"}, topics) != "" {
		t.Errorf("topics = %v", topics)
	}
	r.Cabinet = nil
	if err := r.SaveTopics(t.Context(), approver, []string{"甲"}); err == nil {
		t.Error("topics were saved nowhere")
	}
}

func many(n int) (list []string) {
	for i := range n {
		list = append(list, strings.Repeat("题", i+1))
	}
	return list
}

func TestQuarter(t *testing.T) {
	r := newRoom(t)
	repost := func(title, source, url, at string) posts.Post {
		c := content()
		c.Title, c.Origin, c.Source, c.Topic = title, posts.Repost, &posts.Source{Name: source, URL: url}, "防汛救灾"
		return r.must(r.RecordElsewhere(t.Context(), approver, posts.Account, c, "", beijing(at)))
	}
	one := r.elsewhere("一", "", "2026-07-01 00:00:00")
	two := r.elsewhere("二", "", "2026-07-12 09:00:00")
	three := repost("三", "新华社", "https://www.news.cn/1", "2026-07-13 09:00:00")
	four := repost("四", "某网", "https://example.com/1", "2026-08-10 09:00:00")
	last := r.elsewhere("末", "", "2026-09-30 23:59:59")
	r.elsewhere("下季", "", "2026-10-01 00:00:00")
	gone := r.elsewhere("删", "", "2026-08-20 09:00:00")
	r.must(r.RecordRemoval(t.Context(), approver, gone.ID, r.clock, "删了"))
	c := content()
	site := r.must(r.RecordElsewhere(t.Context(), approver, posts.Portal, c, "", beijing("2026-08-20 09:00:00")))
	s, err := r.Quarter(t.Context(), 2026, 3)
	if err != nil {
		t.Fatal(err)
	}
	ids := func(want ...posts.Post) (list []string) {
		for _, p := range want {
			list = append(list, p.ID)
		}
		return list
	}
	for name, d := range map[string]string{
		"originals": cmp.Diff(ids(last, two, one), sorted(s.Originals, last, two, one)), "reposts": cmp.Diff(ids(four, three), sorted(s.Reposts, four, three)),
		"portal": cmp.Diff(ids(site), s.Portal), "removed": cmp.Diff(ids(gone), s.Removed), "unapproved": cmp.Diff(ids(four), s.Unapproved),
	} {
		if d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	if s.Total() != 5 || s.OriginalRate() != 60 || len(s.Sources) != 2 || len(s.WithoutSource) != 0 {
		t.Errorf("total %d, rate %v, sources %v", s.Total(), s.OriginalRate(), s.Sources)
	}
	var gaps []string
	for _, g := range s.Gaps {
		gaps = append(gaps, g.From.String()+" "+g.To.String()+map[bool]string{true: " too long"}[g.TooLong])
	}
	if diff := cmp.Diff([]string{"2026-07-01 2026-07-12", "2026-07-13 2026-08-10 too long", "2026-08-10 2026-09-30 too long"}, gaps); diff != "" {
		t.Error(diff)
	}
	if _, err := r.Quarter(t.Context(), 2026, 5); !fault.Is(err, fault.Invalid) {
		t.Errorf("a fifth quarter: %v", err)
	}
	if s, _ = r.Quarter(t.Context(), 2026, 4); s.To != workday.Of(r.clock) {
		t.Errorf("the running quarter ends %s", s.To)
	}
	if s, _ = r.Quarter(t.Context(), 2025, 1); s.OriginalRate() != 0 || len(s.Gaps) != 1 {
		t.Errorf("an empty quarter: %+v", s)
	}
}

// sorted returns the ids in the order of the wanted posts, so that the order of the shelf does not matter.
func sorted(got []string, want ...posts.Post) (list []string) {
	for _, p := range want {
		if slices.Contains(got, p.ID) {
			list = append(list, p.ID)
		}
	}
	if len(list) != len(got) {
		return got
	}
	return list
}

// broken is a shelf that cannot be read.
type broken struct{ posts.Shelf }

func (broken) Posts(context.Context, posts.Query) ([]posts.Post, error) {
	return nil, errors.New("redis")
}

func TestAnUnreadableShelfIsAnError(t *testing.T) {
	r, _ := massRoom(t)
	r.Shelf = broken{r.shelf}
	for name, err := range map[string]error{
		"Silence": onlyErr(r.Silence(t.Context(), workday.Embedded())), "Quarter": onlyErr(r.Quarter(t.Context(), 2026, 1)),
		"MassMeter": onlyErr(r.MassMeter(t.Context(), workday.Of(r.clock))), "AlikeTo": onlyErr(r.AlikeTo(t.Context(), content(), "")),
		"OriginDifferences": onlyErr(r.OriginDifferences(t.Context(), 2026)), "MatchMonth": onlyErr(r.MatchMonth(t.Context(), 2026, 1)),
	} {
		if err == nil {
			t.Errorf("%s returned no error", name)
		}
	}
}

func onlyErr[T any](_ T, err error) error { return err }
