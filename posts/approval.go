package posts

import (
	"time"
)

// ApprovalForm is what the 信息发布审批表 shows: the record that 《政府信息发布审核制度》 asks to keep of each item.
type ApprovalForm struct {
	ID          string
	Title       string
	Channel     Channel
	Method      Method
	Topic       string
	Origin      Origin
	Source      Source // of a repost
	Author      string // who wrote it
	SubmittedAt time.Time
	Path        string    // the review path; empty before it was submitted
	Fingerprint string    // of the content that the last round approved, or of the present content
	Opinions    []Opinion // one for each round, in order, signed or not
	PublishedAt time.Time
	URL         string
	Remarks     []string // returns, withdrawals and removals, from the trail
}

// Opinion is one line of the form: who said what in a round. A round that is still open has no Name.
type Opinion struct {
	Round   Round
	Subject string // what the round examines
	Name    string
	At      time.Time
	Text    string
}

// what each round examines, after the templates of 《政府信息发布审核制度》.
var subjects = map[Round]string{
	First:  "文字、错别字、病句、格式",
	Second: "事实、发布依据、公文规范、保密审查",
	Final:  "政治导向、政策法规、是否同意发布",
}

// ApprovalForm returns the data of the post's approval form.
func (p Post) ApprovalForm() ApprovalForm {
	f := ApprovalForm{
		ID: p.ID, Title: p.Content.Title, Channel: p.Channel, Method: p.Method, Topic: p.Content.Topic, Origin: p.Content.Origin,
		Fingerprint: p.ApprovedHash, Path: p.ReviewPath, PublishedAt: p.Publication.PublishedAt, URL: p.Publication.URL,
	}
	if p.Content.Source != nil {
		f.Source = *p.Content.Source
	}
	if f.Fingerprint == "" {
		f.Fingerprint = p.Content.Hash()
	}
	for _, e := range p.Trail {
		f.add(e.Action, e.Actor, e.At, e.Note)
	}
	for _, r := range p.rounds() {
		f.Opinions = append(f.Opinions, p.opinion(r))
	}
	return f
}

// add takes from one event of the trail what the form shows.
func (f *ApprovalForm) add(action, actor string, at time.Time, note string) {
	switch Action(action) {
	case Create:
		f.Author = actor
	case Submit:
		f.SubmittedAt = at
	case Return, Withdraw, Remove:
		f.Remarks = append(f.Remarks, note)
	default: // no row of the form
	}
}

func (p Post) opinion(round Round) Opinion {
	o := Opinion{Round: round, Subject: subjects[round]}
	for _, r := range p.Reviews {
		if r.Round != round {
			continue
		}
		o.Name, o.At, o.Text = r.ByName, r.At, "审核通过。" // what the person chose; words of agreement are theirs to write
		if !r.Approved {
			o.Text = "退回。"
		}
		o.Text += r.Comment
	}
	return o
}
