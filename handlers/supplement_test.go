package handlers_test

import (
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/workday"
)

// unclear returns a world in which citizen c has so many requests that wait for a supplement.
func unclear(t testing.TB, n int) *world {
	t.Helper()
	w := newWorld(t)
	for range n {
		w.findUnclear(t, w.file(t, "c").ID)
	}
	return w
}

func TestSeveralSupplementsAreChosenByNumber(t *testing.T) {
	w := unclear(t, 2)
	if got := w.says(t, "c", "补正"); !strings.Contains(got, "补正 2026-0001") || !strings.Contains(got, "补正 2026-0002") {
		t.Errorf("reply = %s, want both numbers", got)
	}
	w.says(t, "c", "补正 2026-0002")
	w.says(t, "c", "2025年崇文镇城关村农村低保对象名单")
	w.says(t, "c", "确认")
	for i, want := range []disclosure.State{disclosure.AwaitingSupplement, disclosure.Handling} {
		if got := w.memory.requests[i].State; got != want {
			t.Errorf("request %d is %s, want %s", i+1, got, want)
		}
	}
	if got := w.memory.requests[1].Filing.Personal.Description; got != "2025年崇文镇城关村农村低保对象名单" {
		t.Errorf("description = %s, want the new one", got)
	}
	if len(w.memory.drafts) != 0 {
		t.Error("the supplement's draft is still there")
	}
}

// Nobody supplements, withdraws or reads another's request without its code.
func TestOthersRequestsAreOutOfReach(t *testing.T) {
	w := unclear(t, 1)
	before := w.memory.requests[0]
	for _, text := range []string{"补正 2026-0001", "2025年崇文镇城关村农村低保对象名单", "确认", "撤回 2026-0001", "确定撤回 2026-0001", "2026-0001", "查进度"} {
		if got := w.says(t, "other", text); strings.Contains(got, "低保对象名单") || strings.Contains(got, "请写明是哪一年") {
			t.Errorf("%s shows another's request: %s", text, got)
		}
	}
	if after := w.memory.requests[0]; after.Version != before.Version {
		t.Errorf("the request was changed: %d → %d", before.Version, after.Version)
	}
}

// What staff have done meanwhile wins, and is said.
func TestSupplementOfARequestThatMovedOn(t *testing.T) {
	w := unclear(t, 1)
	w.says(t, "c", "补正")
	if _, err := w.desk.ReceiveSupplement(t.Context(), desk, "2026-0001", disclosure.SupplementAnswer{Description: "城关村名单"}); err != nil {
		t.Fatal(err)
	}
	if got := w.says(t, "c", "2025年崇文镇城关村农村低保对象名单"); !strings.Contains(got, "补正已收到") {
		t.Errorf("reply = %s, want that a supplement is in", got)
	}
	if got := w.memory.requests[0].Filing.Personal.Description; got != "城关村名单" {
		t.Errorf("description = %s, want what staff entered", got)
	}
	w = unclear(t, 1)
	w.says(t, "c", "补正")
	w.says(t, "c", "确定撤回 2026-0001")
	if got := w.says(t, "c", "2025年崇文镇城关村农村低保对象名单"); !strings.Contains(got, "不需要补正了") {
		t.Errorf("reply = %s, want that nothing is needed", got)
	}
}

func TestSupplementScreensFit(t *testing.T) {
	w := newWorld(t)
	id := w.file(t, "c").ID
	items := make([]string, 30)
	for i := range items {
		items[i] = strings.Repeat("请写明", 60)
	}
	if _, err := w.desk.RequestSupplement(t.Context(), desk, id, items, workday.Of(w.now).AddDays(14)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.SignNotice(t.Context(), signer, id); err != nil {
		t.Fatal(err)
	}
	if got := w.says(t, "c", "补正"); len(got) > 2048 || !strings.Contains(got, "先不补正请回复“取消”") {
		t.Errorf("reply has %d bytes: %s", len(got), got)
	}
	if got := w.says(t, "c", strings.Repeat("长", 1000)); len(got) > 2048 || !strings.Contains(got, "确认提交") {
		t.Errorf("reply has %d bytes: %s", len(got), got)
	}
	if got := w.says(t, "c", id); len(got) > 2048 || !strings.Contains(got, "https://xxgk.example/progress") {
		t.Errorf("the long letter is shown in %d bytes without where the whole is: %s", len(got), got)
	}
}

// 注销关注: both unfinished texts go at once.
func TestUnfollowDeletesEverythingUnfinished(t *testing.T) {
	w := unclear(t, 1)
	w.says(t, "c", "申请公开")
	w.says(t, "c", "补正")
	if len(w.memory.drafts) != 2 {
		t.Fatalf("%d drafts, want an application and a supplement", len(w.memory.drafts))
	}
	newScriptOn(t, w, "c").reply("[取消关注]")
	if len(w.memory.drafts) != 0 {
		t.Errorf("%d drafts are left", len(w.memory.drafts))
	}
}

// art. 30: material that was asked for may come as pictures with the supplement; a failure in between loses none and adds none
// twice.
func TestPicturesGoWithTheSupplement(t *testing.T) {
	o := newOffice(t)
	o.findUnclear(t, o.file(t, "c").ID)
	contains(t, o.says(t, "c", "补正"), "拍照发到这里")
	contains(t, o.sendPicture(t, "c", withExif(t)), "会和补正一起提交（第 1 张", "重新写完整")
	o.says(t, "c", "2025年崇文镇城关村农村低保对象名单")
	contains(t, o.says(t, "c", "确认"), "还在保存")
	if err := o.fetch(t); err != nil {
		t.Fatal(err)
	}
	o.memory.fail["update"] = errBroken
	o.says(t, "c", "确认")
	clear(o.memory.fail)
	contains(t, o.says(t, "c", "确认"), "补正已收到")
	r := o.memory.requests[0]
	if r.State != disclosure.Handling || len(r.Files) != 1 || r.Files[0].Kind != disclosure.SupplementMaterial || r.Files[0].AddedBy != "citizen" {
		t.Errorf("state %s, files %+v", r.State, r.Files)
	}
}

func TestPicturesOfASupplementCanBeDropped(t *testing.T) {
	o := newOffice(t)
	o.findUnclear(t, o.file(t, "c").ID)
	o.says(t, "c", "补正")
	o.sendPicture(t, "c", []byte("no picture"))
	if err := o.fetch(t); err != nil {
		t.Fatal(err)
	}
	o.says(t, "c", "2025年崇文镇城关村农村低保对象名单")
	contains(t, o.says(t, "c", "确认"), "没能保存", "删除图片")
	contains(t, o.says(t, "c", "删除图片"), "都不附了")
	o.says(t, "c", "2025年崇文镇城关村农村低保对象名单")
	contains(t, o.says(t, "c", "确认"), "补正已收到")
	if r := o.memory.requests[0]; len(r.Files) != 0 {
		t.Errorf("files %+v", r.Files)
	}
}
