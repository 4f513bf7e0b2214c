package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"shoushan/fault"
	"shoushan/report"
	"shoushan/storage"
)

// publicReports shows citizens the sealed reports (条例第四十九条、第五十条), and nothing that was altered since.
type publicReports struct{ store *storage.Store }

// Years lists the years whose report is published, newest first.
func (p publicReports) Years(ctx context.Context) ([]int, error) {
	editions, err := p.store.EditionsOnRecord(ctx)
	var years []int
	for _, e := range editions {
		if s, ok := e.Published(); ok && sealedPage(s) != nil {
			years = append(years, e.Year)
		}
	}
	slices.Reverse(years)
	return years, err
}

// HTML returns the page of the version that is published now.
func (p publicReports) HTML(ctx context.Context, year int) ([]byte, error) {
	none := fault.New(fault.NotFound, "这里没有这一年的年度报告。")
	e, err := p.store.Edition(ctx, year)
	if fault.Is(err, fault.NotFound) {
		return nil, none
	}
	if err != nil {
		return nil, err
	}
	seal, _ := e.Published()
	file := sealedPage(seal)
	if file == nil {
		return nil, none
	}
	if err := e.VerifySeals(); err != nil {
		return nil, err
	}
	page, err := p.store.File(ctx, file.ID)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(page); hex.EncodeToString(sum[:]) != file.SHA256 {
		return nil, fmt.Errorf("the page of the sealed report of %d does not match its hash", year)
	}
	return page, nil
}

// sealedPage returns the seal's page, or nil.
func sealedPage(s report.Seal) *report.SealedFile {
	at := slices.IndexFunc(s.Files, func(f report.SealedFile) bool { return f.Name == "report.html" })
	if at < 0 {
		return nil
	}
	return &s.Files[at]
}
