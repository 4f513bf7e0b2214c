// Package opinion is the register of public concerns (政务舆情回应台账): what was said in public about the town's work, when
// the leaders were told, when and how the town answered, and what came of it.
//
// It enforces the limits of 国办发〔2016〕61号 and 国办发〔2016〕80号, which run in clock hours, nights and holidays included
// (5 h for the first authoritative word and 24 h for the press conference on grave events, 48 h for other concerns), and
// the duties of the town's own 《政务舆情回应台账管理和跟踪反馈制度》 (report to the leaders within 2 h, findings within 2
// working days, follow-up until the concern has died down).
//
//	c, err := ledger.Record(ctx, desk, opinion.Entry{FoundAt: at, Platform: "微博", Summary: "…", Class: opinion.Livelihood, Level: opinion.Ordinary})
//	for _, d := range c.Duties(cal) {
//		if d.Late(now) { … }
//	}
package opinion
