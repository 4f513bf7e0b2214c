package bot_test

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"shoushan/bot"
)

// replyTo sends one message through a callback whose handler gives the reply.
func replyTo(t testing.TB, inner string, r bot.Reply) passive {
	t.Helper()
	w := newWechat(t, bot.Safe, fixed)
	h := newCallback(bot.Safe, newOnce(fixed), func(context.Context, bot.Message) (bot.Reply, error) { return r, nil }, fixed)
	return w.open(t, post(t, h, w.deliver(inner)))
}

func TestRepliesAreWithinTheLimit(t *testing.T) {
	for _, n := range []int{1, 682, 683, 2000} { // 682 × 3 = 2046 bytes
		p := replyTo(t, textXML("1", "x", noon), bot.Reply{Text: strings.Repeat("字", n)})
		whole := n <= 682
		if len(p.Content) > bot.MaxTextBytes || !utf8.ValidString(p.Content) || strings.Contains(p.Content, "未能全部显示") == whole {
			t.Errorf("%d characters: %d bytes, ends %q", n, len(p.Content), p.Content[max(0, len(p.Content)-50):])
		}
	}
}

// Whatever a citizen typed comes back as it was, as far as XML can hold it.
func TestRepliesSurviveXML(t *testing.T) {
	for _, text := range []string{"]]>", "a]]>b]]>", "<xml>&amp;</xml>", "“引号”\n换行", "😀", "]]]]>>"} {
		if p := replyTo(t, textXML("1", "x", noon), bot.Reply{Text: text}); p.Content != text {
			t.Errorf("%q came back as %q", text, p.Content)
		}
	}
	if p := replyTo(t, textXML("1", "x", noon), bot.Reply{Text: "a\x00\x08b\xffc"}); p.Content != "ab\uFFFDc" {
		t.Errorf("forbidden characters: %q", p.Content)
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringN(1, 400, 1500).Draw(rt, "text")
		want := strings.Map(func(r rune) rune {
			if r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
				return -1
			}
			return r
		}, text)
		if p := replyTo(t, textXML("1", "x", noon), bot.Reply{Text: text}); p.Content != want && !strings.Contains(text, "\r") {
			rt.Fatalf("%q came back as %q", want, p.Content)
		}
	})
}

func TestRepliesWithPicturesAndCards(t *testing.T) {
	if p := replyTo(t, textXML("1", "x", noon), bot.Reply{ImageMediaID: "M"}); p.MsgType != "image" || p.Image.MediaId != "M" {
		t.Errorf("image = %+v", p)
	}
	cards := bot.Reply{News: make([]bot.NewsItem, 10)}
	cards.News[0] = bot.NewsItem{Title: "题", Description: "摘", PicURL: "p?a&b", URL: "u?a&b"}
	typed := replyTo(t, textXML("1", "x", noon), cards)
	if typed.MsgType != "news" || typed.ArticleCount != 1 || len(typed.Articles.Item) != 1 {
		t.Errorf("to a typed message: %d articles, want 1", typed.ArticleCount)
	}
	if it := typed.Articles.Item[0]; it.Title != "题" || it.Description != "摘" || it.PicUrl != "p?a&b" || it.Url != "u?a&b" {
		t.Errorf("card = %+v", it)
	}
	if tapped := replyTo(t, eventXML("CLICK", "k", noon), cards); tapped.ArticleCount != 8 || len(tapped.Articles.Item) != 8 {
		t.Errorf("to a tap: %d articles, want 8", tapped.ArticleCount)
	}
}

func TestShorten(t *testing.T) {
	tests := []struct {
		text, hint, want string
		limit            int
	}{
		{"abc", "…", "abc", 3},
		{"abcdefgh", "…", "ab…", 5},
		{"一二三四", "…", "一…", 8},
		{"abc", "很长的提示", "很长的提示", 2},
	}
	for _, tt := range tests {
		if got := bot.Shorten(tt.text, tt.limit, tt.hint); got != tt.want {
			t.Errorf("Shorten(%q, %d, %q) = %q, want %q", tt.text, tt.limit, tt.hint, got, tt.want)
		}
	}
}
