package console

import (
	"net/url"
	"strconv"
)

const perPage = 50

// paging is the piece of a list that is shown.
type paging struct {
	Total, Page, Pages int
	Previous, Next     string // addresses; "" at the ends
}

// pageAsked is the page that the address asks for, at least 1.
func pageAsked(address *url.URL) int {
	page, _ := strconv.Atoi(address.Query().Get("page")) // what is no number asks for the first
	return max(page, 1)
}

// cut returns the page of the list that the address asks for.
func cut[T any](all []T, address *url.URL) ([]T, paging) {
	p := pagingOf(len(all), address)
	from := (p.Page - 1) * perPage
	return all[from:min(from+perPage, len(all))], p
}

// pagingOf places the page that the address asks for in a list of the length; one past the end is the last.
func pagingOf(total int, address *url.URL) paging {
	p := paging{Total: total, Pages: max(1, (total+perPage-1)/perPage)}
	p.Page = min(pageAsked(address), p.Pages)
	if p.Page > 1 {
		p.Previous = withQuery(address, "page", strconv.Itoa(p.Page-1))
	}
	if p.Page < p.Pages {
		p.Next = withQuery(address, "page", strconv.Itoa(p.Page+1))
	}
	return p
}

// withQuery returns the address with one query value changed.
func withQuery(address *url.URL, key, value string) string {
	q := address.Query()
	q.Set(key, value)
	return address.Path + "?" + q.Encode()
}
