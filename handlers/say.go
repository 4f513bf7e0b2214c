package handlers

import "shoushan/bot"

// told says something and, when an application is open, asks its question again.
func (c *Citizen) told(d *draft, text string) bot.Reply {
	if d == nil || d.Paused {
		return c.reminding(d, say(text))
	}
	return say(paragraphs(text, c.form().again(*d)))
}

// reminding adds to a reply about something else that an application waits. Cards cannot carry it.
func (c *Citizen) reminding(d *draft, r bot.Reply) bot.Reply {
	if d == nil || r.Text == "" {
		return r
	}
	tail := "\n\n（" + c.form().waiting(*d) + "）"
	return bot.Reply{Text: fit(r.Text, replyBytes-len(tail)) + tail}
}

// replyBytes is the platform's limit for a text, in bytes.
const replyBytes = bot.MaxTextBytes

// say makes a text reply that fits the platform.
func say(text string) bot.Reply { return bot.Reply{Text: fit(text, replyBytes)} }

// fit cuts a text between two characters so that it has at most n bytes, and says so with an ellipsis.
func fit(text string, n int) string { return bot.Shorten(text, n, "…") }
