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

// cut returns the page of the list that the address asks for.
func cut[T any](all []T, address *url.URL) ([]T, paging) {
	p := paging{Total: len(all), Pages: max(1, (len(all)+perPage-1)/perPage)}
	p.Page, _ = strconv.Atoi(address.Query().Get("page"))
	p.Page = min(max(p.Page, 1), p.Pages)
	if p.Page > 1 {
		p.Previous = withQuery(address, "page", strconv.Itoa(p.Page-1))
	}
	if p.Page < p.Pages {
		p.Next = withQuery(address, "page", strconv.Itoa(p.Page+1))
	}
	from := (p.Page - 1) * perPage
	return all[from:min(from+perPage, len(all))], p
}

// withQuery returns the address with one query value changed.
func withQuery(address *url.URL, key, value string) string {
	q := address.Query()
	q.Set(key, value)
	return address.Path + "?" + q.Encode()
}
