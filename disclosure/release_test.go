package disclosure_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

// TestMarkedPassagesAreBlackedOut is 条例第三十七条: what is marked is printed as ■■■■ and kept nowhere.
func TestMarkedPassagesAreBlackedOut(t *testing.T) {
	const secret = "140524198502120011"
	tests := []struct {
		name    string
		outcome disclosure.Outcome
		content string
		says    []string // in the letter
		refused string   // "" when it is not
	}{
		{"art. 37: one passage", "r2", "户主〖王五，" + secret + "〗，每月450元", []string{"户主■■■■，每月450元"}, ""},
		{"art. 37: brackets of a keyboard", "r2", "报价[[123万元]]，质保[[两年]]", []string{"报价■■■■，质保■■■■"}, ""},
		{"art. 37: over lines, each line a paragraph", "r2", "一、名单\n〖王五\n李四〗\n二、合计两户", []string{"公开的部分：", "一、名单", "■■■■", "二、合计两户"}, ""},
		{"art. 37: the length tells nothing", "r2", "〖长〗和〖很长很长很长很长〗", []string{"■■■■和■■■■"}, ""},
		{"an open bracket", "r2", "户主〖王五", nil, "没有配成对"},
		{"brackets within brackets", "r2", "户主〖王〖五〗六〗", nil, "没有配成对"},
		{"art. 36: all is given, nothing can be blacked out", "r1", "户主〖王五〗", nil, "应当作“部分公开”"},
		{"somebody else's identity number", "r2", "户主王五 " + secret1(), nil, "别人的身份证号"},
		{"somebody else's identity number where all is given", "r1", "户主王五 " + secret1(), nil, "别人的身份证号"},
		{"the applicant's own", "r1", "您的登记号 14052419900101005x", []string{"14052419900101005x"}, ""},
		{"a number that is none", "r1", "合同编号 140524199001010051", []string{"140524199001010051"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld("2026-03-02")
			r := must(t)(w.Submit(t.Context(), clerk, atCounter()))
			r, err := w.Decide(t.Context(), clerk, r.ID, disclosure.Decision{
				Outcome: tt.outcome, How: "attached", Content: tt.content, Ground: "含有个人隐私", RefusedRow: "r3_4",
			})
			if tt.refused != "" {
				if refused(t, err, fault.Invalid); !strings.Contains(fault.Message(err), tt.refused) {
					t.Errorf("%q does not say %q", fault.Message(err), tt.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			paragraphs := strings.Join(r.Letters[r.ReplyIndex()].Paragraphs, "\n") + "\n"
			for _, want := range tt.says {
				if !strings.Contains(paragraphs, want) {
					t.Errorf("the letter lacks %q:\n%s", want, paragraphs)
				}
			}
			for _, gone := range []string{secret, "王五", "李四", "123万元", "很长"} {
				if bytes.Contains(w.memory.records[r.ID], []byte(gone)) {
					t.Errorf("the record still holds %q", gone)
				}
			}
		})
	}
}

// secret1 is an identity number whose check digit is right.
func secret1() string { return wang }

// filed adds a file of information to a case.
func (w *world) fileInformation(t *testing.T, id, file string, withhold bool) {
	t.Helper()
	must(t)(w.Attach(t.Context(), clerk, id, disclosure.Attachment{File: file, Name: "名册.jpg", Kind: disclosure.InformationFile, Withhold: withhold}))
}

// TestNoOriginalLeaves is 条例第三十七条: what is marked is not served before there is a version that may leave, and the original
// itself is none.
func TestNoOriginalLeaves(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.Submit(ctx, clerk, atCounter()))
	w.fileInformation(t, r.ID, "original", true)
	w.fileInformation(t, r.ID, "other", true)
	_, err := w.Decide(ctx, clerk, r.ID, disclosure.Decision{Outcome: "r1", How: "attached", Content: "名册"})
	refused(t, err, fault.Conflict)
	must(t)(w.Decide(ctx, clerk, r.ID, disclosure.Decision{Outcome: "r2", Content: "名册", Ground: "含有个人隐私", RefusedRow: "r3_4"}))
	sign := func() error { _, err := w.SignOff(ctx, head, r.ID); return err }
	release := func(of, file string) error {
		_, err := w.AttachRelease(ctx, clerk, r.ID, of, disclosure.Attachment{File: file, Name: "名册（公开版）.jpg"}, 3)
		return err
	}
	serve := func() error {
		_, err := w.Deliver(ctx, clerk, r.ID, disclosure.DeliverByPost, "1234567890123")
		return err
	}
	refused(t, sign(), fault.Conflict)
	refused(t, release("original", "original"), fault.Conflict)
	refused(t, release("original", "other"), fault.Conflict) // the original of something else
	refused(t, release("nowhere", "blacked"), fault.NotFound)
	if err := release("original", "blacked"); err != nil {
		t.Fatal(err)
	}
	refused(t, release("original", "blacked"), fault.Conflict) // it is there
	refused(t, serve(), fault.Conflict)                        // the other one is not made
	_, err = w.Withhold(ctx, clerk, r.ID, "original", false)
	refused(t, err, fault.Conflict) // a version was made from it
	must(t)(w.Withhold(ctx, clerk, r.ID, "other", false))
	if err := sign(); err != nil {
		t.Fatal(err)
	}
	must(t)(w.Withhold(ctx, clerk, r.ID, "other", true)) // somebody sees it in the last moment
	refused(t, serve(), fault.Conflict)
	must(t)(w.Withhold(ctx, clerk, r.ID, "other", false))
	if err := serve(); err != nil {
		t.Fatal(err)
	}
	r = must(t)(w.memory.Request(ctx, r.ID))
	last := r.Files[len(r.Files)-1]
	if last.Kind != disclosure.ReleasedFile || last.Of != "original" || last.AddedBy != clerk.ID {
		t.Errorf("the released version is %+v", last)
	}
	if given := r.GivenOut(); len(given) != 1 || given[0].File != "blacked" {
		t.Errorf("given out: %+v, want the released version alone", given)
	}
	if trail, _ := json.Marshal(r.Trail); !strings.Contains(string(trail), "遮盖3处") || strings.Contains(string(trail), "名册.jpg") {
		t.Errorf("the trail is %s", trail)
	}
}

func TestReleaseRefusals(t *testing.T) {
	p := inState(t, disclosure.Handling)
	p.fileInformation(t, p.id, "original", false)
	for name, err := range map[string]error{
		"a released version without an original": second3(p.Attach(p.ctx, clerk, p.id, disclosure.Attachment{File: "f", Name: "n", Kind: disclosure.ReleasedFile})),
		"an identity document has no parts":      second3(p.Attach(p.ctx, clerk, p.id, disclosure.Attachment{File: "f", Name: "n", Kind: disclosure.IdentityProof, Withhold: true})),
	} {
		t.Run(name, func(t *testing.T) { refused(t, err, fault.Invalid) })
	}
	for name, by := range map[string]staff.Member{"the signer": head, "an author": author, "a citizen": staff.Citizen} {
		t.Run(name, func(t *testing.T) {
			_, err := p.AttachRelease(p.ctx, by, p.id, "original", disclosure.Attachment{File: "f", Name: "n"}, 1)
			refused(t, err, fault.Forbidden)
			_, err = p.Withhold(p.ctx, by, p.id, "original", true)
			refused(t, err, fault.Forbidden)
		})
	}
	_, err := p.Withhold(p.ctx, clerk, p.id, "original", false)
	refused(t, err, fault.Conflict)
}

func second3(_ disclosure.Request, err error) error { return err }

// striped is a picture whose right half is red and holds the secret; write encodes it.
func striped(t *testing.T, write func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 200, 100))
	for x := range 200 {
		for y := range 100 {
			img.Set(x, y, map[bool]color.Color{true: color.NRGBA{R: 255, A: 255}, false: color.White}[x >= 100])
		}
	}
	var b bytes.Buffer
	if err := write(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(b *bytes.Buffer, img image.Image) error { return jpeg.Encode(b, img, nil) }
func asPNG(b *bytes.Buffer, img image.Image) error  { return png.Encode(b, img) }

// TestNothingRemainsBelowABox: the released picture is written anew; below a box every pixel is black, and what the file held
// beside its pixels is gone.
func TestNothingRemainsBelowABox(t *testing.T) {
	jpg := striped(t, asJPEG)
	hidden := []byte("\xff\xfe\x00\x14140524199003071239")
	withComment := append(append(append([]byte(nil), jpg[:2]...), hidden...), jpg[2:]...)
	pngWithTail := append(striped(t, asPNG), []byte("140524199003071239")...)
	tests := []struct {
		name    string
		picture []byte
		format  string
	}{{"JPEG", jpg, "jpeg"}, {"JPEG with a comment", withComment, "jpeg"}, {"PNG", striped(t, asPNG), "png"}, {"PNG with something behind it", pngWithTail, "png"}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, err := disclosure.BlackOut(tt.picture, []disclosure.Box{{X: 50, Y: 0, W: 50, H: 100}})
			if err != nil {
				t.Fatal(err)
			}
			img, format, err := image.Decode(bytes.NewReader(out))
			if err != nil || format != tt.format || img.Bounds().Dx() != 200 || img.Bounds().Dy() != 100 {
				t.Fatalf("%s %v, %v", format, img.Bounds(), err)
			}
			for x := 108; x < 200; x++ { // JPEG blurs eight pixels beside an edge, to the outside only of what is black
				for y := range 100 {
					if r, g, b, _ := img.At(x, y).RGBA(); r|g|b > 0x0fff {
						t.Fatalf("pixel %d,%d is %v", x, y, img.At(x, y))
					}
				}
			}
			if r, _, _, _ := img.At(20, 50).RGBA(); r < 0xf000 {
				t.Errorf("what is open became %v", img.At(20, 50))
			}
			if bytes.Contains(out, []byte("140524199003071239")) || bytes.Equal(out, tt.picture) {
				t.Error("the file still holds what was hidden in it")
			}
		})
	}
	for name, picture := range map[string][]byte{"a PDF": []byte("%PDF-1.7"), "half a picture": jpg[:len(jpg)/2]} {
		if _, err := disclosure.BlackOut(picture, []disclosure.Box{{W: 1, H: 1}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
}

// TestBoxesAreRoundedOutwards: a box never covers less than was drawn.
func TestBoxesAreRoundedOutwards(t *testing.T) {
	out, err := disclosure.BlackOut(striped(t, asPNG), []disclosure.Box{{X: 50.2, Y: 10.9, W: 10.1, H: 5.3}})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []image.Point{{100, 10}, {120, 16}} {
		if r, g, b, _ := img.At(p.X, p.Y).RGBA(); r|g|b != 0 {
			t.Errorf("%v is %v, want black", p, img.At(p.X, p.Y))
		}
	}
}

func TestParseBoxes(t *testing.T) {
	tests := []struct {
		name, text string
		n          int // 0: refused
	}{
		{"one", "10 20 30 5", 1},
		{"commas and hundredths", "10.5，20,30%，5\n\n 0 0 100 100 \n", 2},
		{"none", " \n", 0}, {"three numbers", "10 20 30", 0}, {"a word", "左上 20 30 5", 0}, {"outside", "10 20 300 5", 0}, {"negative", "-1 20 30 5", 0},
		{"no width", "10 20 0 5", 0}, {"not a number", "NaN 20 30 5", 0}, {"too many", strings.Repeat("1 1 1 1\n", 201), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := disclosure.ParseBoxes(tt.text)
			if tt.n == 0 {
				refused(t, err, fault.Invalid)
			} else if err != nil || len(got) != tt.n {
				t.Errorf("%v, %v; want %d boxes", got, err, tt.n)
			}
		})
	}
}

// TestOnlyWhatWasSignedIsGivenOut: the applicant may fetch what the signer has seen, and nothing else of the case.
func TestOnlyWhatWasSignedIsGivenOut(t *testing.T) {
	tests := []struct {
		name     string
		decision disclosure.Decision
		want     string // the files that are given out
	}{
		{"art. 36: everything is given", disclosure.Decision{Outcome: "r1", How: disclosure.Attached}, "plain"},
		{"art. 36: it is public elsewhere", disclosure.Decision{Outcome: "r1", How: disclosure.PublicLink, Content: "网站"}, ""},
		{"art. 37: part is withheld, only released versions", disclosure.Decision{Outcome: "r2", Ground: "隐私", RefusedRow: "r3_4"}, ""},
		{"art. 15: refused", disclosure.Decision{Outcome: "r3_4", Ground: "隐私"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld("2026-03-02")
			ctx := t.Context()
			r := must(t)(w.Submit(ctx, clerk, atCounter()))
			must(t)(w.Attach(ctx, clerk, r.ID, disclosure.Attachment{File: "id", Name: "身份证.jpg", Kind: disclosure.IdentityProof}))
			w.fileInformation(t, r.ID, "plain", false)
			must(t)(w.Decide(ctx, clerk, r.ID, tt.decision))
			_, err := w.ReadEnclosure(ctx, head, r.ID, "id")
			refused(t, err, fault.Forbidden) // the signer reads what goes out, and nothing personal
			must(t)(w.SignOff(ctx, head, r.ID))
			if r = must(t)(w.memory.Request(ctx, r.ID)); len(r.GivenOut()) != 0 {
				t.Error("something is given out before the answer was served")
			}
			w.fileInformation(t, r.ID, "later", false) // nobody has signed it
			r = must(t)(w.Deliver(ctx, clerk, r.ID, disclosure.DeliverByPost, "1234567890123"))
			var got []string
			for _, a := range r.GivenOut() {
				got = append(got, a.File)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("given out: %q, want %q", got, tt.want)
			}
		})
	}
}
