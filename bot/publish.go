package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path"
	"strings"
	"time"

	sdkcontext "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/draft"
	"github.com/silenceper/wechat/v2/officialaccount/material"

	"shoushan/fault"
	"shoushan/posts"
)

var _ posts.Platform = (*Client)(nil)

const (
	inlineLimit = 1 << 20  // bytes of a picture inside an article (media/uploadimg)
	coverLimit  = 10 << 20 // bytes of a permanent picture (material/add_material)
	listPage    = 20       // articles in one answer of freepublish/batchget
	listPages   = 5        // how far FindPublished looks back
)

// UploadImage implements posts.Platform (media/uploadimg). A picture that the platform would not take is re-encoded.
func (c *Client) UploadImage(ctx context.Context, name string, data []byte) (string, error) {
	name, data, err := acceptable(name, data, inlineLimit)
	if err != nil {
		return "", err
	}
	body, kind, err := multipartFile("media", name, data)
	if err != nil {
		return "", err
	}
	const to = "/cgi-bin/media/uploadimg"
	a, err := c.exchange(ctx, call{method: http.MethodPost, path: to, body: body, contentType: kind, repeat: repeatBusy})
	if err != nil {
		return "", err
	}
	var res struct{ URL string }
	if json.Unmarshal(a.body, &res) != nil || res.URL == "" {
		return "", unreachable(to, errUnreadable)
	}
	return res.URL, nil
}

// AddCover implements posts.Platform (material/add_material, type image).
func (c *Client) AddCover(ctx context.Context, name string, data []byte) (m posts.Material, err error) {
	name, data, err = acceptable(name, data, coverLimit)
	if err != nil {
		return m, err
	}
	err = c.viaSDK(ctx, repeatToken, func(o *sdkcontext.Context) (err error) {
		m.MediaID, m.URL, err = material.NewMaterial(o).AddMaterialFromReader(material.MediaTypeImage, name, bytes.NewReader(data))
		return err
	})
	return m, nonEmpty(err, m.MediaID, "/cgi-bin/material/add_material")
}

// AddDraft implements posts.Platform (draft/add).
func (c *Client) AddDraft(ctx context.Context, a posts.Article) (mediaID string, err error) {
	err = c.viaSDK(ctx, repeatToken, func(o *sdkcontext.Context) (err error) {
		mediaID, err = draft.NewDraft(o).AddDraft([]*draft.Article{draftArticle(a)})
		return err
	})
	return mediaID, nonEmpty(err, mediaID, "/cgi-bin/draft/add")
}

// DraftExists implements posts.Platform (draft/get).
func (c *Client) DraftExists(ctx context.Context, mediaID string) (bool, error) {
	err := c.viaSDK(ctx, repeatBusy, func(o *sdkcontext.Context) error {
		_, err := draft.NewDraft(o).GetDraft(mediaID)
		return err
	})
	if Code(err) == codeBadMedia {
		return false, nil
	}
	return err == nil, err
}

// SubmitPublish implements posts.Platform (freepublish/submit). It makes sure beforehand, with a call that changes
// nothing, that the token is good, then submits exactly once. An *APIError means that nothing was submitted; whatever
// leaves that open, being busy included, is an *posts.UnansweredError.
func (c *Client) SubmitPublish(ctx context.Context, mediaID string) (publishID, msgDataID string, err error) {
	if err := c.Ping(ctx); err != nil {
		return "", "", err
	}
	var res struct {
		PublishID identifier `json:"publish_id"`
		MsgDataID identifier `json:"msg_data_id"`
	}
	err = c.ask(ctx, "/cgi-bin/freepublish/submit", repeatNever, map[string]string{"media_id": mediaID}, &res)
	if err == nil && res.PublishID == "" {
		err = unreachable("/cgi-bin/freepublish/submit", errUnreadable)
	}
	return string(res.PublishID), string(res.MsgDataID), irreversible(err)
}

// irreversible marks the errors of a call that cannot be undone after which nobody knows whether it had its effect.
func irreversible(err error) error {
	code := Code(err)
	if err == nil || neverLeft(err) || (code != 0 && code != codeBusy) {
		return err
	}
	return &posts.UnansweredError{Err: err}
}

// PublishStatus implements posts.Platform (freepublish/get).
func (c *Client) PublishStatus(ctx context.Context, publishID string) (posts.PublishStatus, error) {
	var res struct {
		Status    *number `json:"publish_status"`
		ArticleID string  `json:"article_id"`
		Detail    struct {
			Item []struct {
				URL string `json:"article_url"`
			} `json:"item"`
		} `json:"article_detail"`
		Failed numbers `json:"fail_idx"`
	}
	const from = "/cgi-bin/freepublish/get"
	if err := c.ask(ctx, from, repeatBusy, map[string]string{"publish_id": publishID}, &res); err != nil {
		return posts.PublishStatus{}, err
	}
	if res.Status == nil {
		return posts.PublishStatus{}, unreachable(from, errUnreadable)
	}
	var failed []int
	for _, i := range res.Failed {
		failed = append(failed, int(i))
	}
	st := publishStatus(int(*res.Status), res.ArticleID, failed...)
	var urls []string
	for _, it := range res.Detail.Item {
		urls = append(urls, it.URL)
	}
	return withURLs(st, urls), nil
}

// publishStatus translates publish_status; failed are the articles, from 1, that were judged.
func publishStatus(code int, articleID string, failed ...int) posts.PublishStatus {
	st := posts.PublishStatus{State: posts.PublishRefused, ArticleID: articleID}
	switch code {
	case 0:
		st.State = posts.PublishDone
	case 1:
		st.State = posts.PublishPending
	case 2:
		st.Verdict = posts.OriginalityFailed
		st.Reason = "原创校验没有通过：微信认为正文与已有文章相同。请核对来源，改为转载后再发布。"
	case 3:
		st.Reason = "微信没有发布成功，也没有说明原因。请到微信公众平台后台查看这篇稿件。"
	case 4:
		st.Reason = "平台审核没有通过。请修改内容后再提交。"
	case 5:
		st.State, st.Reason = posts.PublishRemoved, "发布后，文章已在微信公众平台后台被删除。"
	case 6:
		st.State, st.Reason = posts.PublishRemoved, "发布后，文章被微信封禁。"
	default:
		st.State, st.Reason = posts.PublishPending, fmt.Sprintf("微信给出了没有见过的发布状态（%d），请到后台查看。", code)
	}
	if (code == 2 || code == 4) && len(failed) > 0 {
		st.Reason = "第 " + strings.Trim(strings.Join(strings.Fields(fmt.Sprint(failed)), "、"), "[]") + " 篇：" + st.Reason
	}
	return st
}

// published is one entry of freepublish/batchget.
type published struct {
	ArticleID string `json:"article_id"`
	Updated   number `json:"update_time"`
	Content   struct {
		Items []struct {
			Title   string `json:"title"`
			URL     string `json:"url"`
			Deleted bool   `json:"is_deleted"`
		} `json:"news_item"`
	} `json:"content"`
}

// FindPublished implements posts.Platform (freepublish/batchget). It knows only what was published through this API or
// 发布 in the console; mass-sent articles are on no list. It looks through the latest hundred.
func (c *Client) FindPublished(ctx context.Context, title string, since time.Time) (posts.PublishStatus, bool, error) {
	for page := range listPages {
		var res struct {
			Total number      `json:"total_count"`
			Items []published `json:"item"`
		}
		req := map[string]int{"offset": page * listPage, "count": listPage, "no_content": 1}
		if err := c.ask(ctx, "/cgi-bin/freepublish/batchget", repeatBusy, req, &res); err != nil {
			return posts.PublishStatus{}, false, err
		}
		for _, p := range res.Items {
			if st, ok := p.match(title, since); ok {
				return st, true, nil
			}
		}
		if len(res.Items) < listPage {
			break
		}
	}
	return posts.PublishStatus{}, false, nil
}

// match reports whether an entry has an article with the title, not older than since; the platform counts in seconds.
func (p published) match(title string, since time.Time) (posts.PublishStatus, bool) {
	if time.Unix(int64(p.Updated), 0).Before(since.Truncate(time.Second)) {
		return posts.PublishStatus{}, false
	}
	for _, it := range p.Content.Items {
		if strings.TrimSpace(it.Title) != strings.TrimSpace(title) {
			continue
		}
		st := publishStatus(0, p.ArticleID)
		if it.Deleted {
			st = publishStatus(5, p.ArticleID)
		}
		st.URL = it.URL
		return st, true
	}
	return posts.PublishStatus{}, false
}

// nonEmpty makes a success without the value it promises an error.
func nonEmpty(err error, value, path string) error {
	if err == nil && value == "" {
		return unreachable(path, errUnreadable)
	}
	return err
}

// multipartFile returns a form with one file, and its content type. The SDK can do this from a path on disk only.
func multipartFile(field, name string, data []byte) ([]byte, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="%s"`, field, name))
	h.Set("Content-Type", http.DetectContentType(data))
	part, err := w.CreatePart(h)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), w.FormDataContentType(), fault.Wrap(fault.Internal, err, "")
}

// fileName keeps letters, digits and the extension of a name, so that it is harmless in a form header.
func fileName(name, extension string) string {
	stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
	stem = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || (r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') {
			return r
		}
		return -1
	}, stem)
	if stem == "" {
		stem = "picture"
	}
	return stem + extension
}
