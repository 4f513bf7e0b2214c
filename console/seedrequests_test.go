package console_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"shoushan/disclosure"
	"shoushan/staff"
	"shoushan/workday"
)

// What no page may show unasked: they belong to nobody.
const (
	secretNumber = "140524199001010017" // the check digit is right
	secretPhone  = "13935600001"
	secretEmail  = "niuniu@example.cn"
	secretName   = "牛大壮"
)

var person = disclosure.Personal{
	Name: secretName, DocumentNumber: secretNumber, Phone: secretPhone, Email: secretEmail, Address: "山西省晋城市陵川县崇文镇东街六号",
	Description: "2025年崇文镇低保资金发放名册（公开版）。我的身份证是" + secretNumber + "，电话" + secretPhone + "。",
}

func filing(channel disclosure.Channel) disclosure.Filing {
	f := disclosure.Filing{
		Channel: channel, ApplicantKind: disclosure.NaturalPerson, Personal: person, Medium: disclosure.Electronic, Delivery: disclosure.DeliverByPickup,
	}
	if channel == disclosure.ByWeChat {
		f.OpenID, f.Delivery = "oAbC", disclosure.DeliverByWeChat
	}
	return f
}

var granted = disclosure.Decision{Outcome: disclosure.Granted, How: disclosure.Attached, Content: "《2025年低保资金发放名册（公开版）》，随函附后。"}

// file takes in a request that many days before monday.
func (h *house) file(t testing.TB, channel disclosure.Channel, daysAgo int) disclosure.Request {
	t.Helper()
	h.now = monday.AddDate(0, 0, -daysAgo)
	take, by := h.desk.Submit, h.member("zhou")
	if channel == disclosure.ByWeChat {
		take, by = h.desk.SubmitConfirmed, staff.Citizen
	}
	r, err := take(t.Context(), by, filing(channel))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (h *house) decided(t testing.TB, id string) {
	t.Helper()
	if _, err := h.desk.Decide(t.Context(), h.member("zhou"), id, granted); err != nil {
		t.Fatal(err)
	}
}

func (h *house) signed(t testing.TB, id string) {
	t.Helper()
	h.decided(t, id)
	if _, err := h.desk.SignOff(t.Context(), h.member("zheng"), id); err != nil {
		t.Fatal(err)
	}
}

func (h *house) seedRequests(t testing.TB, s *seeded) {
	t.Helper()
	s.requests["overdue"] = h.file(t, disclosure.AtCounter, 40).ID
	s.requests["soon"] = h.file(t, disclosure.ByPost, 26).ID
	s.requests["handling"] = h.file(t, disclosure.AtCounter, 6).ID
	s.requests["unopened"] = h.file(t, disclosure.ByWeChat, 1).ID
	s.requests["signoff"] = h.file(t, disclosure.ByWeChat, 12).ID
	h.decided(t, s.requests["signoff"])
	s.requests["delivery"] = h.file(t, disclosure.ByPhone, 14).ID
	h.signed(t, s.requests["delivery"])
	s.requests["closed"] = h.file(t, disclosure.AtCounter, 30).ID
	h.signed(t, s.requests["closed"])
	if _, err := h.desk.Deliver(t.Context(), h.member("zhou"), s.requests["closed"], disclosure.DeliverByPickup, "本人签收"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.Assign(t.Context(), h.member("zhou"), s.requests["handling"], "zhou"); err != nil {
		t.Fatal(err)
	}
	h.seedSpecial(t, s)
	id, err := h.SaveFile(t.Context(), drawing(t))
	if err != nil {
		t.Fatal(err)
	}
	s.picture = id
}

// seedSpecial makes the cases in which something is unusual: a notice that waits for its signature, a consultation, a review.
func (h *house) seedSpecial(t testing.TB, s *seeded) {
	t.Helper()
	must := func(r disclosure.Request, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, zhou, zheng := t.Context(), h.member("zhou"), h.member("zheng")
	s.requests["notice"] = h.file(t, disclosure.AtCounter, 4).ID
	must(h.desk.RequestSupplement(ctx, zhou, s.requests["notice"], []string{"请写明名册的年份。"}, workday.Of(monday).AddDays(14)))
	s.requests["consulting"] = h.file(t, disclosure.ByPost, 5).ID
	must(h.desk.Consult(ctx, zhou, s.requests["consulting"], disclosure.ThirdParty, thirdParty, "采购合同中的报价"))
	must(h.desk.SignNotice(ctx, zheng, s.requests["consulting"]))
	must(h.desk.OpenRemedy(ctx, zhou, s.requests["closed"], disclosure.Remedy{Kind: disclosure.Reconsideration, Number: "陵政复〔2026〕7号"}))
	must(h.desk.AddNote(ctx, zhou, s.requests["handling"], "已电话"+secretPhone+"联系"+secretName+"，下周三来取。"))
	h.now = monday
	_, err := h.desk.Remind(ctx, s.requests["soon"])
	must(disclosure.Request{}, err)
	file, err := h.SaveFile(ctx, drawing(t))
	if err != nil {
		t.Fatal(err)
	}
	must(h.desk.Attach(ctx, zhou, s.requests["handling"], disclosure.Attachment{File: file, Name: secretName + "身份证.png", Kind: disclosure.IdentityProof}))
	must(h.desk.Attach(ctx, zhou, s.requests["overdue"], disclosure.Attachment{File: file, Name: "名册.png", Kind: disclosure.InformationFile, Withhold: true}))
}

// thirdParty is who was asked about; its name is nobody's business but the handler's.
const thirdParty = "陵川某某建材有限公司"

// drawing is a small picture.
func drawing(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 36))
	for x := range 64 {
		for y := range 36 {
			img.Set(x, y, color.RGBA{uint8(x * 4), uint8(y * 7), 160, 255})
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
