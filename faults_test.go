package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A fault table has one row for each fault, the point where it strikes and the effect it must have. Every row is a test
// against the simulator, through the real callback, the real API calls and the real store. The tables are data; what
// is done with a row stands once, beside its table.
//
//	faults_chat_test.go     between a citizen's tap and the reply on the phone
//	faults_notice_test.go   messages that the house sends of itself
//	faults_wire_test.go     what reaches the callback and is not, or not quite, WeChat's
//	faults_discard_test.go  from the withdrawal of a prepared post to an empty draft box
//	faults_publish_test.go  from the due minute to the published article

// TestMain lets more rows run side by side than there are processors, since they wait more than they work.
func TestMain(m *testing.M) {
	flag.Parse()
	if asked := flag.Lookup("test.parallel"); asked.Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		_ = asked.Value.Set(strconv.Itoa(2 * runtime.GOMAXPROCS(0)))
	}
	os.Exit(m.Run())
}

// printed collects the rows as they end, for the log.
type printed struct {
	mu   sync.Mutex
	rows [][4]string
}

// row runs one row as a subtest and keeps its line.
func (p *printed) row(t *testing.T, fault, point, effect string, run func(t *testing.T)) {
	t.Run(fault+" @ "+point, func(t *testing.T) {
		t.Parallel()
		defer func() {
			verdict := "ok"
			switch {
			case t.Failed():
				verdict = "FAILED"
			case t.Skipped():
				verdict = "skipped"
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.rows = append(p.rows, [4]string{fault, point, effect, verdict})
		}()
		run(t)
	})
}

// print writes the table into the test's log, when all rows have ended.
func (p *printed) print(t *testing.T, title string) {
	t.Cleanup(func() {
		var out strings.Builder
		fmt.Fprintf(&out, "%s: %d rows\n| fault | point | expected effect | |\n|---|---|---|---|\n", title, len(p.rows))
		for _, r := range p.rows {
			fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", r[0], r[1], r[2], r[3])
		}
		t.Log(out.String())
	})
}
