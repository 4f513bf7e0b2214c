package posts

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Material is a permanent picture on the platform.
type Material struct {
	MediaID string `json:"media_id"`
	URL     string `json:"url"` // where everybody can see it; "" when the platform did not say
}

// Card is a published article as a chat shows it.
type Card struct{ Title, Description, PictureURL, URL string }

// Card returns the article with its digest and cover, as the platform itself would show it.
func (p Post) Card() Card {
	return Card{p.Content.Title, p.Content.summary(), p.coverURL(), p.Publication.URL}
}

// coverURL is the address of the cover on the platform. For what was published before it was noted, the cover is found among the
// pictures of the text, where it mostly stands.
func (p Post) coverURL() string {
	if p.Publication.CoverURL != "" || p.Content.Kind == PictureMessage {
		return p.Publication.CoverURL
	}
	cover := p.Content.Cover
	if pictures := Pictures(p.Content.Markdown); cover == "" && len(pictures) > 0 {
		cover = pictures[0]
	}
	return p.Publication.Images[cover]
}

// digestLength is how many characters of the text the platform shows when there is no digest.
const digestLength = 54

// summary is the digest, or the beginning of the text.
func (c Content) summary() string {
	if c.Digest != "" {
		return c.Digest
	}
	source := []byte(c.Markdown)
	var letters []rune
	doc := markdownWith(&writer{style: standard}).Parser().Parse(text.NewReader(source))
	_ = ast.Walk(doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		words, is := node.(*ast.Text)
		switch {
		case len(letters) > digestLength:
			return ast.WalkStop, nil
		case is && entering && node.Parent().Kind() != ast.KindImage:
			letters = append(letters, []rune(string(words.Value(source)))...)
		case node.Type() == ast.TypeBlock && !entering:
			letters = append(letters, ' ')
		}
		return ast.WalkContinue, nil
	}) // the walker never fails
	return shortened(strings.Join(strings.FieldsFunc(string(letters), unicode.IsSpace), " "))
}

func shortened(s string) string {
	letters := []rune(s)
	return string(letters[:min(len(letters), digestLength)])
}
