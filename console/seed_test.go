package console_test

import (
	"strings"
	"testing"
	"time"

	"shoushan/posts"
	"shoushan/staff"
)

// seeded is a house in the middle of its work: at least one record in every state.
type seeded struct {
	posts    map[posts.State]string // a post in that state
	requests map[string]string      // a request by what is special about it
	picture  string                 // a picture in the file store
	concern  string                 // a public concern
	entry    string                 // an entry of the registers
	shots    []shot
}

const article = `入冬以来，镇政府组织各村开展**清洁取暖**安全检查。

## 检查了什么

- 烟道是否通畅
- 一氧化碳报警器是否在位
- 电路有没有老化

> 发现隐患请拨打镇值班电话。

| 村 | 户数 | 整改 |
| --- | --- | --- |
| 东街 | 120 | 3 |
| 西街 | 98 | 1 |
`

func (h *house) newPost(t testing.TB, title string, origin posts.Origin) posts.Post {
	t.Helper()
	content := posts.Content{Title: title, Byline: "孙撰稿", Markdown: article, Origin: origin, Topic: "安全生产"}
	if origin == posts.Repost {
		content.Source = &posts.Source{Name: "山西日报", URL: "https://example.cn/a"}
		content.Topic = "政策解读"
	}
	p, err := h.newsroom.Create(t.Context(), h.member("sun"), posts.Account, content)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// member returns somebody of the office.
func (h *house) member(id string) staff.Member { return h.members[id] }

// reviewed takes a post through as many of the three rounds.
func (h *house) reviewed(t testing.TB, id string, rounds int) {
	t.Helper()
	if _, err := h.newsroom.Submit(t.Context(), h.member("sun"), id); err != nil {
		t.Fatal(err)
	}
	for _, by := range []string{"qian", "zhao", "zheng"}[:rounds] {
		if _, err := h.newsroom.Review(t.Context(), h.member(by), id, true, "内容属实，同意。"); err != nil {
			t.Fatal(err)
		}
	}
}

// force puts a post into a state that only publishing itself leads to.
func (h *house) force(t testing.TB, id string, change func(*posts.Post) error) {
	t.Helper()
	if _, err := h.UpdatePost(t.Context(), id, change); err != nil {
		t.Fatal(err)
	}
}

func seed(t testing.TB, h *house) seeded {
	t.Helper()
	s := seeded{posts: map[posts.State]string{}, requests: map[string]string{}}
	h.seedPosts(t, &s)
	h.newsroom.Lister, h.newsroom.Statistics = platformList{}, statistics{}
	if _, err := h.newsroom.TakeReadings(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.seedRequests(t, &s)
	s.concern = h.seedConcern(t)
	h.seedReports(t, &s)
	h.now = monday
	s.shots = shotsOf(s)
	return s
}

func (h *house) seedPosts(t testing.TB, s *seeded) {
	t.Helper()
	h.now = monday.AddDate(0, 0, -3)
	make := func(state posts.State, title string, origin posts.Origin, rounds int) string {
		p := h.newPost(t, title, origin)
		if rounds >= 0 {
			h.reviewed(t, p.ID, rounds)
		}
		s.posts[state] = p.ID
		return p.ID
	}
	draft := make(posts.Draft, "我镇部署冬季清洁取暖安全检查", posts.Original, -1)
	h.edited(t, draft)
	make(posts.InReview, "崇文镇召开森林防火工作会议", posts.Original, 0)
	make(posts.Approved, "转载：全省冬季农业生产意见", posts.Repost, 3)
	id := make(posts.Scheduled, "周末便民服务公告", posts.Original, 3)
	if _, err := h.newsroom.Schedule(t.Context(), h.member("zheng"), id, monday.Add(6*time.Hour), posts.FreePublish); err != nil {
		t.Fatal(err)
	}
	back := h.newPost(t, "人居环境“六乱”整治进行时", posts.Original)
	h.reviewed(t, back.ID, 0)
	if _, err := h.newsroom.Review(t.Context(), h.member("qian"), back.ID, false, "第二段的户数与村里报的不一致，请核实。"); err != nil {
		t.Fatal(err)
	}
	for state, failure := range map[posts.State]string{
		posts.Failed:         "平台拒绝了发布：标题含有违规词。请修改后重新送审。",
		posts.OutcomeUnknown: "提交发布后没有收到平台的答复。请到公众号后台核对是否已经发布，再在这里登记。",
		posts.AwaitingPerson: "到点时系统没有运行，已经晚了 3 小时。请确认是否仍要发布。",
	} {
		id := make(state, "稿件："+state.Chinese(), posts.Original, 3)
		h.force(t, id, func(p *posts.Post) error {
			p.State, p.Publication.Failure, p.DueAt = state, failure, monday.Add(-3*time.Hour)
			p.Publication.Steps = []posts.Step{
				{Name: posts.StepDraft, Begun: monday.Add(-3 * time.Hour), Ended: monday.Add(-3 * time.Hour), Outcome: "ok"},
				{Name: posts.StepSubmit, Begun: monday.Add(-3 * time.Hour), Outcome: ""},
			}
			return nil
		})
	}
	h.seedPublished(t, s)
}

func (h *house) seedPublished(t testing.TB, s *seeded) {
	t.Helper()
	id := h.newPost(t, "我镇启动冬春火灾防控专项行动", posts.Original).ID
	h.reviewed(t, id, 3)
	h.force(t, id, func(p *posts.Post) error {
		p.State, p.Publication.URL = posts.Published, "https://mp.weixin.qq.com/s/abcdefg"
		p.Publication.PublishedAt = monday.AddDate(0, 0, -2)
		p.Publication.Steps = []posts.Step{
			{Name: posts.StepImages, Begun: monday.AddDate(0, 0, -2), Ended: monday.AddDate(0, 0, -2), Outcome: "ok"},
			{Name: posts.StepDraft, Begun: monday.AddDate(0, 0, -2), Ended: monday.AddDate(0, 0, -2), Outcome: "ok"},
			{Name: posts.StepSubmit, Begun: monday.AddDate(0, 0, -2), Ended: monday.AddDate(0, 0, -2), Outcome: "ok"},
		}
		return nil
	})
	s.posts[posts.Published] = id
	for i := range 64 {
		c := posts.Content{Title: "登记的稿件", Markdown: "正文。", Origin: posts.Original, Topic: []string{"疫情防控", "防汛救灾", ""}[i%3]}
		channel := posts.Account
		switch i % 4 {
		case 1, 2:
			c.Origin, c.Source = posts.Repost, &posts.Source{Name: "新华网"}
		case 3:
			channel = posts.Portal
		}
		at := time.Date(2026, time.Month(1+i%11), 1+i%20, 10, 0, 0, 0, beijing)
		if _, err := h.newsroom.RecordElsewhere(t.Context(), h.member("sun"), channel, c, "", at); err != nil {
			t.Fatal(err)
		}
	}
}

// edited gives a post a second version, and a comment.
func (h *house) edited(t testing.TB, id string) {
	t.Helper()
	p, err := h.Post(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	c := p.Content
	c.Markdown = strings.Replace(article, "电路有没有老化", "电路有没有老化、私拉乱接", 1)
	c.Digest = "入冬安全检查。"
	if _, err := h.newsroom.Edit(t.Context(), h.member("sun"), id, p.Version, c); err != nil {
		t.Fatal(err)
	}
	if _, err := h.newsroom.Comment(t.Context(), h.member("qian"), id, "西街的户数请再核对一下。"); err != nil {
		t.Fatal(err)
	}
}
