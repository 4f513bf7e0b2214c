package posts_test

import (
	"strings"
	"testing"
	"time"

	"shoushan/posts"
)

func TestTheSummaryOfACard(t *testing.T) {
	tests := []struct{ name, digest, markdown, want string }{
		{"the digest", "演练在河道举行。", "镇里在河道举行了演练。", "演练在河道举行。"},
		{"the text without layout", "", "镇里在**河道**举行了[演练](https://a.cn)。\n\n## 经过\n\n- 三十人\n- 两小时", "镇里在河道举行了演练。 经过 三十人 两小时"},
		{"54 characters", "", strings.Repeat("长", 100), strings.Repeat("长", 54)},
		{"not the words under a picture", "", "![现场](file:" + pic("a") + ")\n\n三十人参加。", "三十人参加。"},
		{"lines of one paragraph", "", "第一行\n第二行", "第一行第二行"},
		{"a table", "", "| 村 | 户 |\n|---|---|\n| 东 | 12 |", "村 户 东 12"},
		{"nothing", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := posts.Post{Content: posts.Content{Title: "题", Digest: tt.digest, Markdown: tt.markdown}}
			if got := p.Card().Description; got != tt.want {
				t.Errorf("Description = %q, want %q", got, tt.want)
			}
		})
	}
}

// A card shows the cover that was published: a chosen one, the first picture, or the plain one; each article of several its own.
func TestTheCoverOfACard(t *testing.T) {
	r, _ := bundleRoom(t)
	lead, two := r.approvedAs("头条"), r.approved(content())
	r.must(r.Combine(t.Context(), approver, lead.ID, []string{two.ID}))
	r.must(r.PublishNow(t.Context(), approver, lead.ID))
	r.work(2 * time.Minute)
	seen := map[string]bool{}
	for _, id := range []string{lead.ID, two.ID} {
		p := r.stored(id)
		wantState(t, p, posts.Published)
		c := p.Card()
		if !strings.HasPrefix(c.PictureURL, "https://mmbiz.qpic.cn/cover") || c.Title != p.Content.Title || seen[c.PictureURL] {
			t.Errorf("card %+v, want its own cover", c)
		}
		seen[c.PictureURL] = true
	}
}

// What was published before the cover's address was kept finds it among the pictures of the text.
func TestTheCoverOfAnOldPost(t *testing.T) {
	p := posts.Post{Content: posts.Content{Markdown: "![](file:" + pic("a") + ")\n\n![](file:" + pic("b") + ")"}}
	p.Publication.Images = map[string]string{pic("a"): "https://mmbiz.qpic.cn/a", pic("b"): "https://mmbiz.qpic.cn/b"}
	if got := p.Card().PictureURL; got != "https://mmbiz.qpic.cn/a" {
		t.Errorf("PictureURL = %q, want the first picture", got)
	}
	p.Content.Cover = pic("b")
	if got := p.Card().PictureURL; got != "https://mmbiz.qpic.cn/b" {
		t.Errorf("PictureURL = %q, want the chosen one", got)
	}
	p.Content.Cover = pic("c")
	if got := p.Card().PictureURL; got != "" {
		t.Errorf("PictureURL = %q, want none: the cover's address is not known", got)
	}
}

// A picture message is shown by its first picture.
func TestTheCoverOfAPictureMessage(t *testing.T) {
	r, _ := bundleRoom(t)
	ids := []string{}
	for i := range 3 {
		id, err := r.files.SaveFile(t.Context(), photo(t, "png", 40+i, 30))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	p := r.due(posts.Content{Kind: posts.PictureMessage, Title: "掠影", Markdown: "玉米丰收。", Origin: posts.Original, Gallery: ids})
	r.work(2 * time.Minute)
	p = r.stored(p.ID)
	wantState(t, p, posts.Published)
	if c := p.Card(); c.PictureURL != "https://mmbiz.qpic.cn/"+p.Publication.Images[ids[0]] {
		t.Errorf("card %+v, want the first of %v", c, p.Publication.Images)
	}
}
