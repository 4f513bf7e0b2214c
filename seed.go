package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

//go:embed testdata/chongwen-2021.ndjson
var archive2021 []byte

//go:embed testdata/organ.json
var organJSON []byte

// demoPassword is the password of every demo login. The demo listens on this machine only.
const demoPassword = "shoushan-demo"

// demoMembers are the people of the demo: one for each role, and a second reviewer, since three reviews take three people.
var demoMembers = []struct {
	id, name string
	role     staff.Role
}{
	{"author", "张晓", staff.Author},
	{"reviewer", "李敏", staff.Reviewer},
	{"reviewer2", "赵强", staff.Reviewer},
	{"approver", "王建国", staff.Approver},
	{"publisher", "孙丽", staff.Publisher},
	{"desk", "陈静", staff.RequestDesk},
	{"admin", "刘洋", staff.Administrator},
}

// loginHints lists the demo's logins, one line each.
func loginHints() []string {
	var hints []string
	for _, m := range demoMembers {
		hints = append(hints, fmt.Sprintf("%-10s %s（%s） 密码 %s", m.id, m.name, m.role.Chinese(), demoPassword))
	}
	return hints
}

func demoOrgan() (disclosure.Organ, error) {
	var organ disclosure.Organ
	if err := json.Unmarshal(organJSON, &organ); err != nil {
		return organ, fmt.Errorf("decode the demo's organ: %w", err)
	}
	return organ, nil
}

// seed fills an empty store: the archive of 2021, the people, and a small, lively current year. A store that was seeded
// before is left as it is.
func (d *demo) seed(ctx context.Context) error {
	var done bool
	if err := d.store.Setting(ctx, "seeded", &done); !fault.Is(err, fault.NotFound) {
		return err
	}
	if err := d.store.RestoreUnsigned(ctx, bytes.NewReader(archive2021)); err != nil {
		return err
	}
	for _, m := range demoMembers {
		member, err := newMember(m.id, m.name, demoPassword, d.clock.Now(), m.role)
		if err != nil {
			return err
		}
		if err := d.store.SaveMember(ctx, member); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context) error{d.seedRequests, d.seedElsewhere, d.seedPosts} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return d.store.SaveSetting(ctx, "seeded", true)
}

// member returns a seeded member by login name.
func (d *demo) member(ctx context.Context, id string) staff.Member {
	m, err := d.store.Member(ctx, id)
	if err != nil {
		d.log.Error("seed: load member", "id", id, "err", err)
	}
	return m
}

// seedRequest is one request of the current year and how far it got.
type seedRequest struct {
	ago         int // workdays before today
	kind        disclosure.ApplicantKind
	channel     disclosure.Channel
	name        string
	document    string
	description string
	decide      *disclosure.Decision
	signed      bool
	delivered   bool
	later       seedLater // what happened besides, the workday after it came in
}

// seedLater does something at a desk whose clock stands in the past.
type seedLater func(ctx context.Context, desk *disclosure.Desk, clerk, approver staff.Member, id string) error

func seedSupplement(ctx context.Context, desk *disclosure.Desk, clerk, approver staff.Member, id string) error {
	if _, err := desk.RequestSupplement(ctx, clerk, id, []string{"请写明是哪个村、哪一年的安排。"}, workday.Of(desk.Now()).AddDays(21)); err != nil {
		return err
	}
	_, err := desk.SignNotice(ctx, approver, id)
	return err
}

func seedConsultation(ctx context.Context, desk *disclosure.Desk, clerk, approver staff.Member, id string) error {
	if _, err := desk.Consult(ctx, clerk, id, disclosure.ThirdParty, "示例建筑工程有限公司", "合同中的分项报价"); err != nil {
		return err
	}
	_, err := desk.SignNotice(ctx, approver, id)
	return err
}

func seedAssignment(ctx context.Context, desk *disclosure.Desk, clerk, _ staff.Member, id string) error {
	_, err := desk.Assign(ctx, clerk, id, clerk.ID)
	return err
}

// The applicants are made up; their document numbers are formally valid so that the forms can be tried.
func seedRequestList() []seedRequest {
	granted := func(content string) *disclosure.Decision {
		return &disclosure.Decision{Outcome: "r1", How: "attached", Content: content}
	}
	return []seedRequest{
		{ago: 60, kind: disclosure.NaturalPerson, channel: disclosure.AtCounter, name: "示例甲", document: "110101199003070038",
			description: "【示例】2025年度崇文镇高标准农田建设项目资金使用情况", decide: granted("2025年度高标准农田建设项目资金使用情况见附件。"), signed: true, delivered: true},
		{ago: 41, kind: disclosure.Company, channel: disclosure.ByPost, name: "示例农业发展有限公司", document: "91140524MA0EXAMP0C",
			description: "【示例】崇文镇2026年设施农业用地备案清单", decide: &disclosure.Decision{Outcome: "r4_1",
				SearchRecord: "2026年在镇自然资源所、综合办档案以“设施农业用地备案”为关键词检索，未见该清单。"}, signed: true, delivered: true},
		{ago: 17, kind: disclosure.NaturalPerson, channel: disclosure.AtCounter, name: "示例乙", document: "110101198506150027",
			description: "【示例】某村宅基地审批结果公示材料", later: seedAssignment},
		{ago: 12, kind: disclosure.NaturalPerson, channel: disclosure.ByPost, name: "示例丙", document: "110101197812120016",
			description: "【示例】农村低保评议结果和民主评议会议公示", decide: granted("2026年第三季度农村低保评议结果公示表见附件。")},
		{ago: 2, kind: disclosure.LegalService, channel: disclosure.ByPost, name: "示例律师事务所", document: "31140000MD0000001D",
			description: "【示例】城乡建设用地增减挂钩项目补偿安置方案"},
		{ago: 9, kind: disclosure.NaturalPerson, channel: disclosure.ByPhone, name: "示例丁", document: "110101199208240037",
			description: "【示例】村里危房改造的补助安排", later: seedSupplement},
		{ago: 6, kind: disclosure.Company, channel: disclosure.ByPost, name: "示例建材经营部", document: "91140524MA0EXAMP1F",
			description: "【示例】崇文镇便民服务中心装修合同", later: seedConsultation},
		{ago: 3, kind: disclosure.NaturalPerson, channel: disclosure.ByEmail, name: "示例戊", document: "110101196511230049",
			description: "【示例】农村低保评议结果和民主评议会议的公示"},
	}
}

func (d *demo) seedRequests(ctx context.Context) error {
	cal := workday.Embedded()
	for _, sr := range seedRequestList() {
		day := workday.Of(d.clock.Now())
		for left := sr.ago; left > 0; {
			if day = day.AddDays(-1); cal.Workday(day) {
				left--
			}
		}
		if err := d.seedRequest(ctx, sr, day, cal); err != nil {
			return fmt.Errorf("%s: %w", sr.name, err)
		}
	}
	return nil
}

// seedRequest takes one request through the desk as it would have happened, on a desk whose clock stands in the past.
func (d *demo) seedRequest(ctx context.Context, sr seedRequest, day workday.Date, cal workday.Calendar) error {
	at := day.At(9, 30)
	desk := *d.desk
	desk.Now = func() time.Time { return at }
	clerk, approver := d.member(ctx, "desk"), d.member(ctx, "approver")
	r, err := desk.Submit(ctx, clerk, disclosure.Filing{
		Channel: sr.channel, ApplicantKind: sr.kind, Medium: disclosure.Paper, Delivery: disclosure.DeliverByPost, AnnouncedOn: day,
		Personal: disclosure.Personal{
			Name: sr.name, DocumentNumber: sr.document, Representative: representative(sr.kind), Phone: "13800000000",
			Address: "示例地址：崇文镇示例街1号", Description: sr.description,
		},
	})
	if err != nil {
		return err
	}
	if sr.later != nil {
		at = cal.Add(day, 1).Date.At(15, 0)
		if err := sr.later(ctx, &desk, clerk, approver, r.ID); err != nil {
			return err
		}
	}
	if sr.decide == nil {
		return nil
	}
	at = cal.Add(day, 5).Date.At(10, 0)
	if _, err := desk.Decide(ctx, clerk, r.ID, *sr.decide); err != nil {
		return err
	}
	if sr.signed {
		at = at.Add(3 * time.Hour)
		if _, err := desk.SignOff(ctx, approver, r.ID); err != nil {
			return err
		}
	}
	if sr.delivered {
		at = at.Add(24 * time.Hour)
		_, err = desk.Deliver(ctx, clerk, r.ID, disclosure.DeliverByPost, "EMS 示例 1000000000000")
	}
	return err
}

func representative(kind disclosure.ApplicantKind) string {
	if kind == disclosure.NaturalPerson {
		return ""
	}
	return "示例经办人"
}

// seedElsewhere records this year's items that were published before the demo existed.
func (d *demo) seedElsewhere(ctx context.Context) error {
	author := d.member(ctx, "author")
	now := d.clock.Now()
	for i, item := range seedItems {
		at := now.AddDate(0, 0, -3-6*i)
		if workday.Of(at).Year() != workday.Of(now).Year() {
			break
		}
		c := posts.Content{Title: "【示例】" + item.title, Markdown: "示例内容。", Origin: posts.Original, Topic: item.topic}
		if item.source != "" {
			c.Origin, c.Source = posts.Repost, &posts.Source{Name: item.source}
		}
		if _, err := d.newsroom.RecordElsewhere(ctx, author, item.channel, c, "", at); err != nil {
			return fmt.Errorf("%s: %w", item.title, err)
		}
	}
	return nil
}

// seedItems are this year's made-up items, newest first.
var seedItems = []struct {
	title, topic, source string
	channel              posts.Channel
}{
	{"崇文镇开展冬季森林防火宣传", "防汛救灾", "", posts.Account},
	{"全国冬春农田水利建设有序推进", "工作动态", "新华社", posts.Account},
	{"崇文镇2026年第三季度低保名单公示", "政策法规", "", posts.Portal},
	{"人居环境“六乱”整治回头看", "人居环境“六乱”整治", "", posts.Account},
	{"山西发布低温寒潮预警", "防汛救灾", "山西日报", posts.Account},
	{"秋收时节访农家", "工作动态", "", posts.Account},
	{"中小学生秋季传染病防控提示", "疫情防控", "健康中国", posts.Account},
	{"崇文镇机构职能调整公告", "部门机构职能", "", posts.Portal},
	{"国庆假期文明出行倡议", "工作动态", "", posts.Account},
	{"国务院部署秋粮收购工作", "政策法规", "中国政府网", posts.Account},
	{"崇文镇防汛应急演练", "防汛救灾", "", posts.Account},
	{"陵川县暴雨避险指南", "防汛救灾", "陵川发布", posts.Account},
	{"高标准农田建设项目招标结果", "工作动态", "", posts.Portal},
	{"暑期防溺水告家长书", "工作动态", "", posts.Account},
	{"夏季食品安全消费提示", "疫情防控", "国家市场监督管理总局", posts.Account},
}

// seedPosts leaves work for each role: a draft, an item in review, an approved item, and one that is published at once.
func (d *demo) seedPosts(ctx context.Context) error {
	for _, sp := range []struct {
		title   string
		reviews int // -1: stays a draft
		publish bool
	}{
		{"【示例】崇文镇便民服务中心冬季服务时间调整", 3, true},
		{"【示例】崇文镇冬季清洁取暖安全提示", 3, false},
		{"【示例】村级“三务”公开情况抽查结果", 1, false},
		{"【示例】崇文镇2026年政务公开工作要点落实情况", -1, false},
	} {
		if err := d.seedPost(ctx, sp.title, sp.reviews, sp.publish); err != nil {
			return fmt.Errorf("%s: %w", sp.title, err)
		}
	}
	return nil
}

func (d *demo) seedPost(ctx context.Context, title string, reviews int, publish bool) error {
	author := d.member(ctx, "author")
	p, err := d.newsroom.Create(ctx, author, posts.Account, posts.Content{
		Title: title, Byline: "崇文镇", Origin: posts.Original, Topic: "工作动态", Markdown: seedBody,
	})
	if err != nil || reviews < 0 {
		return err
	}
	if _, err := d.newsroom.Submit(ctx, author, p.ID); err != nil {
		return err
	}
	for i, id := range []string{"reviewer", "reviewer2", "approver"} {
		if i >= reviews {
			return nil
		}
		if _, err := d.newsroom.Review(ctx, d.member(ctx, id), p.ID, true, "同意"); err != nil {
			return err
		}
	}
	if !publish {
		return nil
	}
	_, err = d.newsroom.PublishNow(ctx, d.member(ctx, "approver"), p.ID)
	return err
}

const seedBody = `各村（社区）、驻镇各单位：

为方便群众冬季办事，现将有关事项通知如下。

## 一、服务时间

| 日期 | 上午 | 下午 |
|---|---|---|
| 工作日 | 8:00–12:00 | 14:30–18:00 |
| 周六 | 9:00–12:00 | 预约办理 |

## 二、办理方式

1. 到便民服务中心窗口办理；
2. 通过“首善崇文”公众号提交申请；
3. 邮寄材料，信封注明事项名称。

> 以上内容为演示示例，不是真实通知。

**咨询**：请在工作时间拨打公布的办公电话。
`
