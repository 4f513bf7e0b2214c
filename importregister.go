package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/storage"
)

// importCommand is `shoushan import`.
type importCommand struct {
	Posts    importPostsCommand    `cmd:"" help:"Import items that were published before or elsewhere, of the account or the portal site."`
	Register importRegisterCommand `cmd:"" help:"Import a register of table 二 or table 四: normative documents, decisions, charges, remedies, fees."`
}

// importRegisterCommand is `shoushan import register`.
type importRegisterCommand struct {
	File    string `arg:"" help:"The register: .csv or .xlsx with a line of headings."`
	Preview bool   `help:"Say what would be imported, and store nothing."`
	By      string `placeholder:"LOGIN" help:"The member who imports; without it the trail names the command line."`
}

// Help shows an example.
func (importRegisterCommand) Help() string {
	return "Example: shoushan import register 2026台账.xlsx --preview\n" +
		"Headings: 类别 名称 文号 链接 日期 废止（审结）日期 金额（万元） 结果. One bad line refuses the whole file; the same file may be imported again."
}

// commandLine is who imports when no member is named: whoever may run this program on this machine.
var commandLine = staff.Member{ID: "command-line", Name: "命令行", Roles: []staff.Role{staff.RequestDesk}}

// Run imports the file.
func (c *importRegisterCommand) Run(s *surroundings) (err error) {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read the register: %w", err)
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
	organ, err := storedOrgan(s, opened.store, cfg)
	if err != nil {
		return err
	}
	by := commandLine
	if c.By != "" {
		if by, err = opened.store.Member(s.ctx, c.By); err != nil {
			return err
		}
	}
	done, err := c.run(s, newClerk(opened.store, organ, &clock{}), by, filepath.Base(c.File), data)
	if printErr := printImport(s.stdout, done, c.Preview); printErr != nil {
		return printErr
	}
	return err
}

func (c *importRegisterCommand) run(s *surroundings, clerk *report.Clerk, by staff.Member, name string, data []byte) (report.Import, error) {
	if c.Preview {
		return clerk.PreviewFile(s.ctx, name, data)
	}
	return clerk.ImportFile(s.ctx, by, name, data)
}

// storedOrgan is the configured organ, else the one that lies beside the records.
func storedOrgan(s *surroundings, store *storage.Store, cfg Config) (disclosure.Organ, error) {
	if cfg.OrganFile != "" {
		return LoadOrgan(cfg.OrganFile)
	}
	organ, err := store.Organ(s.ctx)
	if fault.Is(err, fault.NotFound) {
		return disclosure.Organ{}, nil
	}
	return organ, err
}

func newClerk(store *storage.Store, organ disclosure.Organ, clock *clock) *report.Clerk {
	return &report.Clerk{Register: store, Organ: organ, Now: clock.Now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }}
}

// printImport lists bad and changed lines and ends with the sum.
func printImport(w io.Writer, done report.Import, preview bool) error {
	if len(done.Lines) == 0 {
		return nil
	}
	for _, l := range done.Lines {
		text := l.Problem
		if l.Kind == report.ImportUnchanged {
			continue
		}
		if text == "" {
			text = string(l.Entry.Kind) + " " + l.Entry.Title + " " + l.Entry.Number
		}
		if _, err := fmt.Fprintf(w, "%s%d 行  %s  %s\n", l.Sheet, l.Line, l.Kind.Chinese(), text); err != nil {
			return err
		}
	}
	verb := "导入："
	if preview || done.Count(report.ImportRefused) > 0 {
		verb = "没有保存："
	}
	_, err := fmt.Fprintf(w, "%s%s。\n", verb, done.Summary())
	return err
}
