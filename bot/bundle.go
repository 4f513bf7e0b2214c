package bot

import (
	"context"
	"strings"

	"shoushan/fault"
	"shoushan/posts"
)

var _ posts.Bundler = (*Client)(nil)

const addDraftPath = "/cgi-bin/draft/add"

// bundledArticle is one article of draft/add. The SDK's own has neither article_type nor image_info.
type bundledArticle struct {
	Type       string       `json:"article_type"`
	Title      string       `json:"title"`
	Author     string       `json:"author,omitempty"`
	Digest     string       `json:"digest,omitempty"`
	Content    string       `json:"content"`
	SourceLink string       `json:"content_source_url,omitempty"`
	Cover      string       `json:"thumb_media_id,omitempty"`
	Images     *pictureList `json:"image_info,omitempty"`
}

type pictureList struct {
	List []pictureRef `json:"image_list"`
}

type pictureRef struct {
	MediaID string `json:"image_media_id"`
}

// AddBundle implements posts.Bundler (draft/add with several articles, or a picture message).
func (c *Client) AddBundle(ctx context.Context, articles []posts.Article) (mediaID string, err error) {
	if len(articles) == 0 || len(articles) > posts.MaxBundle {
		return "", fault.Newf(fault.Invalid, "一次只能存 1 到 %d 篇文章。", posts.MaxBundle)
	}
	var list []bundledArticle
	for _, a := range articles {
		list = append(list, bundled(a))
	}
	var res struct {
		MediaID string `json:"media_id"`
	}
	err = c.ask(ctx, addDraftPath, repeatToken, map[string]any{"articles": list}, &res)
	return res.MediaID, nonEmpty(err, res.MediaID, addDraftPath)
}

func bundled(a posts.Article) bundledArticle {
	b := bundledArticle{
		Type: "news", Title: a.Title, Author: a.Author, Digest: a.Digest, Content: a.HTML, SourceLink: a.SourceLink, Cover: a.CoverMediaID,
	}
	if a.Kind == posts.PictureMessage && a.Gallery != nil {
		b.Type, b.Cover, b.SourceLink, b.Digest = "newspic", "", "", ""
		b.Images = &pictureList{}
		for _, id := range a.Gallery.MediaIDs {
			b.Images.List = append(b.Images.List, pictureRef{id})
		}
	}
	return b
}

// withURLs adds the permanent links of the articles in their order.
func withURLs(st posts.PublishStatus, urls []string) posts.PublishStatus {
	if len(urls) > 0 {
		st.URL, st.MoreURLs = urls[0], strings.Join(urls[1:], "\n")
	}
	return st
}
