package posts

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"shoushan/fault"
)

// Findings lists everything that is wrong or doubtful about a post: what Content.Problems finds, the lists that staff
// maintain, the approved sources, advertising and outside links, pictures that cannot be read, and earlier items like it.
func (n *Newsroom) Findings(ctx context.Context, p Post) ([]Problem, error) {
	rules, err := n.Rules(ctx)
	if err != nil {
		return nil, err
	}
	found := p.Content.problems(rules.TitleLimit)
	found = append(found, rules.sourceProblems(p.Content)...)
	found = append(found, rules.wordProblems(p.Content)...)
	found = append(found, rules.linkProblems(p.Content)...)
	dead, err := n.deadPictures(ctx, p.Content)
	if err != nil {
		return nil, err
	}
	found = append(found, dead...)
	again, err := n.duplicates(ctx, p)
	return append(found, again...), err
}

// sourceProblems looks for the source on the list of approved ones (转载稿源白名单).
func (r Rules) sourceProblems(c Content) []Problem {
	if c.Origin != Repost || c.Source == nil || c.Source.Name == "" || len(r.Sources) == 0 {
		return nil
	}
	_, byAddress := r.Source(c.Source.URL)
	switch {
	case byAddress || c.Source.URL == "" && r.sourceNamed(c.Source.Name):
		return nil
	case c.Source.URL != "":
		return []Problem{{"source", "来源“" + shorten(c.Source.Name) + "”（" + hostOf(c.Source.URL) + "）不在稿源名单内。转载应取自党委和政府网站以及主管部门确定的稿源单位，请核对。", false}}
	default:
		return []Problem{{"source", "来源“" + shorten(c.Source.Name) + "”不在稿源名单内，请核对，或者请管理人员把它加入名单。", false}}
	}
}

// wordProblems looks for the words of the lists in all that readers see.
func (r Rules) wordProblems(c Content) []Problem {
	var found []Problem
	for _, part := range []struct{ field, text string }{{"title", c.Title}, {"digest", c.Digest}, {"markdown", c.Markdown}} {
		for _, list := range []struct {
			words []Word
			tell  func(Word) string
		}{{r.Wrong, wrongWord}, {r.Sensitive, sensitiveWord}, {r.Ads, adWord}} {
			for _, w := range list.words {
				if strings.Contains(part.text, w.Text) {
					found = append(found, Problem{part.field, list.tell(w), w.Blocking})
				}
			}
		}
	}
	return found
}

func wrongWord(w Word) string {
	if w.Instead == "" {
		return "“" + w.Text + "”在错词表中，请核对。"
	}
	return "“" + w.Text + "”应写作“" + w.Instead + "”。"
}

func sensitiveWord(w Word) string {
	return "“" + w.Text + "”在敏感词表中" + because(w.Why) + "，请核对。"
}

func adWord(w Word) string {
	return "“" + w.Text + "”像商业广告用语" + because(w.Why) + "。政务新媒体不得发布商业广告，请核对。"
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return "（" + why + "）"
}

// linkProblems tells of links that lead elsewhere; those to shops block.
func (r Rules) linkProblems(c Content) []Problem {
	var found []Problem
	for _, at := range []struct {
		field string
		links []string
	}{{"markdown", linksOf(c.Markdown)}, {"source_link", []string{c.SourceLink}}} {
		for _, link := range at.links {
			host := hostOf(link)
			_, approved := r.Source(link)
			switch {
			case host == "":
			case within(host, r.Shops):
				found = append(found, blocking(at.field, "链接指向商业网站 %s。政务新媒体不得有商业链接，请删去。", host))
			case !approved && !within(host, r.Links):
				found = append(found, Problem{at.field, "链接指向外部网站 " + host + "，请核对内容是否安全、是否长期有效。公众号里会显示为文末的网址。", false})
			}
		}
	}
	return found
}

// linksOf lists the addresses that the text links to, each once.
func linksOf(markdown string) []string {
	var links []string
	source := []byte(markdown)
	doc := markdownWith(&writer{style: standard}).Parser().Parse(text.NewReader(source))
	_ = ast.Walk(doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		address := ""
		switch n := node.(type) {
		case *ast.Link:
			address = string(n.Destination)
		case *ast.AutoLink:
			address = string(n.URL(source))
		}
		if _, err := url.Parse(address); entering && err == nil && address != "" && !slices.Contains(links, address) {
			links = append(links, address)
		}
		return ast.WalkContinue, nil
	}) // the walker never fails
	return links
}

// deadPictures finds pictures of the item that are missing or damaged.
func (n *Newsroom) deadPictures(ctx context.Context, c Content) ([]Problem, error) {
	var found []Problem
	all := append(Pictures(c.Markdown), c.Gallery...)
	if c.Cover != "" {
		all = append(all, c.Cover)
	}
	for i, id := range all {
		if slices.Contains(all[:i], id) {
			continue
		}
		data, err := n.Files.File(ctx, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, fmt.Errorf("posts: look at a picture: %w", err)
		}
		field := "markdown"
		if id == c.Cover {
			field = "cover"
		}
		if err != nil {
			found = append(found, Problem{field, fmt.Sprintf("第 %d 张图片的文件找不到了，请重新上传。", i+1), true})
		} else if _, _, err := image.DecodeConfig(bytes.NewReader(data)); err != nil {
			found = append(found, Problem{field, fmt.Sprintf("第 %d 张图片打不开，请重新上传。", i+1), true})
		}
	}
	return found, nil
}

// duplicates tells of earlier items that are nearly the same.
func (n *Newsroom) duplicates(ctx context.Context, p Post) ([]Problem, error) {
	alike, err := n.AlikeTo(ctx, p.Content, p.ID)
	if err != nil {
		return nil, err
	}
	var found []Problem
	for _, a := range alike[:min(len(alike), 3)] {
		if a.Post.Channel != p.Channel {
			continue // the same item on the other channel is usual
		}
		what := fmt.Sprintf("与《%s》（%s，%s）有 %d%% 的文字相同", a.Post.Content.Title, a.Post.State.Chinese(), dayOf(a.Post), int(a.Share*100))
		if a.Share >= duplicateAt {
			what += "，可能是重复发布"
		}
		found = append(found, Problem{"markdown", what + "，请核对。", false})
	}
	return found, nil
}

// titleProblem counts a title as the platform does, under the limit in force.
func titleProblem(title string, limit int) []Problem {
	length := utf8.RuneCountInString(title)
	switch {
	case length > limit:
		return []Problem{blocking("title", "标题有 %d 个字，平台最多允许 %d 个字，请缩短。", length, limit)}
	case length > MaxTitle:
		return []Problem{{"title", fmt.Sprintf("标题有 %d 个字，超过 %d 个字，有的界面会显示不全。", length, MaxTitle), false}}
	}
	return nil
}
