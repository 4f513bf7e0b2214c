package main

import (
	"bytes"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shoushan/fault"
	"shoushan/report"
)

func archived(t *testing.T, out string) (said string, err error) {
	t.Helper()
	return shoushan(t, "report", "--year", "2021", "--from", "testdata/chongwen-2021.ndjson", "--out", out)
}

func TestReportAsPDF(t *testing.T) {
	if soffice() == "" {
		t.Skip("LibreOffice is not installed: the conversion did not run")
	}
	out := filepath.Join(t.TempDir(), "r.pdf")
	if said, err := archived(t, out); err != nil {
		t.Fatalf("report = %v\n%s", err, said)
	}
	data, err := os.ReadFile(out)
	if err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) || len(data) < 20_000 {
		t.Errorf("r.pdf has %d bytes (%v) and begins with %.8q", len(data), err, data)
	}
}

func TestReportAsPDFWithoutLibreOffice(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	out := filepath.Join(t.TempDir(), "r.pdf")
	_, err := archived(t, out)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Message(err), "DOCX") {
		t.Errorf("report = %v, want a sentence that names DOCX", err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was written all the same")
	}
	for _, f := range sealedFormats() {
		if f.Extension == "pdf" {
			t.Error("PDF is offered without LibreOffice")
		}
	}
}

func TestReportAsPicture(t *testing.T) {
	out := filepath.Join(t.TempDir(), "r.png")
	_, missing := chineseFonts()
	_, err := archived(t, out)
	if missing != nil {
		if fault.Message(err) != fault.Message(missing) {
			t.Errorf("without a font: %v, want %v", err, missing)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if img, err := png.Decode(file); err != nil || img.Bounds().Dx() != 1080 {
		t.Errorf("r.png: %v", err)
	}
}

func TestNoFontIsASentence(t *testing.T) {
	before := fontPlaces
	t.Cleanup(func() { fontPlaces = before })
	fontPlaces[0] = []string{filepath.Join(t.TempDir(), "*")}
	if err := writePNG(io.Discard, report.Annual{Organ: "某镇", Year: 2025}); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Message(err), "SVG") {
		t.Errorf("writePNG = %v, want a sentence that names SVG", err)
	}
}
