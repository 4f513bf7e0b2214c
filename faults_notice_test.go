package main

import (
	"strings"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/simulator"
)

const (
	customSend  = "/cgi-bin/message/custom/send"
	stableToken = "/cgi-bin/stable_token"
)

// noticeRow is a fault that strikes while the house tells a citizen something of itself.
type noticeRow struct {
	fault, point, effect string

	order   []simulator.Fault
	before  func(w *town)
	leave   time.Duration // for the whole notice; 0: 20 s
	how     string        // what the record says
	arrived int           // how often the phone shows it before the next contact
	next    int           // how often the answer to the next contact shows it
	calls   int           // of custom/send; 0: one, -1: none
}

func failing(code int, times int) []simulator.Fault {
	return []simulator.Fault{{On: customSend, Kind: simulator.FaultCode, Code: code, Times: times}}
}

func striking(kind simulator.FaultKind) []simulator.Fault {
	return []simulator.Fault{{On: customSend, Kind: kind, Times: 1, DelayMS: 3000}}
}

const patient = 700 * time.Millisecond // stands for the ten seconds that a call may take

var noticeRows = []noticeRow{
	{fault: "none", point: "custom/send", effect: "arrives, and is not shown again", how: bot.Sent, arrived: 1},
	{fault: "45015 window closed", point: "custom/send", effect: "queued, shown at the next contact", order: failing(45015, 1), how: bot.QueuedWindow, next: 1},
	{fault: "45047 window used up", point: "custom/send", effect: "queued, shown at the next contact", order: failing(45047, 1), how: bot.QueuedWindow, next: 1},
	{fault: "window used up by our own ledger", point: "before custom/send", effect: "no call; queued, shown at the next contact",
		before: func(w *town) { w.tellTimes(8) }, how: bot.QueuedWindow, next: 1, calls: -1},
	{fault: "window closed 48 h ago", point: "before custom/send", effect: "no call; queued, shown at the next contact",
		before: func(w *town) { w.clock.Set(w.clock.Now().Add(49 * time.Hour)) }, how: bot.QueuedWindow, next: 1, calls: -1},
	{fault: "45009 day quota exhausted", point: "custom/send", effect: "queued, shown at the next contact", order: failing(45009, 1), how: bot.QueuedRefused, next: 1},
	{fault: "45011 minute quota exhausted", point: "custom/send", effect: "queued, shown at the next contact", order: failing(45011, 1), how: bot.QueuedRefused, next: 1},
	{fault: "48002 citizen refuses messages", point: "custom/send", effect: "queued, shown at the next contact", order: failing(48002, 1), how: bot.QueuedRefused, next: 1},
	{fault: "-1 busy", point: "custom/send", effect: "not repeated, as it may have arrived; shown at the next contact", order: striking(simulator.FaultBusy), how: bot.QueuedUnsure, next: 1},
	{fault: "502", point: "custom/send", effect: "not repeated; shown at the next contact", order: striking(simulator.FaultStatus), how: bot.QueuedUnsure, next: 1},
	{fault: "hangs", point: "custom/send", effect: "given up in time; shown at the next contact", order: striking(simulator.FaultHang), leave: patient, how: bot.QueuedUnsure, next: 1},
	{fault: "dropped after processing", point: "custom/send", effect: "arrives, and is told once more rather than never", order: striking(simulator.FaultDrop), how: bot.QueuedUnsure, arrived: 1, next: 1},
	{fault: "answer truncated", point: "custom/send", effect: "arrives, and is told once more rather than never", order: striking(simulator.FaultTruncate), how: bot.QueuedUnsure, arrived: 1, next: 1},
	{fault: "40001 once", point: "custom/send", effect: "one new token, sent once", order: failing(40001, 1), how: bot.Sent, arrived: 1, calls: 2},
	{fault: "42001 once", point: "custom/send", effect: "one new token, sent once", order: failing(42001, 1), how: bot.Sent, arrived: 1, calls: 2},
	{fault: "token dropped by the platform", point: "between two notices", effect: "one new token, sent once",
		before: func(w *town) { w.tellTimes(1); w.post("/sim/tokens/drop", nil) }, how: bot.Sent, arrived: 1, calls: 2},
	{fault: "40001 always", point: "custom/send", effect: "tried twice, then queued", order: failing(40001, 0), how: bot.QueuedRefused, next: 1, calls: 2},
	{fault: "502", point: "stable_token", effect: "no call without a token; shown at the next contact",
		order: []simulator.Fault{{On: stableToken, Kind: simulator.FaultStatus, Times: 1}}, how: bot.QueuedUnsure, next: 1, calls: -1},
	{fault: "40164 address not on the list", point: "stable_token", effect: "no call; shown at the next contact",
		order: []simulator.Fault{{On: stableToken, Kind: simulator.FaultCode, Code: 40164, Times: 1}}, how: bot.QueuedRefused, next: 1, calls: -1},
	{fault: "Redis stands still for 3 s", point: "custom/send", effect: "sent, or queued; told at least once",
		before: func(w *town) { w.freeze(3 * time.Second)() }, how: bot.Sent, arrived: 1},
}

func TestFaultsOfNotices(t *testing.T) {
	var table printed
	table.print(t, "faults between the house and a citizen's phone")
	for _, row := range noticeRows {
		table.row(t, row.fault, row.point, row.effect, func(t *testing.T) { row.run(t) })
	}
}

const notice = "您的申请已经答复，请查收。"

func (row noticeRow) run(t *testing.T) {
	w := newTown(t)
	w.post("/phone/follow", map[string]any{"citizen": townsman})
	w.platform.Wait()
	w.say("你好")
	if row.before != nil {
		row.before(w)
	}
	w.order(row.order...)
	shown, calls := w.showing(notice), w.gate.count(customSend)
	leave := row.leave
	if leave == 0 {
		leave = 20 * time.Second
	}
	if how := w.tell(notice, leave); how != row.how {
		t.Errorf("the record says %q, want %q", how, row.how)
	}
	w.platform.ClearFaults()
	if got := w.showing(notice) - shown; got != row.arrived {
		t.Errorf("the phone shows it %d times, want %d", got, row.arrived)
	}
	want := map[int]int{-1: 0, 0: 1}[row.calls]
	if row.calls > 0 {
		want = row.calls
	}
	if got := w.gate.count(customSend) - calls; got != want {
		t.Errorf("%d calls of custom/send, want %d", got, want)
	}
	for i, want := range []int{row.next, 0} {
		if got := strings.Count(strings.Join(w.say("在吗"), "\n"), notice); got != want {
			t.Errorf("contact %d afterwards shows it %d times, want %d", i+1, got, want)
		}
	}
}

// tell lets the house tell the citizen something, and returns what it would write into the record.
func (w *town) tell(text string, leave time.Duration) string {
	w.t.Helper()
	ctx, cancel := contextFor(w.t, leave)
	defer cancel()
	how, err := w.desk.Notifier.Notify(ctx, w.openID(), text)
	if err != nil {
		w.t.Fatal(err)
	}
	return how
}

func (w *town) tellTimes(n int) {
	w.t.Helper()
	for range n {
		w.tell("别的消息。", 20*time.Second)
	}
}

// showing counts how often the phone shows a text.
func (w *town) showing(text string) int {
	w.t.Helper()
	return strings.Count(strings.Join(w.shown(), "\n"), text)
}
