package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

// script is an application in chat: what the citizen says, and a part of the answer to it.
var script = []struct{ say, see string }{
	{"申请公开", "个人信息告知"},
	{"同意", "申请人是哪一类"},
	{"1", "申请人姓名"},
	{"王小明", "身份证号"},
	{identity, "联系电话"},
	{mobile, "您要什么信息"},
	{"2025年崇文镇农村低保对象名单", "哪种形式"},
	{"2", "怎样拿到答复"},
	{"1", "请核对"},
	{"确认", "登记回执"},
}

// The places in the script where a fault strikes.
const (
	atFirst   = 0
	atKind    = 2 // read twice, the answer “1” would become the applicant's name
	atName    = 3
	atConfirm = 9 // the request is filed
)

const tip = "暂时无法提供服务" // what WeChat shows when the account does not answer

// chatRow is a fault that strikes while a citizen says script[at].
type chatRow struct {
	fault, point, effect string

	at       int
	tune     func(*simulator.Settings)
	order    []simulator.Fault
	bends    func(w *town) []bend
	sees     []string // parts of what the phone shows for it; nil: the script's answer, once
	handled  int      // how often a handler runs for it; 0: once. -1: any number
	attempts int      // deliveries on the road; 0: not looked at
	then     []turn   // what the citizen does about it
	on       int      // where the script goes on; 0: at+1
}

// turn is something the citizen says, and parts of what the phone shows for it.
type turn struct {
	say  string
	sees []string
}

func short(ms int) func(*simulator.Settings) {
	return func(s *simulator.Settings) { s.ReplyTimeoutMS = ms }
}

func bends(all ...bend) func(*town) []bend { return func(*town) []bend { return all } }

// chatRows is the table. The limit of 5 s is a setting of the platform; where it is shorter the delays are in proportion.
var chatRows = []chatRow{
	{fault: "pushed again although answered", point: "first word", effect: "one effect, one reply", at: atFirst,
		order: []simulator.Fault{{On: "message", Kind: simulator.FaultDuplicate, Times: 1}}, attempts: 2},
	{fault: "pushed again although answered", point: "an answer", effect: "one effect: the dialogue moves one question", at: atKind,
		order: []simulator.Fault{{On: "message", Kind: simulator.FaultDuplicate, Times: 1}}, attempts: 2},
	{fault: "pushed again although answered", point: "确认", effect: "one request, the same receipt", at: atConfirm,
		order: []simulator.Fault{{On: "message", Kind: simulator.FaultDuplicate, Times: 1}}, attempts: 2},
	{fault: "answer lost on the way", point: "an answer", effect: "the retry gets the same reply", at: atKind,
		bends: bends(bend{lose: true}), attempts: 2},
	{fault: "answer lost on the way", point: "确认", effect: "the retry gets the receipt of the one request", at: atConfirm,
		bends: bends(bend{lose: true}), attempts: 2},
	{fault: "answer lost twice", point: "确认", effect: "the third delivery gets the receipt", at: atConfirm,
		bends: bends(bend{lose: true}, bend{lose: true}), attempts: 3},
	{fault: "answer lost three times", point: "确认", effect: "WeChat's tip; 确认 again files nothing and shows the receipt; so does 查进度", at: atConfirm,
		bends: bends(bend{lose: true}, bend{lose: true}, bend{lose: true}), attempts: 3, sees: []string{tip}, on: 10,
		then: []turn{{"确认", []string{"登记回执"}}, {"查进度", []string{"2026-0001"}}}},
	{fault: "connection refused once", point: "an answer", effect: "the retry is handled", at: atKind,
		bends: bends(bend{refuse: true}), attempts: 2},
	{fault: "connection refused three times", point: "an answer", effect: "WeChat's tip, no effect; the answer given again counts", at: atKind,
		bends: bends(bend{refuse: true}, bend{refuse: true}, bend{refuse: true}), attempts: 3, sees: []string{tip}, handled: -1, on: atKind},
	{fault: "connection refused three times", point: "确认", effect: "nothing filed; 确认 again files", at: atConfirm,
		bends: bends(bend{refuse: true}, bend{refuse: true}, bend{refuse: true}), attempts: 3, sees: []string{tip}, handled: -1, on: atConfirm},
	{fault: "answer after 4.9 s of 5 s", point: "确认", effect: "shown at the first delivery", at: atConfirm,
		bends: bends(bend{answer: 4900 * time.Millisecond}), attempts: 1},
	{fault: "answer after 5.1 s of 5 s", point: "确认", effect: "cut; the retry gets the same receipt", at: atConfirm,
		bends: bends(bend{answer: 5100 * time.Millisecond}), attempts: 2},
	{fault: "answer after 0.9 of the limit", point: "an answer", effect: "shown at the first delivery", at: atKind, tune: short(2000),
		bends: bends(bend{answer: 1800 * time.Millisecond}), attempts: 1},
	{fault: "answer after 1.1 of the limit", point: "an answer", effect: "cut; the retry gets the same reply", at: atKind, tune: short(1000),
		bends: bends(bend{answer: 1100 * time.Millisecond}), attempts: 2},
	{fault: "all answers after 1.1 of the limit", point: "确认", effect: "WeChat's tip, one request; 查进度 shows it", at: atConfirm, tune: short(500),
		bends:    bends(bend{answer: 550 * time.Millisecond}, bend{answer: 550 * time.Millisecond}, bend{answer: 550 * time.Millisecond}),
		attempts: 3, sees: []string{tip}, on: 10, then: []turn{{"查进度", []string{"2026-0001"}}}},
	{fault: "delivery held up, its retry overtakes it", point: "an answer", effect: "one effect; the late one changes nothing", at: atKind, tune: short(1000),
		bends: bends(bend{hold: 1500 * time.Millisecond}), attempts: 2},
	{fault: "delivery held up, its retry overtakes it", point: "确认", effect: "one request", at: atConfirm, tune: short(1000),
		bends: bends(bend{hold: 1500 * time.Millisecond}), attempts: 2},
	{fault: "all deliveries arrive after the cut, together", point: "确认", effect: "one request", at: atConfirm, tune: short(200), on: 10,
		bends:    bends(bend{hold: 900 * time.Millisecond}, bend{hold: 680 * time.Millisecond}, bend{hold: 460 * time.Millisecond}),
		attempts: 3, sees: []string{tip}, then: []turn{{"查进度", []string{"2026-0001"}}}},
	{fault: "late by 0.4 s", point: "an answer", effect: "handled as if in time", at: atKind,
		order: []simulator.Fault{{On: "message", Kind: simulator.FaultLate, DelayMS: 400, Times: 1}}, attempts: 1},
	{fault: "never pushed", point: "确认", effect: "nothing filed; 确认 again files", at: atConfirm, on: atConfirm,
		order: []simulator.Fault{{On: "message", Kind: simulator.FaultLose, Times: 1}}, sees: []string{}, handled: -1},
	{fault: "same delivery to two processes at once", point: "an answer", effect: "one effect, both give the same reply", at: atKind,
		bends: func(w *town) []bend { return []bend{{also: w.neighbour().handler}} }},
	{fault: "same delivery to two processes at once", point: "确认", effect: "one request", at: atConfirm,
		bends: func(w *town) []bend { return []bend{{also: w.neighbour().handler}} }},
	{fault: "process restarted between delivery and retry", point: "确认", effect: "the new process gives the old receipt", at: atConfirm,
		bends: func(w *town) []bend {
			next := w.neighbour().handler
			return []bend{{lose: true, answer: time.Millisecond}, {do: func() { w.road.set(next) }, answer: 0, also: next}}
		}, attempts: 2},
	{fault: "Redis stands still for 3 s", point: "an answer", effect: "answered at the first delivery, after 3 s", at: atKind,
		bends: func(w *town) []bend { return []bend{{do: w.freeze(3 * time.Second)}} }, attempts: 1},
	{fault: "Redis stands still for 3 s", point: "确认", effect: "one request, one receipt", at: atConfirm,
		bends: func(w *town) []bend { return []bend{{do: w.freeze(3 * time.Second)}} }, attempts: 1},
	{fault: "Redis stands still for 3 s, limit 1.2 s", point: "确认", effect: "cut twice; the third delivery gets the one receipt", at: atConfirm, tune: short(1200),
		bends: func(w *town) []bend { return []bend{{do: w.freeze(3 * time.Second)}} }, attempts: 3},
	{fault: "Redis stands still for 3 s after the work", point: "确认, reply on its way", effect: "the retry gets the receipt of the one request", at: atConfirm,
		bends: func(w *town) []bend { return []bend{{lose: true}, {do: w.freeze(3 * time.Second)}} }, attempts: 2},
	{fault: "Redis killed", point: "an answer", effect: "started again with its data; the reply comes", at: atKind,
		bends: func(w *town) []bend { return []bend{{do: w.kill()}} }},
	{fault: "Redis killed", point: "确认", effect: "one request", at: atConfirm,
		bends: func(w *town) []bend { return []bend{{do: w.kill()}} }},
	{fault: "Redis killed after the receipt", point: "before the next word", effect: "the request that was acknowledged is there", at: atConfirm, on: 10,
		bends: func(w *town) []bend { return []bend{{}, {do: w.kill()}} }, then: []turn{{"查进度", []string{"2026-0001"}}}},
	{fault: "Redis stands still for 9 s, limit 1 s", point: "确认", effect: "no receipt without a record; 确认 later files once", at: atConfirm, tune: short(1000),
		bends: func(w *town) []bend { return []bend{{do: w.freeze(9 * time.Second)}} }, sees: []string{tip}, handled: -1, on: atConfirm},
}

func TestFaultsOfChat(t *testing.T) {
	var table printed
	table.print(t, "faults between a tap and the reply")
	for _, row := range chatRows {
		table.row(t, row.fault, row.point, row.effect, func(t *testing.T) { row.run(t) })
	}
}

func (row chatRow) run(t *testing.T) {
	change := func(*simulator.Settings) {}
	if row.tune != nil {
		change = row.tune
	}
	w := newTown(t, change)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(w.diary)
		}
	})
	w.post("/phone/follow", map[string]any{"citizen": townsman})
	w.platform.Wait()
	w.tellScript(0, row.at)
	w.order(row.order...)
	if row.bends != nil {
		w.road.bend(row.bends(w)...)
	}
	handled, deliveries := w.diary.count(), w.road.deliveries()
	line := script[row.at]
	sees := row.sees
	if sees == nil {
		sees = []string{line.see}
	}
	w.expect(w.say(line.say), sees, line.say)
	w.waitForRedis()
	w.road.quiet()
	if got := w.diary.count() - handled; row.handled >= 0 && got != max(row.handled, 1) {
		t.Errorf("handled %d times, want %d", got, max(row.handled, 1))
	}
	if got := w.road.deliveries() - deliveries; row.attempts > 0 && got != row.attempts {
		t.Errorf("%d deliveries, want %d", got, row.attempts)
	}
	w.goOn(row)
}

// goOn lets the citizen react and finishes the application.
func (w *town) goOn(row chatRow) {
	w.t.Helper()
	for _, turn := range row.then {
		w.expect(w.say(turn.say), turn.sees, turn.say)
	}
	if row.on == 0 {
		row.on = row.at + 1
	}
	w.finish(row.on)
}

// finish says the script from a line on and counts what came of it all: one request with what was typed.
func (w *town) finish(from int) {
	w.t.Helper()
	w.tellScript(from, len(script))
	filed := w.requests()
	if len(filed) != 1 {
		w.t.Fatalf("%d requests are filed, want one", len(filed))
	}
	p := filed[0].Filing.Personal
	if p.Name != "王小明" || p.DocumentNumber != identity || p.Phone != mobile || p.Description != script[6].say {
		w.t.Errorf("filed %+v", p)
	}
	w.checkReceipts(filed[0].ID)
}

// checkReceipts looks at every receipt on the phone: none may tell of another request than the one.
func (w *town) checkReceipts(id string) {
	w.t.Helper()
	for _, text := range w.shown() {
		if m := numberPattern.FindStringSubmatch(text); m != nil && m[1] != id {
			w.t.Errorf("a receipt for %s is shown; the request is %s", m[1], id)
		}
	}
}

// expect compares what the phone shows new with what it should, part by part.
func (w *town) expect(got, parts []string, after string) {
	w.t.Helper()
	same := slices.EqualFunc(got, parts, strings.Contains)
	if !same {
		w.t.Fatalf("after %q the phone shows %d bubbles %q, want %q", after, len(got), got, parts)
	}
}

// waitForRedis returns when the store answers again.
func (w *town) waitForRedis() {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if w.store.Ping(w.t.Context()) == nil {
			return
		}
	}
	w.t.Fatal("Redis did not come back")
}
