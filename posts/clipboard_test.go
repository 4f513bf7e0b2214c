package posts_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shoushan/posts"
)

// TestClipboards cleans what Word, WPS, Excel, Google Docs, an article of an Official Account and a government site put on
// the clipboard; run with -update after a change.
func TestClipboards(t *testing.T) {
	files, err := filepath.Glob("testdata/clipboard/*.html")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".html"), func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := posts.CleanHTML(string(source))
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".html") + ".md"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got: %s", diff)
			}
			for _, junk := range []string{"mso-", "style=", "<", "o:p", "StartFragment", "&nbsp"} {
				if strings.Contains(got, junk) {
					t.Errorf("%q came along", junk)
				}
			}
		})
	}
}

func TestNumberingOfOfficialTextsIsKept(t *testing.T) {
	item := func(marker, text string) string {
		return `<p style="mso-list:l0 level1 lfo1"><span style='mso-list:Ignore'>` + marker + `<span>&nbsp;</span></span>` + text + `</p>`
	}
	tests := []struct{ name, html, want string }{
		{"figures become a list", item("1.", "甲") + item("2.", "乙"), "1. 甲\n2. 乙\n"},
		{"（一） stays as it is written", item("（一）", "甲") + item("（二）", "乙"), "（一）甲\n\n（二）乙\n"},
		{"一、 stays", item("一、", "甲"), "一、甲\n"},
		{"(1) stays", item("(1)", "甲"), "(1)甲\n"},
		{"circles stay", item("①", "甲"), "①甲\n"},
		{"a dot is a bullet", item("·", "甲") + item("Ø", "乙"), "-  甲\n-  乙\n"},
		{"GB/T 9704: 一、 in 黑体 is a heading", `<p><span style="font-family:黑体">一、提高认识</span></p>`, "## 一、提高认识\n"},
		{"a sentence is none", `<p><span style="font-family:黑体">一、各村要提高认识。</span></p>`, "一、各村要提高认识。\n"},
		{"nor is ordinary type", `<p><span style="font-family:仿宋">一、提高认识</span></p>`, "一、提高认识\n"},
		{"nor what is long", `<p><b>一、` + strings.Repeat("字", 30) + `</b></p>`, "**一、" + strings.Repeat("字", 30) + "**\n"},
		{"items with two paragraphs stay apart from them", "<ul><li><p>甲</p><p>乙</p></li><li>丙</li></ul>", "-  甲\n\n   乙\n\n-  丙\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := posts.CleanHTML(tt.html); err != nil || got != tt.want {
				t.Errorf("CleanHTML = %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}
