package bot

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	sdkcontext "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/draft"
	"github.com/silenceper/wechat/v2/officialaccount/freepublish"

	"shoushan/fault"
	"shoushan/posts"
)

// Listed is an entry of one of the platform's two lists: a draft, or a free publication. Mass-sent articles are on neither.
type Listed struct {
	ID       string // media_id of a draft, article_id of a publication
	Articles []ListedArticle
	Updated  time.Time // for a publication: when it went out
}

// ListedArticle is an article of an entry, as far as the platform tells without its text.
type ListedArticle struct {
	Title, Author, Digest string
	URL                   string // temporary for a draft, permanent for a publication
	SourceLink            string
	Deleted               bool // publications only; by the user or the platform
}

// listedJSON is an entry of draft/batchget and freepublish/batchget.
type listedJSON struct {
	MediaID   string `json:"media_id"`
	ArticleID string `json:"article_id"`
	Updated   number `json:"update_time"`
	Content   struct {
		Items []struct {
			Title, Author, Digest, URL string
			SourceLink                 string `json:"content_source_url"`
			Deleted                    bool   `json:"is_deleted"`
		} `json:"news_item"`
	} `json:"content"`
}

// listed asks for one page of a list.
func (c *Client) listed(ctx context.Context, path string, offset, count int) (total int, items []Listed, err error) {
	if offset < 0 || count < 1 || count > listPage {
		return 0, nil, fault.Newf(fault.Invalid, "一次最多列出 %d 条。", listPage)
	}
	var res struct {
		Total number       `json:"total_count"`
		Items []listedJSON `json:"item"`
	}
	req := map[string]int{"offset": offset, "count": count, "no_content": 1}
	if err := c.ask(ctx, path, repeatBusy, req, &res); err != nil {
		return 0, nil, err
	}
	for _, it := range res.Items {
		l := Listed{ID: it.MediaID + it.ArticleID, Updated: time.Unix(int64(it.Updated), 0).UTC()}
		for _, a := range it.Content.Items {
			l.Articles = append(l.Articles, ListedArticle{a.Title, a.Author, a.Digest, a.URL, a.SourceLink, a.Deleted})
		}
		items = append(items, l)
	}
	return int(res.Total), items, nil
}

// Drafts lists the draft box, newest first, at most 20 at a time from offset (draft/batchget); total is of the whole box.
func (c *Client) Drafts(ctx context.Context, offset, count int) (total int, items []Listed, err error) {
	return c.listed(ctx, "/cgi-bin/draft/batchget", offset, count)
}

// Published lists the free publications, newest first, at most 20 at a time from offset (freepublish/batchget).
func (c *Client) Published(ctx context.Context, offset, count int) (total int, items []Listed, err error) {
	return c.listed(ctx, "/cgi-bin/freepublish/batchget", offset, count)
}

// DraftCount returns how many drafts are in the box (draft/count).
func (c *Client) DraftCount(ctx context.Context) (int, error) {
	const from = "/cgi-bin/draft/count"
	a, err := c.exchange(ctx, call{method: http.MethodGet, path: from, repeat: repeatBusy})
	if err != nil {
		return 0, err
	}
	var res struct {
		Total *number `json:"total_count"`
	}
	if json.Unmarshal(a.body, &res) != nil || res.Total == nil {
		return 0, unreachable(from, errUnreadable)
	}
	return int(*res.Total), nil
}

// Draft returns the articles of a draft (draft/get), or a refusal with code 40007 when it is not there. What the platform
// has filtered out of the HTML is missing.
func (c *Client) Draft(ctx context.Context, mediaID string) ([]posts.Article, error) {
	var found []*draft.Article
	err := c.viaSDK(ctx, repeatBusy, func(o *sdkcontext.Context) (err error) {
		found, err = draft.NewDraft(o).GetDraft(mediaID)
		return err
	})
	var out []posts.Article
	for _, a := range found {
		out = append(out, posts.Article{
			Title: a.Title, Author: a.Author, Digest: a.Digest, HTML: a.Content, CoverMediaID: a.ThumbMediaID, SourceLink: a.ContentSourceURL,
		})
	}
	return out, err
}

// UpdateDraft replaces one article of a draft, index from 0 (draft/update).
func (c *Client) UpdateDraft(ctx context.Context, mediaID string, index int, a posts.Article) error {
	if index < 0 {
		return fault.New(fault.Invalid, "草稿里没有这一篇。")
	}
	return c.viaSDK(ctx, repeatBusy, func(o *sdkcontext.Context) error {
		return draft.NewDraft(o).UpdateDraft(draftArticle(a), mediaID, uint(index))
	})
}

// DeleteDraft implements posts.Platform (draft/delete). It removes a draft for good; one that is not there is no error, be it
// that it was deleted before or that it was published.
func (c *Client) DeleteDraft(ctx context.Context, mediaID string) error {
	err := c.viaSDK(ctx, repeatBusy, func(o *sdkcontext.Context) error {
		return draft.NewDraft(o).DeleteDraft(mediaID)
	})
	if Code(err) == codeBadMedia {
		return nil
	}
	return err
}

// DeletePublished takes a free publication back (freepublish/delete): index from 1, 0 means all its articles. It cannot be
// undone, and the permanent link shows that the article was deleted.
func (c *Client) DeletePublished(ctx context.Context, articleID string, index int) error {
	if articleID == "" || index < 0 {
		return fault.New(fault.Invalid, "没有这篇文章。")
	}
	return c.viaSDK(ctx, repeatToken, func(o *sdkcontext.Context) error {
		return freepublish.NewFreePublish(o).Delete(articleID, uint(index))
	})
}

func draftArticle(a posts.Article) *draft.Article {
	return &draft.Article{
		Title: a.Title, Author: a.Author, Digest: a.Digest, Content: a.HTML,
		ContentSourceURL: a.SourceLink, ThumbMediaID: a.CoverMediaID,
	}
}
