package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport says which rooms each room may import (docs/decisions/0001-rooms.md). Arrows point down only.
var mayImport = map[string][]string{
	"fault":      {},
	"workday":    {},
	"simulator":  {},
	"staff":      {"fault"},
	"disclosure": {"fault", "staff", "workday"},
	"posts":      {"fault", "staff", "workday"},
	"opinion":    {"fault", "staff", "workday"},
	"report":     {"disclosure", "fault", "opinion", "posts", "staff", "workday"},
	"storage":    {"disclosure", "fault", "opinion", "posts", "report", "staff", "workday"},
	"bot":        {"disclosure", "fault", "opinion", "posts", "staff", "workday"},
	"handlers":   {"bot", "disclosure", "fault", "opinion", "posts", "staff", "workday"},
	"console":    {"disclosure", "fault", "opinion", "posts", "report", "staff", "workday"},
	"scheduler":  {"disclosure", "fault", "opinion", "posts", "report", "staff", "workday"},
}

// onlyIn says which rooms may import an outside module; "standard" rooms import the standard library alone.
var onlyIn = map[string][]string{
	"github.com/redis/go-redis":            {"storage"},
	"github.com/alicebob/miniredis":        {"storage"},
	"github.com/silenceper/wechat":         {"bot"},
	"github.com/robfig/cron":               {"scheduler"},
	"github.com/hibiken/asynq":             {"scheduler"},
	"github.com/alexedwards/scs/v2":        {"console", "storage"},
	"net/http":                             {"bot", "handlers", "console", "simulator"},
	"github.com/silenceper/wechat/v2/util": {"bot"},
}

var standardLibraryOnly = []string{"fault", "workday", "staff", "simulator"}

// source is one non-test Go file of a room with what it imports.
type source struct {
	room, path string
	imports    []string
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		room, _, nested := strings.Cut(filepath.ToSlash(path), "/")
		if !nested || room == "testdata" || room == "bench" {
			return nil // package main sees everything
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		s := source{room: room, path: path}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, name)
		}
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestImportRules(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		allowed, known := mayImport[s.room]
		if !known {
			t.Errorf("%s: the room %q is not in the plan of the house", s.path, s.room)
			continue
		}
		seen[s.room] = true
		for _, name := range s.imports {
			if complaint := complaint(s.room, name, allowed); complaint != "" {
				t.Errorf("%s imports %s: %s", s.path, name, complaint)
			}
		}
	}
	for room := range mayImport {
		if !seen[room] {
			t.Errorf("the room %q is missing", room)
		}
		if _, err := os.Stat(filepath.Join(room, "doc.go")); err != nil {
			t.Errorf("the room %q has no doc.go", room)
		}
	}
}

// complaint says what is wrong with an import, or returns "".
func complaint(room, name string, allowed []string) string {
	if other, ours := strings.CutPrefix(name, "shoushan/"); ours {
		other, _, _ = strings.Cut(other, "/")
		if other != room && !slices.Contains(allowed, other) {
			return "arrows between rooms point down only"
		}
		return ""
	}
	for prefix, rooms := range onlyIn {
		if (name == prefix || strings.HasPrefix(name, prefix+"/")) && !slices.Contains(rooms, room) {
			return "belongs in " + strings.Join(rooms, ", ")
		}
	}
	if slices.Contains(standardLibraryOnly, room) && strings.Contains(strings.Split(name, "/")[0], ".") {
		return "this room uses the standard library alone"
	}
	return ""
}

func TestImportRulesFindViolations(t *testing.T) {
	tests := []struct{ room, name string }{
		{"storage", "shoushan/bot"},
		{"handlers", "shoushan/storage"},
		{"fault", "shoushan/staff"},
		{"simulator", "shoushan/workday"},
		{"workday", "github.com/6tail/lunar-go/calendar"},
		{"console", "github.com/redis/go-redis/v9"},
		{"disclosure", "net/http"},
	}
	for _, tt := range tests {
		if complaint(tt.room, tt.name, mayImport[tt.room]) == "" {
			t.Errorf("%s importing %s was not found", tt.room, tt.name)
		}
	}
}
