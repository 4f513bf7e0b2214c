package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/storage"
)

// tallyCommand is `shoushan tally`.
type tallyCommand struct {
	Year int    `required:"" help:"The year to count."`
	JSON bool   `name:"json" help:"Print JSON."`
	From string `placeholder:"ARCHIVE" help:"Answer from a backup file, with no server at all."`
}

// Help shows an example.
func (tallyCommand) Help() string {
	return "Example: shoushan tally --year 2021 --json --from testdata/chongwen-2021.ndjson"
}

// Run prints the year's figures.
func (c *tallyCommand) Run(s *surroundings) error {
	tally, err := c.tally(s)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.stdout, tally)
	}
	_, err = fmt.Fprintf(s.stdout, "%d 年\n  公众号原创 %d 条，转载 %d 条\n  门户网站 %d 条\n  依申请公开：新收 %d 件\n",
		c.Year, tally.Account.Original, tally.Account.Repost, tally.Portal.Items, tally.Requests.New)
	return err
}

// tally counts an archive's records, or asks the indexes of the configured store.
func (c *tallyCommand) tally(s *surroundings) (tally report.Tally, err error) {
	if c.From != "" {
		r, err := readRecords(c.From, c.Year)
		return report.NewTally(c.Year, r.records.Posts, r.records.Requests), err
	}
	cfg, err := LoadConfig(s.getenv)
	if err != nil {
		return tally, err
	}
	opened, err := openRunning(s.ctx, cfg)
	if err != nil {
		return tally, fmt.Errorf("%w; to answer from a backup file use --from", err)
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	if err := opened.store.EnsureFigures(s.ctx); err != nil {
		return tally, err
	}
	return opened.store.Tally(s.ctx, c.Year)
}

// yearRecords is what a year's figures are counted from.
type yearRecords struct {
	organ   disclosure.Organ
	prose   report.Prose
	records report.Records
	edition report.Edition // empty when nobody has worked on the report here
}

func (r yearRecords) draft(year int) (report.Annual, error) {
	return report.Draft(year, r.organ, r.prose, r.records)
}

// records reads an archive when one is named, else the configured store.
func (s *surroundings) records(archive string, year int) (found yearRecords, err error) {
	if archive != "" {
		return readRecords(archive, year)
	}
	cfg, err := LoadConfig(s.getenv)
	if err != nil {
		return yearRecords{}, err
	}
	opened, err := openRunning(s.ctx, cfg)
	if err != nil {
		return yearRecords{}, fmt.Errorf("%w; to answer from a backup file use --from", err)
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	organ, err := LoadOrgan(cfg.OrganFile)
	if err != nil {
		return yearRecords{}, err
	}
	return storedRecords(s.ctx, opened.store, organ, year)
}

func readRecords(path string, year int) (yearRecords, error) {
	file, err := os.Open(path)
	if err != nil {
		return yearRecords{}, fmt.Errorf("open the archive: %w", err)
	}
	defer file.Close()
	archive, err := storage.ReadArchive(file)
	if err != nil {
		return yearRecords{}, fmt.Errorf("%s: %w", path, err)
	}
	r := yearRecords{
		prose:   report.DefaultProse(year),
		records: report.Records{Posts: archive.Posts, Requests: archive.Requests, Registers: archive.Registers},
	}
	if archive.Organ != nil {
		r.organ = *archive.Organ
	}
	if prose, ok := archive.Prose[year]; ok {
		r.prose = prose
	}
	for _, e := range archive.Editions {
		if e.Year == year {
			r.prose, r.edition = e.Prose, e
		}
	}
	return r, nil
}

func storedRecords(ctx context.Context, store *storage.Store, organ disclosure.Organ, year int) (yearRecords, error) {
	published, errPosts := store.Posts(ctx, posts.Query{PublishedYear: year})
	requests, errRequests := store.Requests(ctx, disclosure.Query{})
	registers, errRegisters := store.Registers(ctx)
	prose, edition, errProse := yearProse(ctx, store, year)
	records := report.Records{Posts: published, Requests: requests, Registers: registers}
	return yearRecords{organ, prose, records, edition}, errors.Join(errPosts, errRequests, errRegisters, errProse)
}

// yearProse returns the text of a year's report with the edition that it belongs to: what staff wrote for it, else what was
// on record before, else the usual start.
func yearProse(ctx context.Context, store *storage.Store, year int) (report.Prose, report.Edition, error) {
	edition, err := store.Edition(ctx, year)
	if err == nil {
		return edition.Prose, edition, nil
	}
	if !fault.Is(err, fault.NotFound) {
		return report.Prose{}, report.Edition{}, err
	}
	prose, err := store.Prose(ctx, year)
	return prose, report.Edition{}, err
}
