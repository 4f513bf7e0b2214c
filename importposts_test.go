package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"shoushan/storage"
)

const itemsCSV = "渠道,标题,类型,来源,发布时间,链接\n公众号,防汛演练,原创,,2021-05-17 09:30,https://mp.weixin.qq.com/s/1\n公众号,转发通知,转载,新华社,2021-05-18,\n公众号,没有来源,转载,,2021-05-18,\n"

// TestImportPosts runs the command on real files against a store: preview, import, import again.
func TestImportPosts(t *testing.T) {
	memory, err := storage.StartMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = memory.Stop() })
	dir := t.TempDir()
	env := map[string]string{
		"REDIS_URL": memory.URL(), "DATA_DIR": dir, "DATA_KEY": base64.StdEncoding.EncodeToString([]byte("01234567890123456789012345678901")),
	}
	call := func(args ...string) (string, error) {
		out := &lines{}
		err := run(t.Context(), append([]string{"import", "posts"}, args...), func(name string) string { return env[name] }, out, &lines{})
		return out.String(), err
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(itemsCSV)
	if err != nil {
		t.Fatal(err)
	}
	plain, old, book := filepath.Join(dir, "a.csv"), filepath.Join(dir, "gb.csv"), filepath.Join(dir, "a.xlsx")
	for path, text := range map[string]string{plain: "\ufeff" + itemsCSV, old: gb, filepath.Join(dir, "a.txt"): itemsCSV} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	writeBook(t, book)
	steps := []struct {
		name string
		args []string
		want []string
		fail bool
	}{
		{"preview stores nothing", []string{plain, "--preview"}, []string{"第 2 行  新增", "第 4 行  有错误", "来源", "预览：共 3 行"}, false},
		{"import", []string{plain}, []string{"导入 2 篇，已有 0 篇，有错误的 1 行"}, true},
		{"the same in an old encoding", []string{old}, []string{"第 2 行  已有", "导入 0 篇，已有 2 篇"}, true},
		{"a spreadsheet of the portal site", []string{book, "--channel", "portal"}, []string{"导入 1 篇，已有 0 篇，有错误的 0 行"}, false},
		{"the spreadsheet again", []string{book, "--channel", "portal"}, []string{"导入 0 篇，已有 1 篇"}, false},
		{"another kind of file", []string{filepath.Join(dir, "a.txt")}, nil, true},
		{"no file", []string{filepath.Join(dir, "none.csv")}, nil, true},
		{"an unknown member", []string{plain, "--by", "nobody"}, nil, true},
	}
	for _, s := range steps {
		out, err := call(s.args...)
		if (err != nil) != s.fail {
			t.Errorf("%s: error = %v, said %s", s.name, err, out)
		}
		for _, w := range s.want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: said %q, want %q", s.name, out, w)
			}
		}
	}
}

func writeBook(t *testing.T, path string) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"标题", "类型", "发布时间"}, {"网站公告", "原创", 44333.5}} {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = f.SetSheetRow("Sheet1", cell, &row)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}
