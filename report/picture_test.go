package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
)

// pictured is a year with something in every block of the picture.
func pictured(t *testing.T) report.Annual {
	t.Helper()
	a, err := report.Draft(2021, disclosure.Organ{Name: "陵川县崇文镇人民政府", ShortName: "崇文镇", AccountName: "首善崇文"}, prose2021(), report.Records{
		Posts: posts2021(), Requests: []disclosure.Request{
			request("a", disclosure.NaturalPerson, "2021-03-03", "2021-03-20", "r1"),
			request("b", disclosure.Company, "2020-12-20", "2021-01-10", "r3_4"),
			request("c", disclosure.NaturalPerson, "2021-12-20", "", ""),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// svgTexts reads the texts of a picture, which must be well-formed.
func svgTexts(t *testing.T, data []byte) string {
	t.Helper()
	var out strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out.String()
		}
		if err != nil {
			t.Fatalf("the picture is not well-formed: %v", err)
		}
		if text, ok := token.(xml.CharData); ok && len(bytes.TrimSpace(text)) > 0 {
			out.WriteString(strings.TrimSpace(string(text)) + "|")
		}
	}
}

func TestPictureTellsTheFigures(t *testing.T) {
	var out bytes.Buffer
	if err := report.WriteSVG(&out, pictured(t)); err != nil {
		t.Fatal(err)
	}
	got := svgTexts(t, out.Bytes())
	for _, want := range []string{"陵川县崇文镇人民政府|", "2021年政府信息公开|", "127|公众号原创（条）", "505|公众号转载（条）", "85|门户网站信息（条）",
		"1|上年结转（件）", "2|本年新收（件）", "2|本年办结（件）", "1|结转下年（件）", "不予公开|1 件"} {
		if !strings.Contains(got, want) {
			t.Errorf("the picture lacks %q: %s", want, got)
		}
	}
}

func TestPictureLeavesOutWhatIsNotKnown(t *testing.T) {
	var out bytes.Buffer
	if err := report.WriteSVG(&out, report.Annual{Organ: "某<县>", Year: 2022, T4: &report.Table4{}}); err != nil {
		t.Fatal(err)
	}
	got := svgTexts(t, out.Bytes())
	if strings.Contains(got, "公众号") || strings.Contains(got, "依申请") || !strings.Contains(got, "某<县>") || !strings.Contains(got, "—") {
		t.Errorf("texts = %s", got)
	}
}

// systemFont is a Chinese font of this machine, found as the program finds it.
func systemFont(t *testing.T) []byte {
	t.Helper()
	path, err := exec.Command("fc-match", "-f", "%{file}", ":lang=zh-cn").Output()
	if err != nil {
		t.Skip("fontconfig is not installed: the PNG half did not run")
	}
	data, err := os.ReadFile(strings.TrimSpace(string(path)))
	if err != nil {
		t.Skipf("no font at %s", path)
	}
	return data
}

func TestPicturePNGHasTheSameLayout(t *testing.T) {
	var out bytes.Buffer
	if err := report.WritePNG(&out, pictured(t), report.Fonts{Regular: systemFont(t)}); err != nil {
		if fault.Is(err, fault.Invalid) {
			t.Skipf("this machine's first font has no Chinese: %v", err)
		}
		t.Fatal(err)
	}
	img, err := png.Decode(&out)
	if err != nil || img.Bounds().Dx() != 1080 {
		t.Fatalf("decode = %v, %v", img.Bounds(), err)
	}
	red, _, blue, _ := img.At(20, 20).RGBA()
	if red>>8 != 0x9b || blue>>8 != 0x1c {
		t.Errorf("the band over the title is #%02x..%02x, want #9b1c1c", red>>8, blue>>8)
	}
	white := 0
	for x := 300; x < 780; x++ {
		for y := 50; y < 110; y++ {
			if r, g, b, _ := img.At(x, y).RGBA(); r>>8 == 255 && g>>8 == 255 && b>>8 == 255 {
				white++
			}
		}
	}
	if white < 2000 {
		t.Errorf("the organ's name covers %d pixels: it was not drawn", white)
	}
}

func TestPicturePNGRefusesAFontWithoutChinese(t *testing.T) {
	for name, data := range map[string][]byte{"no font": []byte("x"), "none given": nil, "a Latin font": goregular.TTF} {
		if err := report.WritePNG(io.Discard, pictured(t), report.Fonts{Regular: data}); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), "中文字体") {
			t.Errorf("%s: WritePNG = %v, want Invalid", name, err)
		}
	}
}

func TestArticleFromTheSameFigures(t *testing.T) {
	c := report.Article(pictured(t), strings.Repeat("0123456789abcdef", 4), "http://www.example.gov.cn/2021.html")
	for _, want := range []string{"](file:" + strings.Repeat("0123456789abcdef", 4) + ")", "原创信息127条", "本年新收2件", "予以公开1件，不予公开1件", "http://www.example.gov.cn/2021.html"} {
		if !strings.Contains(c.Markdown, want) {
			t.Errorf("the article lacks %q:\n%s", want, c.Markdown)
		}
	}
	for _, p := range c.Problems() {
		if p.Blocking {
			t.Errorf("the draft cannot be submitted: %s: %s", p.Field, p.Message)
		}
	}
	if c.Origin != posts.Original {
		t.Errorf("origin = %s", c.Origin)
	}
}

func TestLongNumbersOfARollUpDoNotTouch(t *testing.T) {
	a, _ := loadReport(t, "suqian_city_2023")
	var out bytes.Buffer
	if err := report.WriteSVG(&out, a); err != nil {
		t.Fatal(err)
	}
	const widest, digit = 996 / 4, 0.62 // the narrowest column of figures in pixels; a bold digit in ems
	found := 0
	for _, m := range regexp.MustCompile(`font-size="(\d+)"[^>]*>([\d.]{6,})<`).FindAllStringSubmatch(out.String(), -1) {
		size, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		if width := float64(size) * digit * float64(len(m[2])); width > widest {
			t.Errorf("%s at %s px is about %.0f px wide, its column %d", m[2], m[1], width, widest)
		}
		found++
	}
	if found == 0 {
		t.Error("the picture shows no long number")
	}
}
