package console

import (
	"net/http"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

type sheetPage struct {
	frame
	ID    string
	Sheet disclosure.Letter
	Note  string
}

// sheet prints one of the case's sheets: 审查呈批单, 登记表, or 申请表. The last names the applicant in full, so it asks for the
// right to see that, needs a click, and leaves an event.
func (c *Console) sheet(v *visit) error {
	r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return err
	}
	names, err := c.memberNames(v)
	if err != nil {
		return err
	}
	p := &sheetPage{frame: frame{Here: "/requests"}, ID: r.ID, Note: "这份单据不含申请人的个人信息。"}
	switch v.r.PathValue("sheet") {
	case "review":
		p.Sheet = disclosure.ReviewSheet(r, c.cfg.Organ, cal, func(id string) string { return names[id] })
		p.Sheet = maskedSheet(r, p.Sheet)
	case "register":
		p.Sheet = maskedSheet(r, disclosure.CaseSheet(r, c.cfg.Organ, cal))
	case "application":
		if p.Note, err = c.mayPrintApplication(v, r); err != nil {
			return err
		}
		p.Sheet = disclosure.ApplicationForm(r, c.cfg.Organ)
	default:
		return fault.New(fault.NotFound, "没有这份单据。")
	}
	p.Title = p.Sheet.Title + " · " + r.ID
	return c.show(v, http.StatusOK, "sheet", p)
}

// maskedSheet masks what staff may have typed into a sheet that is read by all.
func maskedSheet(r disclosure.Request, l disclosure.Letter) disclosure.Letter {
	r.Letters = []disclosure.Letter{l}
	return maskLetter(r, 1)
}

func (c *Console) mayPrintApplication(v *visit, r disclosure.Request) (note string, err error) {
	if err := v.who.Require(staff.RevealPersonal, "打印申请表"); err != nil {
		return "", err
	}
	if !navigated(v.r) {
		return "", fault.New(fault.Forbidden, "申请表只能在办理页面上点击打开。")
	}
	_, err = c.cfg.Desk.Reveal(v.ctx(), v.who, r.ID, "打印申请表")
	return "这份单据含有申请人的完整信息，本次打开已记录，请妥善保管。", err
}
