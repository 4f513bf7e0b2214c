// Command shoushan is 首善, the back end of a township's WeChat Official Account: disclosure on request in chat, reviewed
// and scheduled news, statutory clocks, and the annual report with every figure traceable.
//
// Package main is the command line and the only place where all rooms meet.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"shoushan/fault"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintln(os.Stderr, "shoushan:", told(err))
		}
		os.Exit(1)
	}
}

// told is an error as the terminal shows it: the kind of a fault is for logs and doors, not for a person.
func told(err error) string {
	if f, is := errors.AsType[*fault.Error](err); is {
		return strings.Replace(err.Error(), f.Kind.String()+": ", "", 1)
	}
	return err.Error()
}

// errReported ends the program with status 1 after the command has printed what is wrong itself.
var errReported = errors.New("reported")

// commands is the command line; each field is one command of the contract in the README.
type commands struct {
	Demo     demoCommand     `cmd:"" help:"Everything on this machine, no WeChat account needed."`
	Serve    serveCommand    `cmd:"" help:"The real service, configured by environment variables (NAME or NAME_FILE)."`
	Simulate simulateCommand `cmd:"" help:"The WeChat platform alone, for any client."`
	Doctor   doctorCommand   `cmd:"" help:"Check configuration, Redis durability, token, callback, audit trails; exit 1 on any failure."`
	Health   healthCommand   `cmd:"" help:"Ask the running service whether it is well (HEALTHCHECK)."`
	User     userCommand     `cmd:"" help:"Add, list, disable members, or reset a password."`
	Import   importCommand   `cmd:"" help:"Read records from a file (.csv, .xlsx)."`
	Tally    tallyCommand    `cmd:"" help:"The figures of a year."`
	Report   reportCommand   `cmd:"" help:"Write the annual report as DOCX, HTML, XLSX or JSON."`
	Check    checkCommand    `cmd:"" help:"Check any organ's annual report; exit 1 on any FAIL."`
	Deadline deadlineCommand `cmd:"" help:"When a reply is due, and why."`
	Backup   backupCommand   `cmd:"" help:"Write all records and files into an archive."`
	Restore  restoreCommand  `cmd:"" help:"Read an archive into an empty store."`
}

// surroundings is what every command gets from outside.
type surroundings struct {
	ctx            context.Context
	getenv         func(string) string
	stdout, stderr io.Writer
}

// run is the whole program. It returns when the command is done or ctx ends.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (err error) {
	// kong ends --help by calling exit; leaving by panic keeps run usable from tests.
	type exited int
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exited:
			if r != 0 {
				err = errReported
			}
		default:
			panic(r)
		}
	}()
	parser, err := kong.New(&commands{},
		kong.Name("shoushan"),
		kong.Description("首善：乡镇公众号后台。依申请公开、新闻发布、法定期限、年度报告。\nStart here: shoushan demo"),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.UsageOnError(),
	)
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return fmt.Errorf("%w; see: shoushan %s--help", err, firstWord(args))
	}
	return command.Run(&surroundings{ctx, getenv, stdout, stderr})
}

// firstWord returns the command that was tried, with a space behind it.
func firstWord(args []string) string {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return ""
	}
	return args[0] + " "
}
