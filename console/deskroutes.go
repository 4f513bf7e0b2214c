package console

import "shoushan/staff"

// registering may see the remedies register and the calendar beside the requests.
var registering = []staff.Right{staff.ViewRequests, staff.HandleRequests, staff.ManageRegisters}

// deskRoutes are the pages of the request desk beside the register and the case.
func deskRoutes(c *Console) []route {
	return []route{
		{pattern: "POST /requests/search", rights: requests, serve: c.searchRequests},
		{pattern: "GET /requests/export", rights: requests, serve: c.exportForm},
		{pattern: "GET /requests/export/register.xlsx", rights: requests, serve: c.exportPlain},
		{pattern: "POST /requests/export", rights: revealing, serve: c.exportPersonal},
		{pattern: "POST /requests/{id}/files", rights: handling, upload: true, serve: c.addFile},
		{pattern: "GET /requests/{id}/files/{n}", rights: []staff.Right{staff.RevealPersonal, staff.SignReplies}, serve: c.caseFile},
		{pattern: "GET /requests/{id}/sheets/{sheet}", rights: requests, serve: c.sheet},
		{pattern: "GET /remedies", menu: place{requestsAndLetters, "复议和诉讼"}, rights: registering, serve: c.remedies},
		{pattern: "GET /calendar", menu: place{today, "工作日历和放假通知"}, rights: everyone, serve: c.calendarPage},
		{pattern: "GET /calendar/day", rights: everyone, serve: c.sayDay},
		{pattern: "POST /calendar", rights: settings, serve: c.enterNotice},
	}
}
