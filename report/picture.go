package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The one-page picture (图解) that is published beside a report: the same figures, drawn. It is 1080 wide, as phones show
// articles; pictures are never a substitute for the tables (国办公开办函〔2021〕30号).
const (
	pictureWidth  = 1080
	pictureMargin = 60
)

// colour is #rrggbb.
type colour uint32

const (
	ink     colour = 0x1f2933
	faint   colour = 0x66727f
	band    colour = 0x9b1c1c
	paper   colour = 0xffffff
	ground  colour = 0xf6f3ee
	warm    colour = 0xc2410c
	blue    colour = 0x1d4e89
	green   colour = 0x2f7d5b
	hairing colour = 0xd9d4cb
)

// shape is a rectangle, or a text when it has one.
type shape struct {
	X, Y, W, H int
	Round      int // of a rectangle's corners
	Colour     colour
	Text       string
	Size       int    // of a text, in pixels
	Bold       bool   //
	Anchor     string // start, middle or end; Y is the baseline
}

// picture is a drawing, top to bottom.
type picture struct {
	title  string
	height int
	shapes []shape
}

func (p *picture) rect(x, y, w, h, round int, c colour) {
	p.shapes = append(p.shapes, shape{X: x, Y: y, W: w, H: h, Round: round, Colour: c})
}

func (p *picture) text(x, y, size int, anchor string, c colour, text string) {
	p.shapes = append(p.shapes, shape{X: x, Y: y, Size: size, Anchor: anchor, Colour: c, Text: text, Bold: size >= 34})
}

// draw lays the picture out. What the report does not tell is left out, never drawn as zero.
func (a Annual) draw() picture {
	p := picture{title: fmt.Sprintf("%s%d年政府信息公开工作年度报告图解", a.Organ, a.Year)}
	p.rect(0, 0, pictureWidth, 250, 0, band)
	p.text(pictureWidth/2, 100, fitSize(a.Organ, 52), "middle", paper, a.Organ)
	p.text(pictureWidth/2, 175, 46, "middle", paper, fmt.Sprintf("%d年政府信息公开", a.Year))
	p.text(pictureWidth/2, 222, 26, "middle", paper, "工作年度报告 · 图解")
	p.height = 290
	if a.Tally != nil {
		p.posts(*a.Tally)
	}
	if a.T2 != nil {
		p.table2(*a.T2)
	}
	if a.T3 != nil {
		p.requests(*a.T3)
	}
	if a.T4 != nil {
		p.remedies(*a.T4)
	}
	p.text(pictureWidth/2, p.height+30, 22, "middle", faint, fmt.Sprintf("统计期限：%d年1月1日至%d年12月31日", a.Year, a.Year))
	p.text(pictureWidth/2, p.height+66, 22, "middle", faint, "数字出自年度报告，以报告全文为准")
	p.height += 110
	return p
}

// fitSize is the size at which a line of Chinese fits the page, at most most.
func fitSize(text string, most int) int {
	return min(most, (pictureWidth-2*pictureMargin)/max(utf8.RuneCountInString(text), 1))
}

// card opens a white block of the given height under a heading and returns where its content begins.
func (p *picture) card(heading string, height int) (top int) {
	p.rect(pictureMargin-20, p.height, pictureWidth-2*pictureMargin+40, height+90, 18, paper)
	p.rect(pictureMargin, p.height+30, 8, 36, 4, band)
	p.text(pictureMargin+24, p.height+60, 34, "start", ink, heading)
	top = p.height + 90
	p.height += height + 90 + 30
	return top
}

// figure is one big number with its name and unit.
type figure struct{ name, value, unit string }

// figure is the cell's number as the picture shows it, a line when it is not known.
func (c Cell) figure() string {
	if !c.Known() {
		return "—"
	}
	return c.Number.String()
}

// row prints figures side by side.
func (p *picture) row(top int, c colour, all ...figure) {
	width := (pictureWidth - 2*pictureMargin) / len(all)
	for i, f := range all {
		middle := pictureMargin + i*width + width/2
		p.text(middle, top+66, min(64, 3*width/(2*max(len(f.value), 4))), "middle", c, f.value)
		p.text(middle, top+108, 24, "middle", faint, f.name+"（"+f.unit+"）")
	}
}

func (p *picture) posts(t Tally) {
	top := p.card("主动公开", 445)
	n := func(i int) string { return Int(i).String() }
	p.row(top, band, figure{"公众号原创", n(t.Account.Original), "条"}, figure{"公众号转载", n(t.Account.Repost), "条"}, figure{"门户网站信息", n(t.Portal.Items), "条"})
	p.months(t.ByMonth, top+150)
}

// months draws twelve bars, each of originals, reposts and portal items.
func (p *picture) months(months []MonthTally, top int) {
	const height, barWidth = 180, 44
	peak := 1
	for _, m := range months {
		peak = max(peak, m.Original+m.Repost+m.Portal)
	}
	floor := top + 30 + height
	step := (pictureWidth - 2*pictureMargin) / 12
	p.rect(pictureMargin, floor, pictureWidth-2*pictureMargin, 2, 0, hairing)
	for i, m := range months {
		x, y := pictureMargin+i*step+(step-barWidth)/2, floor
		for _, part := range []struct {
			n int
			c colour
		}{{m.Original, band}, {m.Repost, warm}, {m.Portal, blue}} {
			h := part.n * height / peak
			y -= h
			if h > 0 {
				p.rect(x, y, barWidth, h, 0, part.c)
			}
		}
		if total := m.Original + m.Repost + m.Portal; total > 0 {
			p.text(x+barWidth/2, y-8, 20, "middle", ink, Int(total).String())
		}
		p.text(x+barWidth/2, floor+30, 20, "middle", faint, Int(m.Month).String()+"月")
	}
	for i, l := range []struct {
		name string
		c    colour
	}{{"原创", band}, {"转载", warm}, {"门户网站", blue}} {
		p.rect(pictureMargin+i*140, floor+46, 18, 18, 3, l.c)
		p.text(pictureMargin+i*140+26, floor+62, 20, "start", faint, l.name)
	}
}

func (p *picture) table2(t Table2) {
	top := p.card("规范性文件和行政执法", 270)
	n := t.Article20a.Normative
	p.row(top, blue, figure{"制发规范性文件", n.Made.figure(), "件"}, figure{"废止规范性文件", n.Repealed.figure(), "件"}, figure{"现行有效", n.Valid.figure(), "件"})
	p.row(top+130, blue, figure{"行政许可", t.Article20e.Permits.figure(), "件"}, figure{"行政处罚", t.Article20f.Penalties.figure(), "件"},
		figure{"行政强制", t.Article20f.Compulsory.figure(), "件"}, figure{"行政事业性收费", t.Article20h.Fees.figure(), "万元"})
}

// outcomeGroups are the six groups of results of table 三.
var outcomeGroups = []struct{ prefix, name string }{
	{"r1", "予以公开"}, {"r2", "部分公开"}, {"r3", "不予公开"}, {"r4", "无法提供"}, {"r5", "不予处理"}, {"r6", "其他处理"},
}

func (t Table3) total(prefix string) Number {
	var out Number
	for _, id := range t.details() {
		if id == prefix || strings.HasPrefix(id, prefix+"_") {
			out = out.Add(t.Rows[id][totalColumn].Number)
		}
	}
	return out
}

func (p *picture) requests(t Table3) {
	cell := func(row string) string { return t.Rows[row][totalColumn].figure() }
	none := t.Rows["r7"][totalColumn].Number.IsZero()
	height := 150 + len(outcomeGroups)*52
	if none {
		height = 150
	}
	top := p.card("依申请公开", height)
	p.row(top, green, figure{"上年结转", cell("carried_in"), "件"}, figure{"本年新收", cell("new"), "件"}, figure{"本年办结", cell("r7"), "件"}, figure{"结转下年", cell("carried_out"), "件"})
	if !none {
		p.outcomes(t, top+150)
	}
}

func (p *picture) outcomes(t Table3, top int) {
	const barsAt, widest = pictureMargin + 150, pictureWidth - 2*pictureMargin - 260
	whole := t.Rows["r7"][totalColumn].Number
	for i, g := range outcomeGroups {
		n, y := t.total(g.prefix), top+i*52
		p.text(pictureMargin, y+28, 24, "start", ink, g.name)
		width := int(n.units * widest / max(whole.units, 1)) // counts are whole numbers
		p.rect(barsAt, y+4, max(width, 2), 32, 4, green)
		p.text(barsAt+max(width, 2)+14, y+29, 24, "start", ink, n.String()+" 件")
	}
}

func (p *picture) remedies(t Table4) {
	top := p.card("行政复议和行政诉讼", 140)
	p.row(top, ink, figure{"行政复议", t.Reconsideration.Total.figure(), "件"}, figure{"直接起诉", t.Direct.Total.figure(), "件"},
		figure{"复议后起诉", t.After.Total.figure(), "件"})
}
