package posts

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"shoushan/fault"
	"shoushan/staff"
)

// maxPaste bounds what is pasted at once, in bytes; a page with its pictures inside is a few megabytes.
const maxPaste = 16 << 20

// Fetcher gets pictures from the web. The implementer keeps the inner network out of reach: no private, loopback or
// link-local address, also after a redirect and whatever a name resolves to; bounded in size and time; pictures only.
type Fetcher interface {
	// FetchPicture returns the picture at a public http or https address. What cannot be fetched is a fault with a
	// sentence for the editor.
	FetchPicture(ctx context.Context, address string) ([]byte, error)
}

// Pasted is what became of something pasted.
type Pasted struct {
	Markdown string
	Notes    []string // what could not be taken over, for the editor
}

// CleanHTML turns HTML from Word, WPS or a web page into Markdown: paragraphs, headings, lists, tables, emphasis, links
// and pictures stay; styles, scripts, forms and hidden text go. Pictures keep their addresses.
func CleanHTML(source string) (string, error) {
	if len(source) > maxPaste {
		return "", fault.New(fault.Invalid, "粘贴的内容太大，请分几次粘贴。")
	}
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "粘贴的内容无法识别，请以纯文本粘贴。")
	}
	c := &cleaner{}
	c.children(doc)
	c.endParagraph()
	return strings.TrimSpace(joinBlocks(c.blocks)) + "\n", nil
}

// Paste cleans HTML and takes its pictures over into our files: those inside the text and those at public addresses.
func (n *Newsroom) Paste(ctx context.Context, by staff.Member, source string) (Pasted, error) {
	if err := by.Require(staff.WritePosts, "撰写稿件"); err != nil {
		return Pasted{}, err
	}
	markdown, err := CleanHTML(source)
	if err != nil {
		return Pasted{}, err
	}
	p := Pasted{Markdown: markdown}
	for _, ref := range pictureRefs(markdown) {
		if _, ours := fileID(ref); ours {
			continue
		}
		id, err := n.takePicture(ctx, ref)
		if err != nil {
			p.Notes = append(p.Notes, "图片“"+shorten(ref)+"”没有取到："+fault.Message(err))
			if !webAddress(ref) {
				p.Markdown = withoutPicture(p.Markdown, ref)
			}
			continue
		}
		p.Markdown = strings.ReplaceAll(p.Markdown, "]("+ref+")", "](file:"+id+")")
	}
	return p, nil
}

// withoutPicture removes a picture that leads nowhere, such as one in the folder of somebody's computer.
func withoutPicture(markdown, ref string) string {
	end := "](" + ref + ")"
	for {
		j := strings.Index(markdown, end)
		if j < 0 {
			return markdown
		}
		i := strings.LastIndex(markdown[:j], "![")
		if i < 0 {
			return markdown
		}
		markdown = markdown[:i] + markdown[j+len(end):]
	}
}

// AddPictureFrom takes a picture from a public address over into our files and returns its id.
func (n *Newsroom) AddPictureFrom(ctx context.Context, by staff.Member, address string) (id string, err error) {
	if err := by.Require(staff.WritePosts, "撰写稿件"); err != nil {
		return "", err
	}
	return n.takePicture(ctx, strings.TrimSpace(address))
}

func (n *Newsroom) takePicture(ctx context.Context, ref string) (id string, err error) {
	var data []byte
	switch {
	case strings.HasPrefix(ref, "data:"):
		data, err = embedded(ref)
	case !webAddress(ref):
		return "", elsewhereFault(ref)
	case n.Fetcher == nil:
		return "", fault.New(fault.Unavailable, "本系统不能从网上取图片，请下载后上传。")
	default:
		data, err = n.Fetcher.FetchPicture(ctx, ref)
	}
	if err != nil {
		return "", err
	}
	if data, _, err = n.openPicture(ctx, data); err != nil {
		return "", err
	}
	if id, err = n.Files.SaveFile(ctx, data); err != nil {
		return "", fmt.Errorf("posts: save a picture: %w", err)
	}
	return id, nil
}

// elsewhereFault says why a picture that has no public address cannot be taken over.
func elsewhereFault(ref string) error {
	if strings.HasPrefix(ref, "/") || strings.HasPrefix(ref, ".") {
		return fault.New(fault.Invalid, "它没有完整的网址，请在原网页上另存图片，再上传。")
	}
	return fault.New(fault.Invalid, "它在原来的电脑上，请另行上传。")
}

// joinBlocks sets blocks apart by an empty line, items of one list only by their lines.
func joinBlocks(blocks []string) string {
	var b strings.Builder
	for i, block := range blocks {
		switch {
		case i == 0:
		case listMark.MatchString(block) && listMark.MatchString(blocks[i-1]):
			b.WriteString("\n")
		default:
			b.WriteString("\n\n")
		}
		b.WriteString(block)
	}
	return b.String()
}

// embedded decodes a picture inside the text (data:image/png;base64,…).
func embedded(ref string) ([]byte, error) {
	head, body, found := strings.Cut(ref, ",")
	if !found || !strings.HasPrefix(head, "data:image/") || !strings.HasSuffix(head, ";base64") {
		return nil, fault.New(fault.Invalid, "图片的格式不能识别。")
	}
	data, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "图片的数据不完整。")
	}
	return data, nil
}
