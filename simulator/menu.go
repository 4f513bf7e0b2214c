package simulator

import (
	"encoding/json"
	"slices"
)

// menu is the custom menu (自定义菜单) as the account sets it.
type menu struct {
	Buttons []button `json:"button"`
}

type button struct {
	Type      string   `json:"type,omitempty"`
	Name      string   `json:"name"`
	Key       string   `json:"key,omitempty"`
	URL       string   `json:"url,omitempty"`
	MediaID   string   `json:"media_id,omitempty"`
	ArticleID string   `json:"article_id,omitempty"`
	AppID     string   `json:"appid,omitempty"`
	PagePath  string   `json:"pagepath,omitempty"`
	Sub       []button `json:"sub_button"`
}

// MarshalJSON writes sub_button as an array, also when there is none, as menu/get does.
func (b button) MarshalJSON() ([]byte, error) {
	type plain button
	if b.Sub == nil {
		b.Sub = []button{}
	}
	return encode(plain(b))
}

// Which field each type of button needs.
var (
	keyTypes = []string{
		"click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select",
	}
	urlTypes     = []string{"view", "miniprogram"}
	mediaTypes   = []string{"media_id", "view_limited"}
	articleTypes = []string{"article_id", "article_view_limited"}
)

// check applies the limits of the page 创建自定义菜单: 1–3 buttons, 1–5 below each, lengths in bytes.
func (m menu) check() error {
	if len(m.Buttons) < 1 || len(m.Buttons) > 3 {
		return fail(40016)
	}
	for _, b := range m.Buttons {
		if len(b.Name) < 1 || len(b.Name) > 16 {
			return fail(40018)
		}
		if len(b.Sub) > 5 {
			return fail(40023)
		}
		if len(b.Sub) == 0 {
			if err := b.check(40017, 40019, 40020); err != nil {
				return err
			}
		}
		for _, sub := range b.Sub {
			if len(sub.Name) < 1 || len(sub.Name) > 60 {
				return fail(40025)
			}
			if err := sub.check(40024, 40026, 40027); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b button) check(badType, badKey, badURL int) error {
	switch {
	case slices.Contains(keyTypes, b.Type):
		if len(b.Key) < 1 || len(b.Key) > 128 {
			return fail(badKey)
		}
	case slices.Contains(urlTypes, b.Type):
		if len(b.URL) < 1 || len(b.URL) > 1024 {
			return fail(badURL)
		}
	case slices.Contains(mediaTypes, b.Type):
		if b.MediaID == "" {
			return fail(40007)
		}
	case slices.Contains(articleTypes, b.Type):
		if b.ArticleID == "" {
			return fail(53600)
		}
	default:
		return fail(badType)
	}
	return nil
}

func menuCreate(c *call, in menu) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	c.state.menu = &in
	c.hub.send("account", nil)
	return ok(nil), nil
}

func menuGet(c *call) (any, error) {
	if c.state.menu == nil {
		return nil, fail(46003)
	}
	return obj{"menu": c.state.menu}, nil
}

func menuDelete(c *call) (any, error) {
	c.state.menu = nil
	c.hub.send("account", nil)
	return ok(nil), nil
}

// selfMenu is get_current_selfmenu_info: the menu wrapped once more, sub-buttons in a list.
func selfMenu(c *call) (any, error) {
	if c.state.menu == nil {
		return obj{"is_menu_open": 0}, nil
	}
	var buttons []obj
	for _, b := range c.state.menu.Buttons {
		raw, _ := encode(b)
		item := obj{}
		_ = json.Unmarshal(raw, &item)
		delete(item, "sub_button")
		if len(b.Sub) > 0 {
			item["sub_button"] = obj{"list": b.Sub}
		}
		buttons = append(buttons, item)
	}
	return obj{"is_menu_open": 1, "selfmenu_info": obj{"button": buttons}}, nil
}

// find returns the button a citizen taps: the index of the column and, from 0, of the row; row -1 is the column itself.
func (m *menu) find(column, row int) (button, bool) {
	if m == nil || column < 0 || column >= len(m.Buttons) {
		return button{}, false
	}
	b := m.Buttons[column]
	if row < 0 {
		return b, len(b.Sub) == 0
	}
	if row >= len(b.Sub) {
		return button{}, false
	}
	return b.Sub[row], true
}
