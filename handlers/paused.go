package handlers

// whilePaused passes a text on, unless it is the very number that was asked for: it may have been sent together with 暂停 and
// come after it, and is not lost.
func (f form) whilePaused(d draft, text string) (draft, string, act) {
	next, s := d, f.step(d)
	if s.key != stepDocument && s.key != stepAgentDocument || s.accept(&next, text) != "" {
		return d, "", pass
	}
	next.Wrong, next.Step = 0, f.firstOpen(next)
	return next, paragraphs("好的，记下了："+s.value(next), f.stillHere(next)), keep
}
