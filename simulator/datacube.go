package simulator

import (
	"fmt"
	"net/http"
	"time"
)

const (
	cubeSpan  = 30            // days of one question
	cubeReady = 8 * time.Hour // of the next day: before, is_delay is true
)

// readers are what readers did with an article on one day.
type readers struct {
	Read     int `json:"read"`
	Share    int `json:"share"`
	Like     int `json:"like"`
	Heart    int `json:"zaikan"`
	Comment  int `json:"comment"`
	Favorite int `json:"collection"`
}

func (r *readers) add(o readers) {
	r.Read, r.Share, r.Like = r.Read+o.Read, r.Share+o.Share, r.Like+o.Like
	r.Heart, r.Comment, r.Favorite = r.Heart+o.Heart, r.Comment+o.Comment, r.Favorite+o.Favorite
}

// object is a detail of the statistics.
func (r *readers) object() obj {
	return obj{
		"read_user": r.Read, "share_user": r.Share, "like_user": r.Like, "zaikan_user": r.Heart,
		"comment_count": r.Comment, "collection_user": r.Favorite,
		"read_user_source": []obj{{"scene_desc": "全部", "user_count": r.Read}, {"scene_desc": "公众号消息", "user_count": r.Read}},
	}
}

// count notes what readers did with the article.
func (a *article) count(now time.Time, r readers) {
	if a.Daily == nil {
		a.Daily = map[string]*readers{}
	}
	if a.Daily[day(now)] == nil {
		a.Daily[day(now)] = &readers{}
	}
	a.Daily[day(now)].add(r)
	a.Reads += r.Read
}

func (a *article) cubeID() string { return fmt.Sprintf("%d_%d", a.MsgDataID, a.Idx) }

type cubeRequest struct {
	Begin string `json:"begin_date"`
	End   string `json:"end_date"`
}

// days lists the days asked for. The last may be yesterday.
func (c *call) days(in cubeRequest) ([]string, error) {
	begin, err1 := time.ParseInLocation(time.DateOnly, in.Begin, beijing)
	end, err2 := time.ParseInLocation(time.DateOnly, in.End, beijing)
	if err1 != nil || err2 != nil {
		return nil, fail(61500)
	}
	var list []string
	for at := begin; !at.After(end); at = at.AddDate(0, 0, 1) {
		list = append(list, day(at))
	}
	if len(list) == 0 || len(list) > cubeSpan || in.End >= day(c.now) {
		return nil, fail(61501)
	}
	return list, nil
}

// late tells whether the last day is yesterday and not counted yet.
func (c *call) late(in cubeRequest) bool {
	return in.End == day(c.now.AddDate(0, 0, -1)) && c.now.Sub(midnight(c.now)) < cubeReady
}

func midnight(t time.Time) time.Time {
	t = t.In(beijing)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, beijing)
}

// articleDays is getarticleread and getarticleshare: one row for each article and day on which wanted is not zero.
func articleDays(wanted func(*readers) int) func(*call, cubeRequest) (any, error) {
	return func(c *call, in cubeRequest) (any, error) {
		days, err := c.days(in)
		if err != nil {
			return nil, err
		}
		list := []obj{}
		for _, d := range days {
			for _, a := range c.state.articles {
				if r := a.Daily[d]; r != nil && wanted(r) > 0 {
					list = append(list, obj{"ref_date": d, "msgid": a.cubeID(), "detail": r.object()})
				}
			}
		}
		return obj{"list": list, "is_delay": c.late(in)}, nil
	}
}

// bizSummary is getbizsummary: one row a day for all articles together.
func bizSummary(c *call, in cubeRequest) (any, error) {
	days, err := c.days(in)
	if err != nil {
		return nil, err
	}
	list := []obj{}
	for _, d := range days {
		var all readers
		for _, a := range c.state.articles {
			if r := a.Daily[d]; r != nil {
				all.add(*r)
			}
		}
		list = append(list, obj{"ref_date": d, "detail": all.object()})
	}
	return obj{"list": list, "is_delay": c.late(in)}, nil
}

// articleTotals is getarticletotaldetail: the articles published in the days, mass-sent or not, with running totals.
func articleTotals(c *call, in cubeRequest) (any, error) {
	if _, err := c.days(in); err != nil {
		return nil, err
	}
	list := []obj{}
	for _, a := range c.state.articles {
		on := day(a.At)
		if on < in.Begin || on > in.End {
			continue
		}
		kind := 1
		if a.Mass {
			kind = 0
		}
		list = append(list, obj{
			"ref_date": on, "msgid": a.cubeID(), "publish_type": kind, "title": a.Title, "content_url": a.URL, "detail_list": c.totals(a),
		})
	}
	return obj{"list": list, "is_delay": c.late(in)}, nil
}

// totals lists the sums from the day of publication up to each following day, until yesterday.
func (c *call) totals(a *article) []obj {
	var sum readers
	list := []obj{}
	for at, n := midnight(a.At), 0; day(at) < day(c.now) && n < cubeSpan; at, n = at.AddDate(0, 0, 1), n+1 {
		if r := a.Daily[day(at)]; r != nil {
			sum.add(*r)
		}
		o := sum.object()
		o["stat_date"] = day(at)
		list = append(list, o)
	}
	return list
}

// postReaders makes readers do something with an article, named by its link.
func (s *Server) postReaders(_ *http.Request, in struct {
	URL string `json:"url"`
	readers
}) (any, error) {
	for _, a := range s.state.articles {
		if a.URL == in.URL {
			a.count(s.clock.now(), in.readers)
			s.hub.send("articles", nil)
			return obj{"reads": a.Reads}, nil
		}
	}
	return nil, notFound("没有这篇文章")
}
