package console_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
)

// approvedPost is an item that has passed 三审.
func (h *house) approvedPost(t testing.TB, title string) string {
	t.Helper()
	p := h.newPost(t, title, posts.Original)
	h.reviewed(t, p.ID, 3)
	return p.ID
}

// stored is the post as it is kept.
func (h *house) stored(t testing.TB, id string) posts.Post {
	t.Helper()
	p, err := h.Post(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// advance does what the clock would do.
func (h *house) advance(t testing.TB, id string) posts.Post {
	t.Helper()
	if _, err := h.newsroom.Advance(t.Context(), id); err != nil {
		t.Logf("advance: %v", err)
	}
	return h.stored(t, id)
}

func editorForm(more ...string) url.Values {
	form := url.Values{"title": {"冬季取暖提示"}, "origin": {"original"}, "markdown": {"请注意**通风**。"}, "channel": {"account"}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// says decodes an answer to the editor's script.
func says(t testing.TB, a answer) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		t.Fatalf("%d %.200s: %v", a.status, a.body, err)
	}
	return out
}

func TestWhatIsTypedIsKeptByItself(t *testing.T) {
	h := newHouse(t)
	sun, li := h.as(t, "sun"), h.as(t, "li2")
	got := says(t, sun.post("/posts/autosave", editorForm("title", "还没写完")))
	if got["said"] != "已自动保存 09:30" {
		t.Errorf("the editor is told %v", got)
	}
	sun.get("/posts/new").wants(t, 200, []string{"已经恢复", "还没写完"}, nil)
	li.get("/posts/new").wants(t, 200, nil, []string{"已经恢复", "还没写完"})
	sun.follow("/posts/forget", nil).wants(t, 200, []string{"已放弃"}, []string{"还没写完"})
	sun.post("/posts/autosave", editorForm("title", "还没写完"))
	sun.follow("/posts", editorForm())
	sun.get("/posts/new").wants(t, 200, nil, []string{"已经恢复", "还没写完"})
}

func TestWhatIsPlannedIsNotEdited(t *testing.T) {
	h := newHouse(t)
	id := h.approvedPost(t, "通知")
	if _, err := h.newsroom.Schedule(t.Context(), h.member("zheng"), id, monday.AddDate(0, 0, 1), posts.FreePublish); err != nil {
		t.Fatal(err)
	}
	sun := h.as(t, "sun")
	sun.get("/posts/"+id).wants(t, 200, []string{"要改内容，先“取消发布安排”"}, []string{`id="post-edit"`})
	sun.get("/posts/"+id+"/edit").wants(t, http.StatusConflict, []string{"不能修改", "先取消发布安排"}, []string{`id="form-editor"`})
}

func TestTheResponsibleEditorIsNamed(t *testing.T) {
	h := newHouse(t)
	sun := h.as(t, "sun")
	sun.get("/posts/new").wants(t, 200, []string{`name="editor" value="孙撰稿"`}, nil)
	at := sun.post("/posts", editorForm("editor", "李责编")).location()
	sun.get(at+"/preview").wants(t, 200, []string{"责任编辑：李责编"}, nil)
	h.as(t, "li2").follow(at+"/edit", editorForm("version", "1"))
	if got := h.stored(t, strings.TrimPrefix(at, "/posts/")).Content.Editor; got != "李责编" {
		t.Errorf("an edit that says nothing of it made the editor %q", got)
	}
}

func TestUnsavedWorkOnAnOlderVersionIsOnlyShown(t *testing.T) {
	h := newHouse(t)
	p := h.newPost(t, "通知", posts.Original)
	sun := h.as(t, "sun")
	sun.post("/posts/autosave", editorForm("id", p.ID, "version", "1", "title", "我改了一半"))
	sun.get("/posts/"+p.ID+"/edit").wants(t, 200, []string{"已经恢复", `value="我改了一半"`}, nil)
	h.as(t, "li2").follow("/posts/"+p.ID+"/edit", editorForm("version", "1", "title", "别人改好了"))
	sun.get("/posts/"+p.ID+"/edit").wants(t, 200, []string{"已经有了新的版本", "我改了一半", `value="别人改好了"`}, []string{`value="我改了一半"`})
	sun.follow("/posts/forget", url.Values{"id": {p.ID}}).wants(t, 200, nil, []string{"我改了一半"})
}

func TestTwoPeopleAtOneItem(t *testing.T) {
	h := newHouse(t)
	p := h.newPost(t, "通知", posts.Original)
	sun, li := h.as(t, "sun"), h.as(t, "li2")
	edit := "/posts/" + p.ID + "/edit"
	sun.get(edit).wants(t, 200, nil, []string{"也正打开着"})
	li.get(edit).wants(t, 200, []string{"孙撰稿也正打开着"}, nil)
	alive := func() string {
		said, _ := says(t, sun.post("/posts/"+p.ID+"/presence", url.Values{"version": {"1"}}))["said"].(string)
		return said
	}
	if got := alive(); !strings.Contains(got, "李撰稿也正打开着") {
		t.Errorf("told %q", got)
	}
	if got := li.post("/posts/"+p.ID+"/leave", nil); got.status != http.StatusNoContent {
		t.Errorf("leaving = %d", got.status)
	}
	if got := alive(); got != "" {
		t.Errorf("told %q after the other has left", got)
	}
	li.follow(edit, editorForm("version", "1", "title", "李的标题"))
	if got := alive(); !strings.Contains(got, "李撰稿在 09:30 动过") {
		t.Errorf("told %q after the other has saved", got)
	}
	sun.post(edit, editorForm("version", "1", "title", "孙的标题")).wants(t, http.StatusConflict, []string{"孙的标题", "李的标题", "一个字也没有丢"}, nil)
}

func TestWhatIsPastedIsCleaned(t *testing.T) {
	h := newHouse(t)
	h.platform.picture = drawing(t)
	sun := h.as(t, "sun")
	got := says(t, sun.post("/posts/paste", url.Values{"html": {`<p class=MsoNormal style="mso-x:y">通知<b>各村</b></p><script>x()</script><img src="https://www.gov.cn/a.png"><img src="file:///C:/a.png">`}}))
	markdown, _ := got["markdown"].(string)
	if !strings.Contains(markdown, "通知**各村**") || !strings.Contains(markdown, "](file:") || strings.Contains(markdown, "gov.cn") || strings.Contains(markdown, "x()") {
		t.Errorf("pasted as %q", markdown)
	}
	if notes, _ := got["notes"].([]any); len(notes) != 1 {
		t.Errorf("notes = %v", got["notes"])
	}
	if !slices.Equal(h.platform.asked, []string{"https://www.gov.cn/a.png"}) {
		t.Errorf("asked for %v", h.platform.asked)
	}
}

func TestPicturesFromTheWebAndCovers(t *testing.T) {
	h := newHouse(t)
	h.platform.picture = drawing(t)
	sun := h.as(t, "sun")
	got := says(t, sun.post("/files/fetch", url.Values{"address": {"https://www.gov.cn/a.png"}}))
	id, _ := got["id"].(string)
	if len(id) != 64 {
		t.Fatalf("fetched %v", got)
	}
	h.platform.refuse["FetchPicture"] = fault.New(fault.Invalid, "这个地址不是公开的网址，不能取图片。")
	if got := says(t, sun.post("/files/fetch", url.Values{"address": {"http://127.0.0.1/"}})); got["problem"] != "这个地址不是公开的网址，不能取图片。" {
		t.Errorf("an inner address: %v", got)
	}
	if got := says(t, sun.post("/files/crop", url.Values{"id": {id}, "x": {"0"}, "y": {"0"}, "width": {"9000"}, "height": {"10"}})); got["problem"] == nil {
		t.Errorf("cropped outside the picture: %v", got)
	}
}

func TestTheEditorWorksWithoutAScript(t *testing.T) {
	h := newHouse(t)
	h.platform.picture = drawing(t)
	sun := h.as(t, "sun")
	form := editorForm("do", "check", "markdown", "截止目前，身份证 110101199003070038。")
	sun.post("/posts/assist", form).wants(t, 200, []string{"截至目前", "身份证号", "必须改", "冬季取暖提示"}, nil)
	form = editorForm("do", "fetch", "picture_url", "https://www.gov.cn/a.png")
	sun.post("/posts/assist", form).wants(t, 200, []string{"![](file:", "请注意**通风**。"}, nil)
	form.Set("kind", "newspic")
	sun.post("/posts/assist", form).wants(t, 200, []string{`name="gallery" value="`}, []string{"![](file:"})
	sun.post("/posts/assist", editorForm("do", "picture")).wants(t, 422, []string{"请先选择图片", "请注意**通风**。"}, nil)
}

func TestAPictureMessageKeepsItsPictures(t *testing.T) {
	h := newHouse(t)
	one, err := h.SaveFile(t.Context(), drawing(t))
	if err != nil {
		t.Fatal(err)
	}
	sun := h.as(t, "sun")
	form := editorForm("kind", "newspic", "cover", one, "style", "formal")
	form["gallery"] = []string{one, ""}
	at := sun.post("/posts", form).location()
	p := h.stored(t, strings.TrimPrefix(at, "/posts/"))
	if p.Content.Kind != posts.PictureMessage || !slices.Equal(p.Content.Gallery, []string{one}) || p.Content.Cover != "" {
		t.Fatalf("stored %+v", p.Content)
	}
	sun.get(at+"/edit").wants(t, 200, []string{`value="newspic" id="kind-newspic" checked`, "/files/" + one}, nil)
	sun.get(at+"/preview").wants(t, 200, []string{"/files/" + one, "请注意**通风**。"}, nil)
}

func TestFindingsAndSuggestionWhileWriting(t *testing.T) {
	h := newHouse(t)
	got := h.as(t, "sun").post("/posts/check", editorForm("markdown", "来源：新华社\n\n（记者 王明）据新华社消息，我国……"))
	got.wants(t, 200, []string{"系统看像转载", "与声明不同", "来源：新华社", "只是建议"}, []string{"<html"})
}

func TestADecisionIsBoundToWhatWasRead(t *testing.T) {
	h := newHouse(t)
	p := h.newPost(t, "通知", posts.Original)
	h.reviewed(t, p.ID, 0)
	qian, at := h.as(t, "qian"), "/posts/"+p.ID
	read := h.stored(t, p.ID).Content.Hash()
	qian.get(at).wants(t, 200, []string{`name="seen" value="` + read}, nil)
	h.as(t, "li2").follow(at+"/edit", editorForm("version", "2", "title", "偷偷改过的通知"))
	h.as(t, "sun").follow(at+"/submit", nil)
	qian.post(at+"/approve", url.Values{"seen": {read}, "comment": {"同意。"}}).
		wants(t, http.StatusConflict, []string{"您打开这篇稿件以后它又被修改过", "偷偷改过的通知", "同意。"}, nil)
	now := h.stored(t, p.ID)
	if len(now.Reviews) != 0 {
		t.Fatalf("decided: %+v", now.Reviews)
	}
	qian.follow(at+"/approve", url.Values{"seen": {now.Content.Hash()}}).wants(t, 200, []string{"已通过", "等待审核"}, nil)
}

func TestReviewAsThePageShowsIt(t *testing.T) {
	h := newHouse(t)
	p := h.newPost(t, "通知", posts.Original)
	at := "/posts/" + p.ID
	sun := h.as(t, "sun")
	sun.get(at).wants(t, 200, []string{"送审后依次初审、复审、终审（流程：三审）"}, nil)
	h.reviewed(t, p.ID, 1)
	h.as(t, "qian").get(at).wants(t, 200, []string{"您已经审核过这篇稿件", "等待审核"}, []string{`id="form-approve"`})
	h.as(t, "zheng").get(at).wants(t, 200, []string{"您是终审人"}, []string{`id="form-approve"`})
	h.as(t, "zhao").get(at).wants(t, 200, []string{`id="form-approve"`, "内容属实，同意。"}, nil)
	sun.follow(at+"/edit", editorForm("version", "3")).wants(t, 200, []string{"原有的审核意见已经作废"}, []string{`id="fingerprint"`})
	h.reviewed(t, p.ID, 3)
	sun.get(at).wants(t, 200, []string{`id="fingerprint"`, h.stored(t, p.ID).ApprovedHash[:12]}, []string{"作废，要重新送审"})
}

func TestAReviewerSeesWhatChangedSinceItWasSentBack(t *testing.T) {
	h := newHouse(t)
	p := h.newPost(t, "通知", posts.Original)
	at := "/posts/" + p.ID
	qian, sun := h.as(t, "qian"), h.as(t, "sun")
	h.reviewed(t, p.ID, 0)
	qian.get(at).wants(t, 200, nil, []string{`id="since"`})
	qian.follow(at+"/return", url.Values{"reason": {"请补日期。"}})
	sun.get(at).wants(t, 200, []string{"钱审核在初审时退回了这篇稿件", "请补日期。"}, []string{`id="since"`})
	h.now = h.now.Add(time.Minute)
	sun.follow(at+"/edit", editorForm("version", strconv.Itoa(h.stored(t, p.ID).Version), "title", "十一月的通知"))
	sun.follow(at+"/submit", nil)
	qian.get(at).wants(t, 200, []string{`id="since"`, "/revisions?n=2&amp;with=1"}, nil)
	qian.get(at+"/revisions?n=2&with=1").wants(t, 200, []string{"<ins>十一月的通知</ins>"}, nil)
}

func TestComments(t *testing.T) {
	h := newHouse(t)
	p := h.newPost(t, "通知", posts.Original)
	at := "/posts/" + p.ID
	h.as(t, "qian").follow(at+"/comment", url.Values{"text": {"第二段<b>请核实</b>。"}}).wants(t, 200, []string{"第二段&lt;b&gt;请核实", "钱审核"}, []string{"<b>请核实"})
	sun := h.as(t, "sun")
	sun.get("/").wants(t, 200, []string{"有新的批注"}, nil)
	sun.post(at+"/comment", url.Values{"text": {" "}}).wants(t, 422, []string{"请写下批注"}, nil)
	sun.follow(at+"/comment", url.Values{"text": {"已核实。"}})
	sun.get("/").wants(t, 200, nil, []string{"有新的批注"})
}

func TestRevisionsComparedAndRestored(t *testing.T) {
	h := newHouse(t)
	p := h.newPost(t, "通知", posts.Original)
	sun, at := h.as(t, "sun"), "/posts/"+p.ID
	sun.follow(at+"/edit", editorForm("version", "1", "title", "新标题", "markdown", strings.Replace(article, "烟道是否通畅", "烟道是否**通畅**", 1)))
	page := sun.get(at + "/revisions")
	page.wants(t, 200, []string{"第 2 版与第 1 版相比", "<del>通知</del>", "<ins>新标题</ins>", "<del>- 烟道是否通畅</del>", "行没有变"}, []string{"清洁取暖", `id="form-restore"`})
	sun.get(at+"/revisions?n=1").wants(t, 200, []string{"第一版", `id="form-restore"`}, nil)
	sun.get(at+"/revisions?n=2&with=1").wants(t, 200, []string{"第 2 版与第 1 版相比"}, nil)
	sun.get(at+"/revisions?n=99&with=x").wants(t, 200, []string{"第 2 版"}, nil)
	sun.get(at+"/revisions/1/preview").wants(t, 200, []string{"通知"}, []string{"新标题"})
	sun.get(at+"/revisions/7/preview").wants(t, 404, nil, nil)
	h.as(t, "qian").get(at+"/revisions?n=1").wants(t, 200, nil, []string{`id="form-restore"`})
	sun.post(at+"/revisions/1/restore", url.Values{"version": {"1"}}).wants(t, http.StatusConflict, []string{"刚才被别人修改过"}, nil)
	sun.follow(at+"/revisions/1/restore", url.Values{"version": {"2"}}).wants(t, 200, []string{"已恢复第 1 版", "通知"}, nil)
	if got := h.stored(t, p.ID); got.Content.Title != "通知" || len(got.Revisions) != 3 {
		t.Errorf("%q with %d revisions", got.Content.Title, len(got.Revisions))
	}
}
