package bench_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// line is one row of the table: what was measured here and, in the same run, elsewhere.
type line struct {
	what, ours, other, ratio, target string
	met                              bool
}

// BenchmarkTable measures once and prints the table. With BENCH_KEEP it also goes into README.md.
func BenchmarkTable(b *testing.B) {
	w := newWorkshop(b)
	var lines []line
	for _, measure := range []func(*workshop) []line{codec, starting, resting, rushing, pacing, publishing, disk} {
		lines = append(lines, measure(w)...)
	}
	table := render(lines)
	fmt.Printf("\n%s\n%s\n\n", machine(), table)
	if os.Getenv("BENCH_KEEP") != "" {
		w.must(keep(machine() + "\n\n" + table))
	}
}

func render(lines []line) string {
	var out strings.Builder
	out.WriteString("| | here | elsewhere | ratio | target | |\n|---|---|---|---|---|---|\n")
	for _, l := range lines {
		verdict := "met"
		switch {
		case l.target == "":
			verdict = ""
		case !l.met:
			verdict = "**missed**"
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", l.what, l.ours, l.other, l.ratio, l.target, verdict)
	}
	return strings.TrimSpace(out.String())
}

// machine describes in words what was measured on.
func machine() string {
	version := func(name, flag string) string {
		out, err := exec.Command(name, flag).Output()
		if err != nil {
			return "no " + name
		}
		return name + " " + regexp.MustCompile(`\d+(\.\d+)+`).FindString(string(out))
	}
	return fmt.Sprintf("Measured on %s on a virtual machine with %d cores (%s/%s), shared with whatever else ran at the time (load average %s); %s, %s, %s. "+
		"Load generator, program, Redis and the simulated platform share the cores.",
		time.Now().Format("2006-01-02"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, load(), runtime.Version(), version("redis-server", "--version"), version("node", "--version"))
}

// load is the load average of the last minute: above the number of cores, the figures say little about the program.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(data))[0]
}

var kept = regexp.MustCompile(`(?s)(<!-- table -->\n).*(<!-- end -->)`)

// keep replaces the table in README.md.
func keep(table string) error {
	old, err := os.ReadFile("README.md")
	if err != nil {
		return err
	}
	text := kept.ReplaceAllString(string(old), "${1}"+strings.ReplaceAll(table, "$", "$$")+"\n${2}")
	return os.WriteFile("README.md", []byte(text), 0o644)
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// disk measures one small write with fsync, the unit of which every acknowledged turn needs a few.
func disk(w *workshop) []line {
	file, err := os.Create(filepath.Join(w.dir, "fsync"))
	w.must(err)
	defer file.Close()
	var took []time.Duration
	for range 400 {
		begun := time.Now()
		_, err := file.WriteString(strings.Repeat("x", 200))
		w.must(err, file.Sync())
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	return []line{{what: "for comparison: one write with fsync on this disk, median and p99", ours: milliseconds(percentile(took, .5)) + ", " + milliseconds(percentile(took, .99))}}
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
