package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shoushan/storage"
)

// withStore returns the environment of a store in memory.
func withStore(t *testing.T) func(string) string {
	t.Helper()
	memory, err := storage.StartMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = memory.Stop() })
	return environment("REDIS_URL", memory.URL(), "DATA_DIR", t.TempDir(), "DATA_KEY", base64.StdEncoding.EncodeToString(make([]byte, 32)))
}

// commandIn runs a command in an environment.
func commandIn(t *testing.T, env func(string) string, args ...string) (string, error) {
	t.Helper()
	var out lines
	err := run(t.Context(), args, env, &out, &out)
	return out.String(), err
}

func TestImportRegister(t *testing.T) {
	env := withStore(t)
	file := filepath.Join(t.TempDir(), "台账.csv")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := "类别,名称,文号,日期\n行政规范性文件,扬尘管理办法,崇政发〔2021〕3号,2021-03-01\n行政处罚,占道经营,,2021-04-01\n"
	steps := []struct {
		name, text string
		more       []string
		want       string
		fails      bool
	}{
		{"preview", good, []string{"--preview"}, "没有保存：新增 2 条", false},
		{"import", good, nil, "导入：新增 2 条，修改 0 条，无变化 0 条", false},
		{"again", good, nil, "导入：新增 0 条，修改 0 条，无变化 2 条", false},
		{"a bad line", good + "行政许可,某某,,明天\n", nil, "4 行  有错  日期“明天”看不懂", true},
		{"an unknown member", good, []string{"--by", "nobody"}, "没有登录名为“nobody”", true},
		{"no headings", "1,2\n", nil, "找不到表头", true},
	}
	for _, step := range steps {
		write(step.text)
		said, err := commandIn(t, env, append([]string{"import", "register", file}, step.more...)...)
		if err != nil {
			said += err.Error()
		}
		if (err != nil) != step.fails || !strings.Contains(said, step.want) {
			t.Errorf("%s: %v\n%s\nwant %q", step.name, err, said, step.want)
		}
	}
	out := filepath.Join(t.TempDir(), "r.json")
	if said, err := commandIn(t, withOrgan(env), "report", "--year", "2021", "--out", out); err != nil {
		t.Fatalf("report = %v\n%s", err, said)
	}
	a, err := readReport(out)
	if err != nil || a.Cells()["t2.行政规范性文件.made"].String() != "1" || a.Cells()["t2.行政处罚"].String() != "1" {
		t.Errorf("the report counts %v and %v (%v)", a.Cells()["t2.行政规范性文件.made"], a.Cells()["t2.行政处罚"], err)
	}
}

// withOrgan adds the example's organ to an environment.
func withOrgan(env func(string) string) func(string) string {
	return func(name string) string {
		if name == "ORGAN_FILE" {
			return "testdata/organ.json"
		}
		return env(name)
	}
}
