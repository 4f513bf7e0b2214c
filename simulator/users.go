package simulator

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

const (
	userPage      = 10_000
	userBatch     = 100
	maxTags       = 100
	maxTagName    = 30
	maxUserTags   = 20
	tagBatch      = 50
	blockBatch    = 20
	maxLimitScene = 100_000
	maxSceneStr   = 64
)

// userInfo has no nickname and no picture: withdrawn by Tencent on 2021-12-27.
func (p *citizen) userInfo() obj {
	if !p.Followed {
		return obj{"subscribe": 0, "openid": p.OpenID, "tagid_list": []int{}}
	}
	scene, _ := strconv.Atoi(p.QrScene)
	return obj{
		"subscribe": 1, "openid": p.OpenID, "language": "zh_CN", "subscribe_time": p.FollowedAt.Unix(), "remark": p.Remark,
		"groupid": 0, "tagid_list": append([]int{}, p.Tags...), "subscribe_scene": p.Scene, "qr_scene": scene,
		"qr_scene_str": p.QrScene,
	}
}

func userInfo(c *call) (any, error) {
	p := c.citizen(c.r.URL.Query().Get("openid"))
	if p == nil {
		return nil, fail(40003)
	}
	return p.userInfo(), nil
}

func userInfoBatch(c *call, in struct {
	UserList []struct {
		OpenID string `json:"openid"`
	} `json:"user_list"`
}) (any, error) {
	if len(in.UserList) == 0 || len(in.UserList) > userBatch {
		return nil, fail(40097)
	}
	list := []obj{}
	for _, u := range in.UserList {
		p := c.citizen(u.OpenID)
		if p == nil {
			return nil, fail(40003)
		}
		list = append(list, p.userInfo())
	}
	return obj{"user_info_list": list}, nil
}

func userGet(c *call) (any, error) {
	var ids []string
	for _, p := range c.state.citizens {
		if p.Followed {
			ids = append(ids, p.OpenID)
		}
	}
	total, from := len(ids), 0
	if next := c.r.URL.Query().Get("next_openid"); next != "" {
		at := slices.Index(ids, next)
		if at < 0 {
			return nil, fail(40003)
		}
		from = at + 1
	}
	ids = ids[from:min(from+userPage, len(ids))]
	out := obj{"total": total, "count": len(ids), "next_openid": ""}
	if len(ids) > 0 {
		out["data"], out["next_openid"] = obj{"openid": ids}, ids[len(ids)-1]
	}
	return out, nil
}

func userRemark(c *call, in struct {
	OpenID string `json:"openid"`
	Remark string `json:"remark"`
}) (any, error) {
	p := c.citizen(in.OpenID)
	if p == nil {
		return nil, fail(40003)
	}
	p.Remark = in.Remark
	return ok(nil), nil
}

// tag is a group of followers (标签).
type tag struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

type tagRequest struct {
	Tag    tag      `json:"tag"`
	TagID  int      `json:"tagid"`
	OpenID string   `json:"openid"`
	List   []string `json:"openid_list"`
}

func (s *Server) tagByID(id int) *tag {
	for _, t := range s.state.tags {
		if t.ID == id {
			return t
		}
	}
	return nil
}

func (c *call) checkTagName(name string) error {
	taken := slices.ContainsFunc(c.state.tags, func(t *tag) bool { return t.Name == name })
	switch {
	case taken || name == "":
		return fail(45157)
	case tooLong(name, maxTagName):
		return fail(45158)
	}
	return nil
}

func tagCreate(c *call, in tagRequest) (any, error) {
	if err := c.checkTagName(in.Tag.Name); err != nil {
		return nil, err
	}
	if len(c.state.tags) >= maxTags {
		return nil, fail(45056)
	}
	t := &tag{ID: 100 + int(c.next()), Name: in.Tag.Name}
	c.state.tags = append(c.state.tags, t)
	return obj{"tag": t}, nil
}

func tagList(c *call) (any, error) {
	list := []obj{}
	for _, t := range c.state.tags {
		list = append(list, obj{"id": t.ID, "name": t.Name, "count": len(c.tagged(t.ID))})
	}
	return obj{"tags": list}, nil
}

func (s *Server) tagged(id int) []string {
	ids := []string{}
	for _, p := range s.followers() {
		if slices.Contains(p.Tags, id) {
			ids = append(ids, p.OpenID)
		}
	}
	return ids
}

func tagUpdate(c *call, in tagRequest) (any, error) {
	t := c.tagByID(in.Tag.ID)
	if t == nil {
		return nil, fail(45159)
	}
	if err := c.checkTagName(in.Tag.Name); err != nil {
		return nil, err
	}
	t.Name = in.Tag.Name
	return ok(nil), nil
}

func tagDelete(c *call, in tagRequest) (any, error) {
	if c.tagByID(in.Tag.ID) == nil {
		return nil, fail(45159)
	}
	c.state.tags = slices.DeleteFunc(c.state.tags, func(t *tag) bool { return t.ID == in.Tag.ID })
	for _, p := range c.state.citizens {
		p.Tags = slices.DeleteFunc(p.Tags, func(id int) bool { return id == in.Tag.ID })
	}
	return ok(nil), nil
}

func tagUsers(c *call, in tagRequest) (any, error) {
	ids := c.tagged(in.TagID)
	return obj{"count": len(ids), "data": obj{"openid": ids}, "next_openid": ""}, nil
}

// tagMembers puts a tag on up to 50 followers, or takes it off.
func tagMembers(on bool) func(*call, tagRequest) (any, error) {
	return func(c *call, in tagRequest) (any, error) {
		if c.tagByID(in.TagID) == nil {
			return nil, fail(45159)
		}
		if len(in.List) == 0 || len(in.List) > tagBatch {
			return nil, fail(40032)
		}
		for _, id := range in.List {
			p := c.citizen(id)
			if p == nil {
				return nil, fail(40003)
			}
			p.Tags = slices.DeleteFunc(p.Tags, func(have int) bool { return have == in.TagID })
			if on && len(p.Tags) >= maxUserTags {
				return nil, fail(45059)
			}
			if on {
				p.Tags = append(p.Tags, in.TagID)
			}
		}
		return ok(nil), nil
	}
}

func tagsOf(c *call, in tagRequest) (any, error) {
	p := c.citizen(in.OpenID)
	if p == nil {
		return nil, fail(40003)
	}
	return obj{"tagid_list": append([]int{}, p.Tags...)}, nil
}

// blacklist is tags/members/batchblacklist and batchunblacklist: who is on it (拉黑) receives no mass send, and what they
// write does not reach the account.
func blacklist(on bool) func(*call, tagRequest) (any, error) {
	return func(c *call, in tagRequest) (any, error) {
		if len(in.List) == 0 || len(in.List) > blockBatch {
			return nil, fail(40032)
		}
		var people []*citizen
		for _, id := range in.List {
			p := c.citizen(id)
			if p == nil {
				return nil, fail(40003)
			}
			people = append(people, p)
		}
		for _, p := range people {
			p.Blocked = on
		}
		return ok(nil), nil
	}
}

func blacklisted(c *call, _ struct {
	Begin string `json:"begin_openid"`
}) (any, error) {
	ids := []string{}
	for _, p := range c.state.citizens {
		if p.Blocked {
			ids = append(ids, p.OpenID)
		}
	}
	return obj{"total": len(ids), "count": len(ids), "data": obj{"openid": ids}, "next_openid": ""}, nil
}

// lines writes template data as the notice shows it, in the order of the keys.
func lines(data map[string]dataValue) string {
	keys := make([]string, 0, len(data))
	for k := range data {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var out []string
	for _, k := range keys {
		out = append(out, data[k].Value)
	}
	return strings.Join(out, "\n")
}
