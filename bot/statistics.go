package bot

import (
	"context"
	"strconv"
	"strings"

	"shoushan/fault"
	"shoushan/workday"
)

// statisticsSpan is how many days one question about statistics may cover.
const statisticsSpan = 30

// Reading is what readers did with an article, or with all articles, on a day or up to a day.
type Reading struct {
	Day         workday.Date
	Article     ArticleKey // zero in a summary of all
	Readers     int
	Sources     map[string]int // readers by where they came from, in Tencent's words; without the entry for all
	Sharers     int
	Likes       int // 拇指赞
	Hearts      int // 爱心赞 (zaikan)
	Comments    int
	Collections int
}

// ArticleKey names an article in the statistics: the msg_data_id of its submission and its place, from 1.
type ArticleKey struct {
	MsgDataID string
	Index     int
}

// PublishedReading is what became of one published article, mass-sent ones included. With it an article of which the
// platform told no link can be found.
type PublishedReading struct {
	Article     ArticleKey
	PublishedOn workday.Date
	Notified    bool // followers were told (群发)
	Title, URL  string
	Days        []Reading // each from the day of publication up to its Day
}

// readingJSON is what the four statistics share (wechat.md §2.10).
type readingJSON struct {
	Date    string `json:"stat_date"`
	Readers number `json:"read_user"`
	Sources []struct {
		Scene string `json:"scene_desc"`
		Users number `json:"user_count"`
	} `json:"read_user_source"`
	Sharers     number `json:"share_user"`
	Hearts      number `json:"zaikan_user"`
	Likes       number `json:"like_user"`
	Comments    number `json:"comment_count"`
	Collections number `json:"collection_user"`
}

func (j readingJSON) reading(day workday.Date, key ArticleKey) Reading {
	r := Reading{
		Day: day, Article: key, Readers: int(j.Readers), Sharers: int(j.Sharers), Likes: int(j.Likes), Hearts: int(j.Hearts),
		Comments: int(j.Comments), Collections: int(j.Collections),
	}
	for _, s := range j.Sources {
		if s.Scene == "全部" {
			continue
		}
		if r.Sources == nil {
			r.Sources = map[string]int{}
		}
		r.Sources[s.Scene] += int(s.Users)
	}
	return r
}

// statisticsRow is an entry of one of the statistics.
type statisticsRow struct {
	Date        string        `json:"ref_date"`
	MsgID       string        `json:"msgid"`
	PublishType number        `json:"publish_type"`
	Title       string        `json:"title"`
	URL         string        `json:"content_url"`
	Detail      readingJSON   `json:"detail"`
	Details     []readingJSON `json:"detail_list"`
}

// key splits msgid, which is <msg_data_id>_<index>.
func (r statisticsRow) key() ArticleKey {
	id, index, _ := strings.Cut(r.MsgID, "_")
	n, err := strconv.Atoi(index)
	if err != nil {
		n = 1
	}
	return ArticleKey{id, n}
}

// ArticleReads tells how often each article was read on each day (getarticleread). Late is true while Tencent is still
// counting; ask for a day after 08:00 of the next.
func (c *Client) ArticleReads(ctx context.Context, from, to workday.Date) (list []Reading, late bool, err error) {
	return c.readings(ctx, "getarticleread", from, to)
}

// ArticleShares tells how often each article was shared on each day (getarticleshare).
func (c *Client) ArticleShares(ctx context.Context, from, to workday.Date) (list []Reading, late bool, err error) {
	return c.readings(ctx, "getarticleshare", from, to)
}

// AccountReadings tells what readers did with all articles together on each day (getbizsummary).
func (c *Client) AccountReadings(ctx context.Context, from, to workday.Date) (list []Reading, late bool, err error) {
	return c.readings(ctx, "getbizsummary", from, to)
}

func (c *Client) readings(ctx context.Context, name string, from, to workday.Date) ([]Reading, bool, error) {
	rows, late, err := c.statistics(ctx, name, from, to)
	var list []Reading
	for _, row := range rows {
		day, err := workday.Parse(row.Date)
		if err != nil {
			return nil, false, unreachable("/datacube/"+name, errUnreadable)
		}
		var key ArticleKey
		if row.MsgID != "" {
			key = row.key()
		}
		list = append(list, row.Detail.reading(day, key))
	}
	return list, late, err
}

// PublishedReadings tells what became of each article published in the days (getarticletotaldetail), mass-sent or not.
func (c *Client) PublishedReadings(ctx context.Context, from, to workday.Date) (list []PublishedReading, late bool, err error) {
	const name = "getarticletotaldetail"
	rows, late, err := c.statistics(ctx, name, from, to)
	if err != nil {
		return nil, false, err
	}
	for _, row := range rows {
		p := PublishedReading{Article: row.key(), Notified: row.PublishType == 0, Title: row.Title, URL: row.URL}
		if p.PublishedOn, err = workday.Parse(row.Date); err != nil {
			return nil, false, unreachable("/datacube/"+name, errUnreadable)
		}
		for _, d := range row.Details {
			day, err := workday.Parse(d.Date)
			if err != nil {
				return nil, false, unreachable("/datacube/"+name, errUnreadable)
			}
			p.Days = append(p.Days, d.reading(day, p.Article))
		}
		list = append(list, p)
	}
	return list, late, nil
}

func (c *Client) statistics(ctx context.Context, name string, from, to workday.Date) ([]statisticsRow, bool, error) {
	if to.Before(from) || to.After(from.AddDays(statisticsSpan-1)) {
		return nil, false, fault.Newf(fault.Invalid, "统计的日期范围应当在 %d 天以内。", statisticsSpan)
	}
	if !to.Before(workday.Of(c.cfg.Now())) {
		return nil, false, fault.New(fault.Invalid, "微信的阅读统计最晚到昨天，请换一个日期。")
	}
	var res struct {
		List []statisticsRow `json:"list"`
		Late bool            `json:"is_delay"`
	}
	req := map[string]string{"begin_date": from.String(), "end_date": to.String()}
	err := c.ask(ctx, "/datacube/"+name, repeatBusy, req, &res)
	return res.List, res.Late, err
}
