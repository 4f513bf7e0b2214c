package report_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/workday"
)

// The archive of 崇文镇's year 2021: the town's own prose, and made-up items whose totals are those that the published
// report speaks of: 127 originals, 500余 reposts, 80余 portal items, no request. Every title says that it is a sample.
// Run with -update to write it anew.
const archive2021 = "../testdata/chongwen-2021.ndjson"

const (
	originals2021 = 127
	reposts2021   = 505
	portal2021    = 85
)

// season lists what a township of 2021 wrote about, by month.
var season = [13][]string{
	1: {"疫情防控", "工作动态", "安全生产"}, 2: {"疫情防控", "工作动态", "乡村振兴"}, 3: {"农村人居环境“六乱”整治", "乡村振兴", "政策法规"},
	4: {"农村人居环境“六乱”整治", "工作动态", "安全生产"}, 5: {"农村人居环境“六乱”整治", "疫情防控", "政策法规"}, 6: {"工作动态", "农村人居环境“六乱”整治", "安全生产"},
	7: {"防汛救灾", "工作动态", "农村人居环境“六乱”整治"}, 8: {"疫情防控", "防汛救灾", "乡村振兴"}, 9: {"农村人居环境“六乱”整治", "乡村振兴", "政策法规"},
	10: {"防汛救灾", "防汛救灾", "工作动态"}, 11: {"疫情防控", "安全生产", "政策法规"}, 12: {"疫情防控", "工作动态", "乡村振兴"},
}

var subjects = map[string][]string{
	"疫情防控":         {"返乡人员登记和健康提醒", "新冠疫苗接种工作安排", "公共场所常态化防控", "核酸检测采样点设置", "村级卡口值守"},
	"农村人居环境“六乱”整治": {"村庄主干道乱堆乱放清理", "沿路私搭乱建排查", "庭院环境整治", "垃圾清运和分类", "村容村貌评比"},
	"防汛救灾":         {"强降雨天气预警", "地质灾害隐患点巡查", "受灾农户房屋安全排查", "防汛物资储备", "秋粮抢收和灾后恢复生产"},
	"工作动态":         {"镇党委政府工作例会", "包村干部走访入户", "党史学习教育", "重点项目推进", "便民服务中心窗口服务"},
	"安全生产":         {"森林防火宣传", "冬季取暖安全提示", "道路交通安全劝导", "燃气使用安全检查", "烟花爆竹管理"},
	"乡村振兴":         {"中药材种植技术培训", "脱贫户产业帮扶", "农村集体经济发展", "高标准农田建设", "农产品产销对接"},
	"政策法规":         {"城乡居民医保缴费政策", "耕地保护法规", "社会救助政策", "宅基地审批办事指南", "惠农补贴政策"},
	"部门机构职能":       {"镇政府机构设置和职能", "领导班子成员分工", "镇属事业单位职责", "便民服务中心职责和办公时间"},
}

var (
	originalForms = []string{"崇文镇开展%s工作", "崇文镇部署%s", "崇文镇扎实推进%s", "一线直击：%s进行时", "崇文镇召开会议研究%s"}
	repostForms   = []string{"关于%s的通告", "%s，这些要点请记牢", "一图读懂：%s", "权威解答：%s", "提醒：%s"}
	portalForms   = []string{"%s", "崇文镇%s有关情况", "崇文镇%s公开信息"}
	sourceNames   = []string{"陵川县人民政府网站", "晋城市人民政府网站", "山西省人民政府网站", "中国政府网", "新华社"}
)

// posts2021 makes the items of the archive, the same ones every time, in the order of their publication.
func posts2021() []posts.Post {
	all := slices.Concat(
		series("original", originals2021, originalForms),
		series("repost", reposts2021, repostForms),
		series("portal", portal2021, portalForms),
	)
	slices.SortStableFunc(all, func(a, b posts.Post) int {
		return a.Publication.PublishedAt.Compare(b.Publication.PublishedAt)
	})
	for i := range all {
		all[i].ID = fmt.Sprintf("2021-%04d", i+1)
	}
	return all
}

func series(kind string, n int, forms []string) []posts.Post {
	out := make([]posts.Post, n)
	for i := range out {
		day := workday.On(2021, time.January, 1).AddDays(i * 365 / n)
		at := day.At(7+(i*5)%12, (i*17)%60).UTC()
		choices := season[day.Month()]
		topic := choices[i%len(choices)]
		if kind == "portal" && i%6 == 0 {
			topic = "部门机构职能"
		}
		title := fmt.Sprintf(forms[i%len(forms)], subjects[topic][i/len(forms)%len(subjects[topic])])
		out[i] = sample(kind, "【示例】"+title, topic, i, at)
	}
	return out
}

func sample(kind, title, topic string, i int, at time.Time) posts.Post {
	p := posts.Post{
		Version: 1, Channel: posts.Account, State: posts.Published, Method: posts.Elsewhere, AuthorID: "archive",
		Content: posts.Content{
			Title: title, Topic: topic, Origin: posts.Original,
			Markdown: "本条是示例，并非真实发布的内容，只用来核对数量。",
		},
		Publication: posts.Publication{PublishedAt: at},
		CreatedAt:   at, UpdatedAt: at,
	}
	switch kind {
	case "repost":
		p.Content.Origin = posts.Repost
		p.Content.Source = &posts.Source{Name: sourceNames[i%len(sourceNames)]}
	case "portal":
		p.Channel = posts.Portal
	}
	return p
}

// prose2021 is the town's own text of 2021 with its numbers bound. What it adds is listed in
// docs/decisions/0002-annual-report-additions.md.
func prose2021() report.Prose {
	return report.Prose{
		Year: 2021,
		Overview: []string{"{{year}}年，在县委、县政府的正确领导下，我镇把政务公开工作作为加强党风廉政建设，转变工作作风，狠抓工作落实的重要举措，" +
			"认真贯彻落实《中华人民共和国政府信息公开条例》，以公开促工作，以公开树形象，以公开赢民心，收到了良好的社会效果。"},
		Proactive: []string{"我镇严格按照省、市、县相关文件要求与县委县政府工作安排部署，将主动公开的政府信息及时发布于政府信息网站。" +
			"从{{year}}年1月1日截至{{year}}年12月31日，通过政府信息公开门户网站全年累计发布工作动态信息共计{{portal.items|approx}}条，" +
			"公开的内容涉及部门机构职能、政策法规、工作动态等与人民群众切身利益密切相关的各类信息。“{{organ.account}}”官方微信公众号发布原创信息{{account.original}}条，" +
			"转发信息{{account.repost|approx}}条，尤其是在疫情防控、农村人居环境“六乱”整治、防汛救灾等特殊时期，充分发挥公众号的广泛宣传作用，" +
			"感染和发动社会各界力量参与进来协助相关工作开展，有效缓解了基层工作压力。"},
		OnRequest: []string{"截止{{year}}年12月31日，{{organ.short}}政府{{requests.new|none:未收到过公开申请|some:共收到公开申请#件}}。"},
		Management: []string{"出台了《政府信息发布审核制度》《政务舆情回应台账管理和跟踪反馈制度》等各项制度。加强组织领导，" +
			"坚持和完善专人采编，领导审核把关等工作程序，做到及时、准确公开政府信息。"},
		Platforms: []string{"崇文镇按照县政府的统一部署，在陵川县人民政府网站上开设了崇文镇政府信息公开栏目，" +
			"通过此栏目人民群众能够了解到崇文镇权限内可以公开的相关政务信息。"},
		Safeguards: []string{"{{year}}年，崇文镇结合本单位工作职能，出台了相关政府信息公开管理制度，通过健全信息公开发布机制，加强组织领导、人员保障、督查问责，" +
			"明确责任分工，畅通线上线下信息公开渠道，全方面、多维度推进政务公开工作的经常化、制度化、规范化，确保政务公开工作高质量、高标准、严要求进行。"},
		Appraisal:      "工作考核：本年度没有单独的政府信息公开工作考核结果。",
		SocialReview:   "社会评议：本年度没有单独开展政府信息公开社会评议，无社会评议结果。",
		Accountability: "责任追究：本年度无因政府信息公开工作被追究责任的情况。",
		Problems: []string{
			"存在的不足：一是政府信息公开内容不尽全面，政策文件解读方式单一，数量较少，时效性有待提高；二是政府信息公开专业能力有待提升，" +
				"信息公开的主动性和创新力不足；三是政府信息公开制度不够全面。",
			"下一步，我镇将积极健全政务公开体制机制，完善政府信息公开内容，保证信息内容的完整性与及时性，同时定期举行信息公开人员专题培训，" +
				"提升信息公开人员业务能力，进一步提升信息公开工作水平。",
		},
		Others: []string{"无其他需要报告的事项。"},
	}
}

// line is one line of an archive.
type line struct {
	Kind   string          `json:"kind"`
	Record json.RawMessage `json:"record"`
}

func writeArchive(t *testing.T) {
	t.Helper()
	var b bytes.Buffer
	add := func(kind string, record any) {
		data, err := json.Marshal(record)
		if err == nil {
			data, err = json.Marshal(line{kind, data})
		}
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(data, '\n'))
	}
	add("organ", organ2021(t))
	add("prose", prose2021())
	for _, p := range posts2021() {
		add("post", p)
	}
	if err := os.WriteFile(archive2021, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// organ2021 is the example's profile without what was made up: an archive must not invent a telephone number.
func organ2021(t *testing.T) disclosure.Organ {
	t.Helper()
	data, err := os.ReadFile("../testdata/organ.json")
	if err != nil {
		t.Fatal(err)
	}
	var o disclosure.Organ
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	o.Address, o.Phone, o.Email, o.ReviewOnline = "山西省晋城市陵川县崇文镇", "", "", ""
	return o
}

// year2021 is the archive as read.
type year2021 struct {
	organ   disclosure.Organ
	prose   report.Prose
	records report.Records
}

func readArchive(t testing.TB) year2021 {
	t.Helper()
	f, err := os.Open(archive2021)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out year2021
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var l line
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		var post posts.Post
		target := map[string]any{"organ": &out.organ, "prose": &out.prose, "post": &post}[l.Kind]
		if err := json.Unmarshal(l.Record, target); err != nil {
			t.Fatal(err)
		}
		if l.Kind == "post" {
			out.records.Posts = append(out.records.Posts, post)
		}
	}
	return out
}

func TestArchiveIsWhatTheGeneratorMakes(t *testing.T) {
	if *update {
		writeArchive(t)
	}
	archive := readArchive(t)
	if diff := cmp.Diff(posts2021(), archive.records.Posts); diff != "" {
		t.Errorf("posts of %s (-generator +file), run with -update:\n%s", archive2021, diff)
	}
	if diff := cmp.Diff(prose2021(), archive.prose, cmp.Comparer(func(a, b workday.Date) bool { return a == b })); diff != "" {
		t.Errorf("prose of %s (-generator +file), run with -update:\n%s", archive2021, diff)
	}
}

func TestArchiveItemsAreMarkedAndComplete(t *testing.T) {
	for _, p := range readArchive(t).records.Posts {
		if !strings.HasPrefix(p.Content.Title, "【示例】") {
			t.Errorf("%s: title %q does not say that it is a sample", p.ID, p.Content.Title)
		}
		if p.Content.Origin == posts.Repost && (p.Content.Source == nil || p.Content.Source.Name == "") {
			t.Errorf("%s: a repost without a source", p.ID)
		}
		if p.Content.Topic == "" {
			t.Errorf("%s: no topic", p.ID)
		}
	}
}

func draft2021(t testing.TB) report.Annual {
	t.Helper()
	y := readArchive(t)
	a, err := report.Draft(2021, y.organ, y.prose, y.records)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTally2021IsTheTownsOwn(t *testing.T) {
	y := readArchive(t)
	got := report.NewTally(2021, y.records.Posts, nil)
	if got.Account.Original != 127 {
		t.Errorf("account.original = %d, want 127 as published", got.Account.Original)
	}
	if n := got.Account.Repost; n <= 500 || n >= 510 {
		t.Errorf("account.repost = %d, want 500余 as published", n)
	}
	if n := got.Portal.Items; n <= 80 || n >= 90 {
		t.Errorf("portal.items = %d, want 80余 as published", n)
	}
	for _, m := range got.ByMonth {
		if m.Original == 0 || m.Repost == 0 || m.Portal == 0 {
			t.Errorf("month %d is empty: %+v", m.Month, m)
		}
	}
}

func TestReport2021SaysWhatTheTownPublished(t *testing.T) {
	a := draft2021(t)
	if v := report.Check(a, nil); len(v) > 0 {
		t.Errorf("Check(2021) = %v, want nothing", v)
	}
	for key, cell := range a.Cells() {
		if cell != report.Count(0) {
			t.Errorf("%s = %v, want 0 as published", key, cell)
		}
	}
	published, err := os.ReadFile("testdata/chongwen-2021-report.txt")
	if err != nil {
		t.Fatal(err)
	}
	ours := comparable(allText(a))
	sentences := sentences2021(string(published))
	if len(sentences) != 11 {
		t.Errorf("%d sentences found in the published report, want 11", len(sentences))
	}
	for _, sentence := range sentences {
		if !strings.Contains(ours, sentence) {
			t.Errorf("our report lacks the town's sentence %q", sentence)
		}
	}
}

func allText(a report.Annual) string {
	var b strings.Builder
	for _, s := range a.Sections {
		b.WriteString(s.Title + "\n" + strings.Join(s.Paragraphs, "\n") + "\n")
		for _, p := range s.Parts {
			b.WriteString(p.Title + "\n" + strings.Join(p.Paragraphs, "\n") + "\n")
		}
	}
	return b.String()
}

// comparable drops what differs between two settings of one text: the width of punctuation, and spaces.
func comparable(s string) string {
	return strings.NewReplacer("，", ",", "；", ";", "：", ":", "（", "(", "）", ")", " ", "", "\r", "").Replace(s)
}

// sentences2021 are the sentences of the published report's prose, without its tables.
func sentences2021(published string) []string {
	var out []string
	for _, l := range strings.Split(published, "\n") {
		l = strings.TrimSpace(l)
		if strings.HasSuffix(l, "|") || !strings.Contains(l, "。") {
			continue
		}
		out = append(out, strings.Split(strings.TrimSuffix(comparable(l), "。"), "。")...)
	}
	return out
}

func TestChangedRecordsChangeTheSentence(t *testing.T) {
	y := readArchive(t)
	published := y.records.Posts
	withdrawn := slices.Clone(published)
	i := slices.IndexFunc(withdrawn, func(p posts.Post) bool { return p.Content.Origin == posts.Original && p.Channel == posts.Account })
	withdrawn[i].State = posts.Withdrawn
	var fewPortal []posts.Post
	for _, p := range published {
		if p.Channel != posts.Portal || len(fewPortal)%3 == 0 {
			fewPortal = append(fewPortal, p)
		}
	}
	tests := []struct {
		name    string
		records report.Records
		want    string
		not     string
	}{
		{"as published", y.records, "原创信息127条，转发信息500余条", "126条"},
		{"one original withdrawn", report.Records{Posts: withdrawn}, "原创信息126条", "127条"},
		{"no posts", report.Records{}, "原创信息0条，转发信息0条", "余条"},
		{"a request came in", report.Records{Posts: published, Requests: []disclosure.Request{request("1", disclosure.NaturalPerson, "2021-03-01", "2021-03-05", "r1")}},
			"崇文镇政府共收到公开申请1件。", "未收到"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := report.Draft(2021, y.organ, y.prose, tt.records)
			if err != nil {
				t.Fatal(err)
			}
			text := allText(a)
			if !strings.Contains(text, tt.want) {
				t.Errorf("the report does not say %q", tt.want)
			}
			if strings.Contains(text, tt.not) {
				t.Errorf("the report still says %q", tt.not)
			}
			if v := report.Check(a, nil); len(v) > 0 {
				t.Errorf("Check = %v, want nothing", v)
			}
		})
	}
}

func TestGolden2021(t *testing.T) {
	a := draft2021(t)
	golden(t, "chongwen-2021.html", written(t, report.WriteHTML, a))
	golden(t, "chongwen-2021.json", written(t, report.WriteJSON, a))
	golden(t, "chongwen-2021.document.xml", part(t, written(t, report.WriteDOCX, a), "word/document.xml"))
}
