package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/storage"
)

// importPostsCommand is `shoushan import posts`.
type importPostsCommand struct {
	File    string `arg:"" help:"Items that were published before or elsewhere: .csv or .xlsx with a line of headings."`
	Channel string `enum:"account,portal" default:"account" help:"Where they appeared, for files without the column 渠道: account or portal."`
	Preview bool   `help:"Say what would be imported, and store nothing."`
	By      string `placeholder:"LOGIN" help:"The member who imports; without it the trail names the command line."`
}

// Help shows an example.
func (importPostsCommand) Help() string {
	return "Example: shoushan import posts 2021年推送.xlsx --preview\n" +
		"Headings: " + strings.Join(posts.ImportHeadings(), " ") + ". 标题, 类型 (原创 or 转载) and 发布时间 are needed.\n" +
		"Lines with mistakes are named and left out, the others imported; the same file may be imported again."
}

// Run imports the file.
func (c *importPostsCommand) Run(s *surroundings) (err error) {
	table, err := readTable(c.File)
	if err != nil {
		return err
	}
	cfg, err := LoadConfig(s.getenv)
	if err != nil {
		return err
	}
	opened, err := openRunning(s.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	by, err := c.member(s, opened.store)
	if err != nil {
		return err
	}
	newsroom := &posts.Newsroom{Shelf: opened.store, Files: opened.store, Cabinet: opened.store, Now: (&clock{}).Now}
	return c.run(s, newsroom, by, table)
}

func (c *importPostsCommand) member(s *surroundings, store *storage.Store) (staff.Member, error) {
	if c.By == "" {
		return staff.Member{ID: "command-line", Name: "命令行", Roles: []staff.Role{staff.Approver}}, nil
	}
	return store.Member(s.ctx, c.By)
}

func (c *importPostsCommand) run(s *surroundings, newsroom *posts.Newsroom, by staff.Member, table [][]string) error {
	rows, err := newsroom.ReadImport(s.ctx, table, posts.Channel(c.Channel))
	if err != nil {
		return err
	}
	wrong := printRows(s.stdout, rows)
	if c.Preview {
		_, err := fmt.Fprintf(s.stdout, "预览：共 %d 行，没有保存。\n", len(rows))
		return err
	}
	done, err := newsroom.Import(s.ctx, by, rows)
	fmt.Fprintf(s.stdout, "导入 %d 篇，已有 %d 篇，有错误的 %d 行没有导入。\n", len(done.Added), done.Known, done.Refused)
	if err == nil && wrong > 0 {
		return errReported
	}
	return err
}

// printRows lists what was understood and what is wrong, and returns how many lines have mistakes.
func printRows(w io.Writer, rows []posts.ImportRow) (wrong int) {
	for _, r := range rows {
		switch {
		case len(r.Wrong) > 0:
			wrong++
			fmt.Fprintf(w, "第 %d 行  有错误  %s  %s\n", r.Line, r.Content.Title, strings.Join(r.Wrong, ""))
		case r.Known != "":
			fmt.Fprintf(w, "第 %d 行  已有    %s\n", r.Line, r.Content.Title)
		default:
			fmt.Fprintf(w, "第 %d 行  新增    %s  %s  %s\n", r.Line, r.Channel.Chinese(), r.Content.Origin.Chinese(), r.Content.Title)
		}
	}
	return wrong
}

// readTable reads a file of items.
func readTable(path string) ([][]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if info.Size() > posts.MaxTableBytes {
		return nil, fault.New(fault.Invalid, "文件超过 64 MB，请分成几个文件。")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	return posts.ReadTable(path, data)
}
