package console_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"shoushan/disclosure"
)

var seenField = regexp.MustCompile(`name="seen" value="(\d+)"`)

// seen is the mark of how far the case had come on the page that the member has open.
func (a answer) seen(t testing.TB) string {
	t.Helper()
	m := seenField.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatal("the page's forms carry no mark")
	}
	return m[1]
}

// TestNobodyActsOnAStalePage: what changed after a page was opened is told before anything is done, and what was typed
// stands in the form again.
func TestNobodyActsOnAStalePage(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["signoff"]
	zheng, zhou := h.as(t, "zheng"), h.as(t, "zhou")
	old := zheng.get(path).seen(t)
	other := h.as(t, "zheng")
	other.follow(path+"/return", url.Values{"reason": {"请写明是哪一年的名册"}})
	zhou.follow(path+"/decide", url.Values{"outcome": {"r1"}, "how": {"attached"}, "content": {"另一份答复"}})
	zheng.post(path+"/signoff", url.Values{"seen": {old}}).wants(t, http.StatusConflict, []string{"您打开页面之后，周经办在", "拟定答复", "没有生效", "另一份答复"}, secrets)
	if r, err := h.Request(t.Context(), s.requests["signoff"]); err != nil || r.State != disclosure.AwaitingSignoff {
		t.Fatalf("state %s, %v: an answer was signed that nobody had read", r.State, err)
	}
	zheng.follow(path+"/signoff", url.Values{"seen": {zheng.get(path).seen(t)}}).wants(t, 200, []string{"待送达"}, secrets)
}

// interloper is a register in which somebody else acts at the last moment: after the page was compared, before the write.
type interloper struct {
	disclosure.Register
	acts func()
}

func (i *interloper) Update(ctx context.Context, id string, change func(*disclosure.Request) error) (disclosure.Request, error) {
	if acts := i.acts; acts != nil {
		i.acts = nil
		acts()
	}
	return i.Register.Update(ctx, id, change)
}

// TestNotEvenAMillisecond: the comparison is part of the write itself, so nothing is signed that was replaced in the last moment.
func TestNotEvenAMillisecond(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	id := s.requests["signoff"]
	path := "/requests/" + id
	zheng := h.as(t, "zheng")
	seen := zheng.get(path).seen(t)
	other := *h.desk
	h.desk.Register = &interloper{Register: h.desk.Register, acts: func() {
		if _, err := other.ReturnDraft(t.Context(), h.member("zheng"), id, "写错了"); err != nil {
			t.Error(err)
		}
		if _, err := other.Decide(t.Context(), h.member("zhou"), id, disclosure.Decision{Outcome: disclosure.Granted, How: disclosure.Attached, Content: "没有人看过的答复"}); err != nil {
			t.Error(err)
		}
	}}
	zheng.post(path+"/signoff", url.Values{"seen": {seen}}).wants(t, http.StatusConflict, []string{"周经办", "没有生效"}, secrets)
	if r, err := h.Request(t.Context(), id); err != nil || r.State != disclosure.AwaitingSignoff {
		t.Errorf("state %s, %v: an answer was signed that nobody had read", r.State, err)
	}
}

func TestWhatWasTypedStandsInTheFormAgain(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["handling"]
	zhou, wu := h.as(t, "zhou"), h.as(t, "wu")
	old := zhou.get(path).seen(t)
	wu.follow(path+"/correct", url.Values{"kind": {"natural"}, "medium": {"paper"}, "delivery": {"pickup"}, "reason": {"看错了"}})
	got := zhou.post(path+"/decide", url.Values{"seen": {old}, "outcome": {"r1"}, "how": {"attached"}, "content": {"写了半天的答复"}})
	got.wants(t, http.StatusConflict, []string{"吴经办", "更正登记", "写了半天的答复</textarea>", `value="attached" selected`}, secrets)
	if fresh := got.seen(t); fresh == old {
		t.Error("the form that comes back would be refused for ever")
	}
	zhou.follow(path+"/decide", url.Values{"seen": {got.seen(t)}, "outcome": {"r1"}, "how": {"attached"}, "content": {"写了半天的答复"}}).wants(t, 200, []string{"待签发"}, secrets)
}

// TestAsidesDisturbNobody: a note, a look at personal data or a reminder changes nothing that a form was written for.
func TestAsidesDisturbNobody(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["soon"]
	zhou, wu := h.as(t, "zhou"), h.as(t, "wu")
	old := zhou.get(path).seen(t)
	wu.follow(path+"/note", url.Values{"text": {"已电话联系"}})
	wu.post(path+"/reveal", url.Values{"why": {"电话联系"}})
	wu.follow(path+"/acknowledge", nil)
	zhou.follow(path+"/decide", url.Values{"seen": {old}, "outcome": {"r1"}, "how": {"attached"}, "content": {"答复"}}).wants(t, 200, []string{"待签发"}, secrets)
}

func TestACaseIsHandedBackAndAssignedAnew(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["handling"]
	zhou, wu := h.as(t, "zhou"), h.as(t, "wu")
	zhou.get(path).wants(t, 200, []string{"由您办理", "分给周经办办理", "form-handback"}, []string{"分给 zhou"})
	wu.get(path).wants(t, 200, []string{"由周经办办理"}, []string{"form-handback"})
	zhou.post(path+"/handback", url.Values{"reason": {""}}).wants(t, 422, []string{"请写明退回的原因"}, secrets)
	wu.post(path+"/handback", url.Values{"reason": {"替他退"}}).wants(t, 409, []string{"不是分给您的", "替他退"}, secrets)
	zhou.follow(path+"/handback", url.Values{"reason": {"由民政办负责"}}).wants(t, 200, []string{"请重新分派", "由民政办负责"}, secrets)
	wu.get("/").wants(t, 200, []string{"重新分派（经办人退回）"}, secrets)
	wu.follow(path+"/assign", url.Values{"handler": {"wu"}}).wants(t, 200, []string{"由您办理", "分给吴经办办理"}, secrets)
}

// TestTheTwoDates: the desk's own target stands one working day before the statutory day wherever a clock runs.
func TestTheTwoDates(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	zhou := h.as(t, "zhou")
	for _, page := range []string{"/requests/" + s.requests["handling"], "/requests/" + s.requests["handling"] + "/why", "/requests"} {
		zhou.get(page).wants(t, 200, []string{"2026-12-15", "2026-12-14", "内部目标"}, nil)
	}
	zhou.get("/requests/"+s.requests["overdue"]).wants(t, 200, []string{"已超期"}, []string{"内部目标"})
	zhou.get("/requests/"+s.requests["closed"]).wants(t, 200, []string{"已办结"}, []string{"内部目标"})
}
