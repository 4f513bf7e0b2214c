package console

import (
	"net/http"
	"regexp"
	"strings"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

type sheetPage struct {
	frame
	ID    string
	Sheet disclosure.Letter
	Rows  []fact
	Blank []string // what is written by hand on paper
	Note  string
}

// sheetRows are the lines of a sheet as the boxes of a paper form: what stands before the first colon is the head of the
// box. Lines without one, and those that begin with a space, continue the box above.
func sheetRows(lines []string) []fact {
	var rows []fact
	for _, line := range lines {
		term, text, ok := strings.Cut(line, "：")
		switch {
		case ok && !strings.HasPrefix(line, "　") && len([]rune(term)) <= longestTerm && !startsWithNumber(line):
			rows = append(rows, fact{term, text})
		case len(rows) == 0 || startsWithNumber(line) && rows[len(rows)-1].Term != trailTerm:
			rows = append(rows, fact{map[bool]string{true: trailTerm}[startsWithNumber(line)], line})
		default:
			rows[len(rows)-1].Text += "\n" + strings.TrimPrefix(line, "　")
		}
	}
	return rows
}

const (
	longestTerm = 24 // characters; longer is a sentence with a colon in it
	trailTerm   = "办理记录"
)

var numbered = regexp.MustCompile(`^\d+\. `)

func startsWithNumber(line string) bool { return numbered.MatchString(line) }

// byHand are the boxes of the 呈批单 that are filled in with a pen while no answer is drafted.
var byHand = []string{"拟处理结果和依据", "拟稿人", "保密审查意见", "审核意见", "签发"}

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
		if p.Sheet = maskedSheet(r, p.Sheet); r.Decision == nil {
			p.Blank = byHand
		}
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
	p.Title, p.Rows = p.Sheet.Title+" · "+r.ID, sheetRows(p.Sheet.Paragraphs)
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
