// Package report turns records into figures, figures into the annual report on government information disclosure
// (政府信息公开工作年度报告), and checks any organ's report against the official form.
//
// It enforces 政府信息公开条例 articles 49 and 50 (what a report must contain and when) and the form of 国办公开办函〔2021〕30号
// (six sections; tables 二, 三 and 四 with their reconciliation, 勾稽关系). Figures are counts of records, never counters:
// every one can name the records behind it (Select). Numbers in prose are bound to figures (Prose), so that text and
// tables cannot disagree.
//
//	tally := report.NewTally(2021, posts, requests)
//	annual, err := report.Draft(2021, organ, prose, report.Records{Posts: posts, Requests: requests})
//	violations := report.Check(annual, nil)
//	err = report.WriteDOCX(w, annual)
//
// Writers take an io.Writer and readers bytes; nothing here knows HTTP or the store.
package report
