package simulator

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The limits of the page 新增草稿. Lengths are in characters unless the name says bytes.
const (
	maxArticles     = 8
	maxAuthor       = 16
	maxDigest       = 128
	maxContent      = 20_000
	maxContentBytes = 1 << 20
	maxSourceURL    = 1 << 10 // bytes
	autoDigest      = 54      // taken from the body when the digest is empty
	maxNewsPics     = 20
)

// draftArticle is one article of a draft, in Tencent's field names.
type draftArticle struct {
	ArticleType        string     `json:"article_type"`
	Title              string     `json:"title"`
	Author             string     `json:"author"`
	Digest             string     `json:"digest"`
	Content            string     `json:"content"`
	ContentSourceURL   string     `json:"content_source_url"`
	ThumbMediaID       string     `json:"thumb_media_id"`
	ShowCoverPic       int        `json:"show_cover_pic"`
	NeedOpenComment    int        `json:"need_open_comment"`
	OnlyFansCanComment int        `json:"only_fans_can_comment"`
	PicCrop235         string     `json:"pic_crop_235_1,omitempty"`
	PicCrop11          string     `json:"pic_crop_1_1,omitempty"`
	ImageInfo          *imageInfo `json:"image_info,omitempty"`
	URL                string     `json:"url"`
	ThumbURL           string     `json:"thumb_url,omitempty"`
	IsDeleted          *bool      `json:"is_deleted,omitempty"`
}

type imageInfo struct {
	ImageList []struct {
		ImageMediaID string `json:"image_media_id"`
	} `json:"image_list"`
}

type draft struct {
	ID       string
	Articles []draftArticle
	Updated  time.Time
	Busy     bool // being published or sent: gone from the box unless settings.DraftStays
}

// cards are the draft's articles as a preview shows them.
func (d *draft) cards() []card {
	var list []card
	for _, a := range d.Articles {
		list = append(list, card{Title: a.Title, Description: a.Digest, PicURL: a.ThumbURL, URL: a.URL})
	}
	return list
}

// accept checks an article and cleans it as the platform would.
func (c *call) accept(a *draftArticle) error {
	if a.ArticleType == "" {
		a.ArticleType = "news"
	}
	if err := c.checkLengths(a); err != nil {
		return err
	}
	if a.NeedOpenComment == 1 && !certified.allows(c.state.settings.Kind) {
		return fail(88000)
	}
	if a.ArticleType == "newspic" {
		return c.acceptPictures(a)
	}
	if !cropOK(a.PicCrop235) || !cropOK(a.PicCrop11) {
		return fail(53402)
	}
	cover := c.state.media[a.ThumbMediaID]
	if cover == nil || cover.Temporary || cover.URL == "" {
		return fail(40007)
	}
	a.ThumbURL = cover.URL
	a.Content = c.clean(a.Content)
	if a.Digest == "" {
		a.Digest = firstRunes(plainText(a.Content), autoDigest)
	}
	a.URL, a.IsDeleted = c.base+"/s?__biz=preview&tempkey="+token(12), nil
	return nil
}

func (c *call) checkLengths(a *draftArticle) error {
	chars := utf8.RuneCountInString
	switch {
	case a.ArticleType != "news" && a.ArticleType != "newspic":
		return fail(40035)
	case strings.TrimSpace(a.Title) == "" || chars(a.Title) > c.state.settings.TitleLimit:
		return fail(45003)
	case chars(a.Author) > maxAuthor:
		return fail(45110)
	case chars(a.Digest) > maxDigest:
		return fail(45004)
	case len(a.ContentSourceURL) > maxSourceURL:
		return fail(45005)
	case strings.TrimSpace(a.Content) == "" && a.ArticleType == "news":
		return fail(44004)
	case chars(a.Content) >= maxContent || len(a.Content) >= maxContentBytes:
		return fail(45166)
	}
	return nil
}

// cropOK tells whether a crop is absent, or X1_Y1_X2_Y2 with 0 ≤ 1 < 2 ≤ 1 in both directions.
func cropOK(crop string) bool {
	if crop == "" {
		return true
	}
	var at [4]float64
	parts := strings.Split(crop, "_")
	if len(parts) != len(at) {
		return false
	}
	for i, part := range parts {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || v < 0 || v > 1 {
			return false
		}
		at[i] = v
	}
	return at[0] < at[2] && at[1] < at[3]
}

// acceptPictures is for newspic (图片消息): plain text and up to 20 permanent images, the first one the cover.
func (c *call) acceptPictures(a *draftArticle) error {
	if a.ImageInfo == nil || len(a.ImageInfo.ImageList) == 0 || len(a.ImageInfo.ImageList) > maxNewsPics {
		return fail(40007)
	}
	for i, pic := range a.ImageInfo.ImageList {
		m, err := c.material(pic.ImageMediaID)
		if err != nil || m.URL == "" {
			return fail(40007)
		}
		if i == 0 {
			a.ThumbURL = m.URL
		}
	}
	a.Content = plainText(a.Content)
	return nil
}

// clean filters article HTML; see filter.
func (c *call) clean(content string) string {
	f := filter{
		image: func(src string) bool { return c.ours(c.base, src) },
		link: func(href string) bool {
			return strings.HasPrefix(href, c.base+"/s/") || strings.HasPrefix(href, "https://mp.weixin.qq.com/")
		},
	}
	return f.clean(content)
}

func firstRunes(text string, n int) string {
	r := []rune(text)
	return string(r[:min(n, len(r))])
}

// tooLong tells whether a text exceeds a limit in characters.
func tooLong(text string, limit int) bool { return utf8.RuneCountInString(text) > limit }

func draftAdd(c *call, in struct {
	Articles []draftArticle `json:"articles"`
}) (any, error) {
	if len(in.Articles) == 0 {
		return nil, fail(44003)
	}
	if len(in.Articles) > maxArticles {
		return nil, fail(45008)
	}
	for i := range in.Articles {
		if err := c.accept(&in.Articles[i]); err != nil {
			return nil, err
		}
	}
	d := &draft{ID: token(48), Articles: in.Articles, Updated: c.now}
	c.state.drafts = append(c.state.drafts, d)
	return obj{"media_id": d.ID, "item": []obj{}}, nil
}

// draft finds one that is still in the box.
func (s *Server) draft(id string) (*draft, error) {
	for _, d := range s.state.drafts {
		if d.ID == id && (!d.Busy || s.state.settings.DraftStays) {
			return d, nil
		}
	}
	return nil, fail(40007)
}

func (s *Server) removeDraft(id string) {
	s.state.drafts = slices.DeleteFunc(s.state.drafts, func(d *draft) bool { return d.ID == id })
}

func draftGet(c *call, in mediaID) (any, error) {
	d, err := c.draft(in.MediaID)
	if err != nil {
		return nil, err
	}
	return obj{"news_item": d.Articles, "create_time": d.Updated.Unix(), "update_time": d.Updated.Unix()}, nil
}

func draftUpdate(c *call, in struct {
	MediaID  string          `json:"media_id"`
	Index    int             `json:"index"`
	Articles json.RawMessage `json:"articles"`
}) (any, error) {
	d, err := c.draft(in.MediaID)
	if err != nil {
		return nil, err
	}
	if in.Index < 0 || in.Index >= len(d.Articles) {
		return nil, fail(40060)
	}
	var a draftArticle
	if err := json.Unmarshal(in.Articles, &a); err != nil {
		return nil, fail(47001, "articles must be one article")
	}
	if err := c.accept(&a); err != nil {
		return nil, err
	}
	d.Articles[in.Index], d.Updated = a, c.now
	return ok(nil), nil
}

func draftDelete(c *call, in mediaID) (any, error) {
	if _, err := c.draft(in.MediaID); err != nil {
		return nil, err
	}
	c.removeDraft(in.MediaID)
	return ok(nil), nil
}

// inBox lists the drafts that can be seen, newest first.
func (s *Server) inBox() []*draft {
	var list []*draft
	for _, d := range s.state.drafts {
		if _, err := s.draft(d.ID); err == nil {
			list = append(list, d)
		}
	}
	slices.Reverse(list)
	return list
}

func draftCount(c *call) (any, error) { return obj{"total_count": len(c.inBox())}, nil }

func draftList(c *call, in page) (any, error) {
	all := c.inBox()
	part, err := cut(all, in)
	if err != nil {
		return nil, err
	}
	items := []obj{}
	for _, d := range part {
		items = append(items, obj{
			"media_id": d.ID, "update_time": d.Updated.Unix(),
			"content": newsContent(d.Articles, bool(in.NoContent), d.Updated),
		})
	}
	return obj{"total_count": len(all), "item_count": len(items), "item": items}, nil
}

func newsContent(articles []draftArticle, bare bool, at time.Time) obj {
	list := slices.Clone(articles)
	for i := range list {
		if bare {
			list[i].Content = ""
		}
	}
	return obj{"news_item": list, "create_time": at.Unix(), "update_time": at.Unix()}
}

func draftSwitch(*call) (any, error) { return ok(obj{"is_open": 1}), nil }
