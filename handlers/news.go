package handlers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"shoushan/bot"
	"shoushan/posts"
	"shoushan/workday"
)

// newsCards is how many cards answer a tap on the menu (the platform takes eight), newsLines how many titles a typed word.
const (
	newsCards = 5
	newsLines = 8
)

// news shows the latest published articles: cards for a tap, titles with permanent links for typed words, because the
// platform takes only one card then.
func (c *Citizen) news(ctx context.Context, m bot.Message) (bot.Reply, error) {
	tapped := m.Type == bot.EventMessage
	n := newsLines
	if tapped {
		n = newsCards
	}
	list, err := c.Articles.Latest(ctx, n)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case len(list) == 0:
		return say(paragraphs("最近还没有发布文章。", labelled("公开的信息也可以到网站查看", c.organ().Website))), nil
	case tapped:
		return bot.Reply{News: cards(list)}, nil
	}
	return say("最新发布：\n" + titles(list, replyBytes-200)), nil
}

func cards(list []posts.Post) []bot.NewsItem {
	var out []bot.NewsItem
	for _, p := range list {
		c := p.Card()
		out = append(out, bot.NewsItem{Title: c.Title, Description: c.Description, PicURL: c.PictureURL, URL: c.URL})
	}
	return out
}

// titles lists as many articles as fit into limit bytes, never cutting a link.
func titles(list []posts.Post, limit int) string {
	var b strings.Builder
	for i, p := range list {
		day := workday.Of(p.Publication.PublishedAt)
		item := fmt.Sprintf("\n%d. %s（%d月%d日）\n%s", i+1, shorten(p.Content.Title, 40), day.Month(), day.Day(), p.Publication.URL)
		if b.Len()+len(item) > limit {
			break
		}
		b.WriteString(item)
	}
	return b.String()
}

// related is how many articles are searched for one that already says what is asked for.
const related = 60

// alreadyPublic offers what is already published when the turn has just taken a description (条例第三十六条第一项: what is
// public already is answered by where it stands). It never stands in the way: a failure is no offer.
func (c *Citizen) alreadyPublic(ctx context.Context, before, after draft) string {
	wanted := after.Filing.Personal.Description
	if wanted == "" || wanted == before.Filing.Personal.Description {
		return ""
	}
	list, err := c.Articles.Latest(ctx, related)
	if err != nil {
		return ""
	}
	list = alike(wanted, list, 2)
	if len(list) == 0 {
		return ""
	}
	return "也许已经公开了，可以先看看：" + titles(list, 600) + "\n正是您要的，回复“取消”就行；不是的话接着填。"
}

// alike returns at most n articles whose titles share at least half of their character pairs with the wanted
// information, best first.
func alike(wanted string, list []posts.Post, n int) []posts.Post {
	pairs := pairsOf(wanted)
	type scored struct {
		post  posts.Post
		score float64
	}
	var found []scored
	for _, p := range list {
		title := pairsOf(p.Content.Title)
		shared := 0
		for pair := range title {
			if pairs[pair] {
				shared++
			}
		}
		if shared >= 4 && 2*shared >= min(len(title), len(pairs)) {
			found = append(found, scored{p, float64(shared) / float64(len(title))})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var out []posts.Post
	for _, s := range found[:min(n, len(found))] {
		out = append(out, s.post)
	}
	return out
}

// pairsOf returns the pairs of neighbouring letters and digits of a text.
func pairsOf(s string) map[string]bool {
	var letters []rune
	for _, r := range clean(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters = append(letters, r)
		}
	}
	out := map[string]bool{}
	for i := 1; i < len(letters); i++ {
		out[string(letters[i-1:i+1])] = true
	}
	return out
}
