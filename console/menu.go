package console

import (
	"strings"

	"shoushan/staff"
)

// place is where the menu lists a page: under which heading, and its name there. The zero place is not listed.
type place struct{ group, title string }

// menuGroups are the headings of the menu, in the order of a working day.
var menuGroups = []string{today, requestsAndLetters, articles, officialAccount, figuresAndReport, administration, myself}

const (
	today              = "今天"
	requestsAndLetters = "申请和来信"
	articles           = "稿件"
	officialAccount    = "公众号"
	figuresAndReport   = "统计和年报"
	administration     = "管理"
	myself             = "我"
)

// shortMenu is how many entries a menu may have to be laid open in full; a longer one opens where the reader is.
const shortMenu = 12

// navGroup is one section of the navigation.
type navGroup struct {
	Title string
	Open  bool
	Items []navItem
}

type navItem struct {
	Path, Title string
	Here        bool
}

// menuOf takes from the site map what the menu lists: heading by heading, within one in the order of the map.
func menuOf(pages []route) []route {
	var out []route
	for _, group := range menuGroups {
		for _, rt := range pages {
			if rt.menu.group == group {
				out = append(out, rt)
			}
		}
	}
	return out
}

// address is the path of a page without parameters.
func (rt route) address() string {
	_, path, _ := strings.Cut(strings.TrimSuffix(rt.pattern, "{$}"), " ")
	return path
}

// navigation lists the pages that the member may open, marks the one at the path here, and opens its heading and the first.
func navigation(menu []route, who staff.Member, here string) []navGroup {
	if who.ID == "" {
		return nil
	}
	var out []navGroup
	count := 0
	for _, rt := range menu {
		if !rt.allows(who) {
			continue
		}
		if len(out) == 0 || out[len(out)-1].Title != rt.menu.group {
			out = append(out, navGroup{Title: rt.menu.group, Open: len(out) == 0})
		}
		last := &out[len(out)-1]
		item := navItem{Path: rt.address(), Title: rt.menu.title, Here: rt.address() == here}
		last.Items, last.Open = append(last.Items, item), last.Open || item.Here
		count++
	}
	if count <= shortMenu {
		for i := range out {
			out[i].Open = true
		}
	}
	return out
}
