// Package disclosure is the law of disclosure on request (依申请公开): the request, where it is, its clock, how it ends, its
// documents and what came of it in review or court.
//
// It enforces 政府信息公开条例 (2019) articles 27–45, 国办函〔2020〕109号 (fees), 国办公开办函〔2016〕235号 (service) and the remedy
// rules of 行政复议法 articles 20–24. Desk is the only way to change a request: each verb checks the right of whoever acts,
// consults the one table of transitions, appends one event and stores the record.
//
//	r, err := desk.SubmitConfirmed(ctx, staff.Citizen, filing) // the numbered receipt
//	r, err = desk.Decide(ctx, handler, r.ID, disclosure.Decision{Outcome: disclosure.Granted, How: disclosure.Attached, Content: "……"})
//	r, err = desk.SignOff(ctx, head, r.ID)                      // a second person
//	r, err = desk.Deliver(ctx, handler, r.ID, disclosure.DeliverByPost, "EMS 1234567890123")
package disclosure
