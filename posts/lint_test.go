package posts_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shoushan/fault"
	"shoushan/posts"
)

func TestProblems(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*posts.Content)
		field string // "" means nothing is found
		block bool
		words string // in the sentence
	}{
		{"nothing wrong", func(*posts.Content) {}, "", false, ""},
		{"draft/add: a title of 32 characters", func(c *posts.Content) { c.Title = strings.Repeat("长", 32) }, "", false, ""},
		{"draft/add: a title of 33 characters", func(c *posts.Content) { c.Title = strings.Repeat("长", 33) }, "title", true, "33"},
		{"draft/add: an author of 16 characters", func(c *posts.Content) { c.Byline = strings.Repeat("长", 16) }, "", false, ""},
		{"draft/add: an author of 17 characters", func(c *posts.Content) { c.Byline = strings.Repeat("长", 17) }, "byline", true, "16"},
		{"draft/add: a digest of 129 characters", func(c *posts.Content) { c.Digest = strings.Repeat("长", 129) }, "digest", true, "128"},
		{"draft/add: content of 20000 characters", func(c *posts.Content) { c.Markdown = strings.Repeat("长", 20000) }, "markdown", true, "20000"},
		{"no title", func(c *posts.Content) { c.Title = "" }, "title", true, "标题"},
		{"no text", func(c *posts.Content) { c.Markdown = " \n" }, "markdown", true, "正文"},
		{"no declaration", func(c *posts.Content) { c.Origin = "" }, "origin", true, "声明"},
		{"转载注明来源: no source", func(c *posts.Content) { c.Origin = posts.Repost }, "source", true, "来源"},
		{"转载注明来源: no address of the source", func(c *posts.Content) {
			c.Origin, c.Source = posts.Repost, &posts.Source{Name: "新华社"}
		}, "source", false, "网址"},
		{"an original that names a source", func(c *posts.Content) { c.Markdown += "\n\n来源：新华社" }, "origin", false, "核对"},
		{"a source link that is none", func(c *posts.Content) { c.SourceLink = "www.news.cn" }, "source_link", true, "http"},
		{"a picture from outside", func(c *posts.Content) { c.Markdown += "\n\n![x](https://example.org/a.png)" }, "markdown", true, "外部链接"},
		{"条例第十五条: an identity number", func(c *posts.Content) { c.Markdown += "身份证11010519491231002X。" }, "markdown", true, "110*************2X"},
		{"条例第十五条: an identity number in groups", func(c *posts.Content) { c.Markdown += "110105 19491231 0021" + "，号码错" }, "", false, ""},
		{"条例第十五条: an identity number in the title", func(c *posts.Content) { c.Title = "公示11010519491231002x" }, "title", true, "身份证"},
		{"条例第十五条: a bank card", func(c *posts.Content) { c.Markdown += "卡号 6222 0212 3456 7890 128 开户" }, "markdown", true, "银行卡"},
		{"条例第十五条: a mobile number", func(c *posts.Content) { c.Markdown += "联系13812345678" }, "markdown", false, "手机"},
		{"a landline of an office", func(c *posts.Content) { c.Markdown += "电话0356-6202345" }, "", false, ""},
		{"a document number and a sum", func(c *posts.Content) { c.Markdown += "发放资金1234567890123元" }, "", false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := content()
			c.Cover = "a"
			tt.spoil(&c)
			found := c.Problems()
			if tt.field == "" {
				if len(found) != 0 {
					t.Errorf("found %+v, want nothing", found)
				}
				return
			}
			i := slices.IndexFunc(found, func(p posts.Problem) bool { return p.Field == tt.field })
			if i < 0 {
				t.Fatalf("found %+v, want something about %s", found, tt.field)
			}
			if p := found[i]; p.Blocking != tt.block || !strings.Contains(p.Message, tt.words) {
				t.Errorf("found %+v, want blocking %v and %q", p, tt.block, tt.words)
			}
			if err := posts.Blocking(found); (err != nil) != tt.block || err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("Blocking = %v", err)
			}
		})
	}
}

func TestNoFindingRepeatsPersonalData(t *testing.T) {
	c := content()
	c.Markdown += "11010519491231002X，13812345678，6222021234567890128"
	for _, p := range c.Problems() {
		for _, secret := range []string{"19491231", "12345678", "0212345"} {
			if strings.Contains(p.Message, secret) {
				t.Errorf("%q shows %s", p.Message, secret)
			}
		}
	}
}

func TestAPictureIDIsNoCardNumber(t *testing.T) {
	c := content()
	c.Markdown += "\n\n![图](file:" + strings.Repeat("62220212345678901284567890128", 3)[:64] + ")"
	for _, p := range c.Problems() {
		if strings.Contains(p.Message, "银行卡") {
			t.Errorf("found %+v", p)
		}
	}
}

func TestNoCoverIsAdvice(t *testing.T) {
	found := content().Problems()
	if len(found) != 1 || found[0].Field != "cover" || found[0].Blocking {
		t.Errorf("found %+v", found)
	}
}

func TestEveryValidIdentityNumberIsFound(t *testing.T) {
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`140524(19[4-9][0-9]|200[0-9])(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}`).Draw(t, "number")
		sum := 0
		for i, w := range weights {
			sum += int(number[i]-'0') * w
		}
		good := "10X98765432"[sum%11]
		c := content()
		c.Markdown = "公示" + number + string(good) + "完"
		if posts.Blocking(c.Problems()) == nil {
			t.Fatalf("%s%c was not found", number, good)
		}
	})
}
