package handlers_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/fault"
)

// withExif is a JPEG that says where it was taken.
func withExif(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = byte(i)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte{0xff, 0xe1, 0, 40}, []byte("Exif\x00\x00GPS 35.77N 113.28E 陵川县..")...)
	exif = append(exif, make([]byte, 42-len(exif))...)
	return slices.Concat(b.Bytes()[:2], exif, b.Bytes()[2:])
}

func (o *office) sendPicture(t *testing.T, who string, data []byte) string {
	t.Helper()
	id := "media-" + string(rune('a'+len(o.media)))
	o.media[id] = data
	return o.sends(t, bot.Message{From: who, Type: bot.ImageMessage, MediaID: id})
}

// fetch does the background work that was asked for.
func (o *office) fetch(t *testing.T) (err error) {
	t.Helper()
	for _, id := range o.fetches {
		err = errors.Join(err, o.pictures.Fetch(t.Context(), id))
	}
	return err
}

// A picture that is sent when the paper of the agent is asked for is that paper.
func TestPictureOfTheAuthority(t *testing.T) {
	o := newOffice(t)
	for _, text := range []string{"申请公开", "代办", "同意", "1", "王小明", "140599199001010018", "李小红"} {
		o.says(t, "a", text)
	}
	contains(t, o.says(t, "a", "11010519491231002X"), "授权材料", "拍照发到这里")
	contains(t, o.sendPicture(t, "a", withExif(t)), "图片收到了", "授权材料")
	if err := o.fetch(t); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"授权委托书，2026年11月20日", "13900000000", "2025年崇文镇农村低保对象名单", "2", "1", "确认"} {
		o.says(t, "a", text)
	}
	all, err := o.memory.Requests(t.Context(), disclosure.Query{})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d requests, %v", len(all), err)
	}
	f := all[0].Filing
	if f.Personal.Agent != "李小红" || f.Personal.Authority == "" || f.Personal.AgentDocument != "11010519491231002X" || f.ApplicantKind != disclosure.NaturalPerson {
		t.Errorf("filed with the agent %q and the paper %q", f.Personal.Agent, f.Personal.Authority)
	}
	if len(f.Attachments) != 1 || f.Attachments[0].Kind != disclosure.AuthorityProof {
		t.Errorf("filed with %+v", f.Attachments)
	}
}

// held is a JPEG, red on the left and blue on the right as the camera saw it, that says how the camera was held, and where.
func held(t *testing.T, orientation byte) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 80, 40))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{0, 0, 200, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, 0, 40, 40), image.NewUniform(color.RGBA{200, 0, 0, 255}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	body := slices.Concat([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), []byte{orientation}, []byte("\x00\x00\x00\x00\x00\x00GPS 35.77N 113.28E"))
	return slices.Concat(b.Bytes()[:2], []byte{0xff, 0xe1, 0, byte(len(body) + 2)}, body, b.Bytes()[2:])
}

// kept sends a picture for an application and returns what is kept of it.
func (o *office) kept(t *testing.T, data []byte) image.Image {
	t.Helper()
	for _, text := range naturalAnswers[:4] {
		o.says(t, "a", text)
	}
	o.sendPicture(t, "a", data)
	if err := o.fetch(t); err != nil || len(o.files) != 1 {
		t.Fatalf("%d files, %v", len(o.files), err)
	}
	for _, file := range o.files {
		if bytes.Contains(file, []byte("GPS")) || bytes.Contains(file, []byte("Exif")) {
			t.Error("kept with more than the picture")
		}
		img, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		return img
	}
	return nil
}

// Staff never see a citizen's photo sideways: it is kept the way it was meant to be held, and without the place.
func TestPicturesStandUpright(t *testing.T) {
	tests := []struct {
		orientation   byte
		width, height int
		red, blue     image.Point
	}{
		{1, 80, 40, image.Pt(10, 20), image.Pt(70, 20)}, {2, 80, 40, image.Pt(70, 20), image.Pt(10, 20)},
		{3, 80, 40, image.Pt(70, 20), image.Pt(10, 20)}, {4, 80, 40, image.Pt(10, 20), image.Pt(70, 20)},
		{5, 40, 80, image.Pt(20, 10), image.Pt(20, 70)}, {6, 40, 80, image.Pt(20, 10), image.Pt(20, 70)},
		{7, 40, 80, image.Pt(20, 70), image.Pt(20, 10)}, {8, 40, 80, image.Pt(20, 70), image.Pt(20, 10)},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("orientation %d", tt.orientation), func(t *testing.T) {
			img := newOffice(t).kept(t, held(t, tt.orientation))
			if size := img.Bounds().Size(); size != image.Pt(tt.width, tt.height) {
				t.Fatalf("kept as %v, want %d×%d", size, tt.width, tt.height)
			}
			r, _, b, _ := img.At(tt.red.X, tt.red.Y).RGBA()
			r2, _, b2, _ := img.At(tt.blue.X, tt.blue.Y).RGBA()
			if r < 2*b || b2 < 2*r2 {
				t.Errorf("red %d, blue %d where red belongs; red %d, blue %d where blue belongs", r>>8, b>>8, r2>>8, b2>>8)
			}
		})
	}
}

// What is transparent is kept as white paper, not as black.
func TestTransparentPicturesAreKeptOnWhite(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 20, 20))); err != nil {
		t.Fatal(err)
	}
	if r, g, blue, _ := newOffice(t).kept(t, b.Bytes()).At(10, 10).RGBA(); min(r, g, blue) < 0xf000 {
		t.Errorf("kept as %x %x %x, want white", r, g, blue)
	}
}

// Pictures are unpacked in turn; who waits in vain tries again later.
func TestPicturesAreOpenedInTurn(t *testing.T) {
	o := newOffice(t)
	for _, text := range naturalAnswers[:4] {
		o.says(t, "a", text)
	}
	o.sendPicture(t, "a", held(t, 6))
	o.pictures.Opening = make(chan struct{}, 1)
	o.pictures.Opening <- struct{}{}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := o.pictures.Fetch(ctx, o.fetches[0]); !fault.Is(err, fault.Unavailable) || len(o.files) != 0 {
		t.Errorf("with no turn free: %v, %d files, want to be tried again", err, len(o.files))
	}
	<-o.pictures.Opening
	if err := o.fetch(t); err != nil || len(o.files) != 1 {
		t.Errorf("when its turn comes: %v, %d files", err, len(o.files))
	}
}

// art. 29(2)(1): proof of identity may come as a picture.
func TestPicturesGoWithTheApplication(t *testing.T) {
	o := newOffice(t)
	for _, text := range naturalAnswers[:4] {
		o.says(t, "a", text)
	}
	contains(t, o.sendPicture(t, "a", withExif(t)), "图片收到了", "第 1 张", "身份证号")
	webp, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	contains(t, o.sendPicture(t, "a", webp), "第 2 张")
	for _, text := range naturalAnswers[4:9] {
		o.says(t, "a", text)
	}
	contains(t, o.says(t, "a", "确认"), "还在保存")
	for range 2 { // work may run twice
		if err := o.fetch(t); err != nil {
			t.Fatal(err)
		}
	}
	contains(t, o.says(t, "a", "确认"), "登记回执")
	r := o.memory.requests[0]
	if len(r.Filing.Attachments) != 2 || len(o.files) != 2 || r.Filing.Attachments[0].Kind != disclosure.IdentityProof || r.Filing.ConsentAt.IsZero() {
		t.Fatalf("filed with %+v, %d files, consent %v", r.Filing.Attachments, len(o.files), r.Filing.ConsentAt)
	}
	for id, data := range o.files {
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil || bytes.Contains(data, []byte("GPS")) || bytes.Contains(data, []byte("Exif")) {
			t.Errorf("%s is kept with more than the picture (%v)", id, err)
		}
	}
	o.file(t, "a")
	if n := len(o.memory.requests[1].Filing.Attachments); n != 0 {
		t.Errorf("the next application has %d pictures of the one before", n)
	}
}

func TestPicturesThatAreLost(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		err  error
	}{
		{"not a picture", []byte("%PDF-1.7"), nil},
		{"damaged", withExif(t)[:60], nil},
		{"no longer there", nil, &bot.APIError{Code: 40007}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			for _, text := range naturalAnswers[:9] {
				o.says(t, "a", text)
			}
			o.mediaErr = tt.err
			o.sendPicture(t, "a", tt.data)
			if err := o.fetch(t); err != nil {
				t.Fatal(err)
			}
			contains(t, o.says(t, "a", "确认"), "1 张图片没能保存", "删除图片")
			contains(t, o.says(t, "a", "删除图片"), "都不附了")
			contains(t, o.says(t, "a", "确认"), "登记回执")
		})
	}
	o := newOffice(t)
	for _, text := range naturalAnswers[:9] {
		o.says(t, "a", text)
	}
	o.mediaErr = fault.New(fault.Unavailable, "连不上。")
	o.sendPicture(t, "a", withExif(t))
	if err := o.fetch(t); err == nil {
		t.Error("a download that may yet succeed is not tried again")
	}
	o.now = o.now.Add(11 * time.Minute)
	contains(t, o.says(t, "a", "确认"), "没能保存") // nobody waits for ever
}

func TestPicturesAreTakenOnlyForAnApplication(t *testing.T) {
	o := newOffice(t)
	contains(t, o.sendPicture(t, "a", withExif(t)), "也没有保存它")
	o.says(t, "a", "申请公开")
	contains(t, o.sendPicture(t, "a", withExif(t)), "也没有保存它") // before 同意
	o.says(t, "a", "同意")
	for range 9 {
		o.sendPicture(t, "a", withExif(t))
	}
	contains(t, o.sendPicture(t, "a", withExif(t)), "最多附 9 张")
	if len(o.fetches) != 9 {
		t.Errorf("%d pictures are fetched, want 9", len(o.fetches))
	}
}

// 个人信息保护法 art. 47: what was kept for the conversation goes at once; what was filed stays.
func TestUnsubscribeForgets(t *testing.T) {
	o := newOffice(t)
	filed := o.file(t, "a")
	for _, text := range naturalAnswers[:5] {
		o.says(t, "a", text)
	}
	o.sendPicture(t, "a", withExif(t))
	o.says(t, "a", "人工")
	o.says(t, "a", "我的事")
	o.says(t, "b", "呜里哇啦")
	if _, err := o.handle(t.Context(), bot.Message{From: "a", Type: bot.EventMessage, Event: bot.Unsubscribe}); err != nil {
		t.Fatal(err)
	}
	if all, err := o.talks.Talks(t.Context()); err != nil || len(all) != 1 || all[0].OpenID != "b" {
		t.Errorf("talks left %+v, %v, want only the other citizen's", all, err)
	}
	if len(o.memory.drafts) != 0 || !slices.Equal(o.forgot, []string{"a"}) {
		t.Errorf("drafts %v, consents forgotten of %v", o.memory.drafts, o.forgot)
	}
	if err := o.fetch(t); err != nil || len(o.files) != 0 {
		t.Errorf("a picture is fetched after all: %d files, %v", len(o.files), err)
	}
	contains(t, o.says(t, "a", "查进度"), filed.ID)
	contains(t, o.says(t, "a", "继续"), "没有正在填写的申请")
}

// One deletion that fails keeps no other from being done, and makes WeChat deliver the event again.
func TestUnsubscribeWithAFailure(t *testing.T) {
	o := newOffice(t)
	o.says(t, "a", "人工")
	o.memory.fail["delete"] = errBroken
	if _, err := o.handle(t.Context(), bot.Message{From: "a", Type: bot.EventMessage, Event: bot.Unsubscribe}); err == nil {
		t.Error("a deletion that failed is told as done")
	}
	if all, _ := o.talks.Talks(t.Context()); len(all) != 0 || len(o.forgot) != 1 {
		t.Errorf("talks %v, forgotten %v: the other deletions were not done", all, o.forgot)
	}
}
