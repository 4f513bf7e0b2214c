package posts

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The limits of a picture message (图片消息, newspic): pictures, and characters of its plain text.
const (
	MaxGallery     = 20
	MaxPictureText = 1000
)

// plain is the text of a picture message: the platform takes no markup there. A repost names its source.
func (c Content) plain() string {
	text := strings.TrimSpace(c.Markdown)
	if c.Origin == Repost && c.Source != nil {
		text += "\n来源：" + c.Source.Name
	}
	if c.Editor != "" {
		text += "\n责任编辑：" + c.Editor
	}
	return text
}

// galleryProblems checks a picture message; its text is plain, and its pictures are not in the text.
func (c Content) galleryProblems() []Problem {
	var found []Problem
	switch n := len(c.Gallery); {
	case n == 0:
		found = append(found, Problem{"gallery", "图片消息至少要有一张图片。", true})
	case n > MaxGallery:
		found = append(found, blocking("gallery", "图片有 %d 张，图片消息最多 %d 张。", n, MaxGallery))
	}
	if n := utf8.RuneCountInString(c.plain()); n > MaxPictureText {
		found = append(found, blocking("markdown", "图片消息的文字有 %d 个字，最多 %d 个字。", n, MaxPictureText))
	}
	if len(pictureRefs(c.Markdown)) > 0 {
		found = append(found, Problem{"markdown", "图片消息的文字里不能插图，请把图片放进图集。", true})
	}
	if c.SourceLink != "" {
		found = append(found, Problem{"source_link", "图片消息没有“阅读原文”，这个链接不会显示。", false})
	}
	return found
}

// galleryPreview shows a picture message in the console.
func (c Content) galleryPreview(escape func(string) string) string {
	var b strings.Builder
	for _, id := range c.Gallery {
		if !fileForm.MatchString(id) {
			continue
		}
		fmt.Fprintf(&b, "<p><img src=\"/files/%s\" alt=\"\" style=\"max-width:100%%\"></p>\n", escape(id))
	}
	return b.String() + "<p style=\"white-space:pre-wrap\">" + escape(c.plain()) + "</p>"
}
