package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/report"
)

// pdfLimit bounds one conversion; LibreOffice takes a few seconds to start.
const pdfLimit = 2 * time.Minute

// soffice is where LibreOffice is, "" when it is not installed.
func soffice() string {
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// writePDF has LibreOffice turn the Word document into PDF. Without it, it says what to do instead.
func writePDF(w io.Writer, a report.Annual) error {
	bin := soffice()
	if bin == "" {
		return fault.New(fault.Unavailable, "这台机器没有安装 LibreOffice，不能直接生成 PDF。请导出 DOCX 或网页，在电脑上另存为 PDF。")
	}
	dir, err := os.MkdirTemp("", "shoushan-pdf-")
	if err != nil {
		return fmt.Errorf("make a folder for the PDF: %w", err)
	}
	defer os.RemoveAll(dir)
	var docx bytes.Buffer
	if err := report.WriteDOCX(&docx, a); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "report.docx"), docx.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the document for the PDF: %w", err)
	}
	data, err := convert(bin, dir)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "LibreOffice 没有生成 PDF，请导出 DOCX，在电脑上另存为 PDF。")
	}
	_, err = w.Write(data)
	return err
}

// convert runs LibreOffice on report.docx in dir, with a profile of its own, so that a running one is not disturbed.
func convert(bin, dir string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), pdfLimit)
	defer cancel()
	profile := "-env:UserInstallation=file://" + filepath.Join(dir, "profile")
	cmd := exec.CommandContext(ctx, bin, profile, "--headless", "--convert-to", "pdf", "--outdir", dir, filepath.Join(dir, "report.docx"))
	cmd.Env = append(os.Environ(), "HOME="+dir)
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("soffice: %w: %s", err, bytes.TrimSpace(said))
	}
	return os.ReadFile(filepath.Join(dir, "report.pdf"))
}

// fontPlaces are where systems keep fonts with Chinese characters, regular before bold.
var fontPlaces = [2][]string{
	{
		"/usr/share/fonts/*/noto*/NotoSansCJK*-Regular.*", "/usr/share/fonts/*/*/NotoSansCJK*-Regular.*", "/usr/share/fonts/*/NotoSansSC*-Regular.*",
		"/usr/share/fonts/*/*/SourceHanSans*-Regular.*", "/usr/share/fonts/truetype/wqy/wqy-*.ttc", "/usr/share/fonts/*/*/DroidSansFallback*.ttf",
		"/System/Library/Fonts/STHeiti Light.ttc", "/System/Library/Fonts/Hiragino Sans GB.ttc", "C:/Windows/Fonts/msyh.ttc", "C:/Windows/Fonts/simhei.ttf",
	},
	{
		"/usr/share/fonts/*/noto*/NotoSansCJK*-Bold.*", "/usr/share/fonts/*/*/NotoSansCJK*-Bold.*", "/usr/share/fonts/*/*/SourceHanSans*-Bold.*",
		"/System/Library/Fonts/STHeiti Medium.ttc", "C:/Windows/Fonts/msyhbd.ttc",
	},
}

// chineseFonts reads the fonts of this machine for the picture.
func chineseFonts() (report.Fonts, error) {
	regular, bold := findFont(fontPlaces[0]), findFont(fontPlaces[1])
	if regular == "" {
		return report.Fonts{}, fault.New(fault.Unavailable, "这台机器没有中文字体，不能生成 PNG 图片。请安装一种（例如 apt-get install fonts-noto-cjk），或者改用 SVG。")
	}
	var fonts report.Fonts
	var err error
	if fonts.Regular, err = os.ReadFile(regular); err != nil {
		return fonts, fmt.Errorf("read the font: %w", err)
	}
	if bold != "" {
		if fonts.Bold, err = os.ReadFile(bold); err != nil {
			return fonts, fmt.Errorf("read the font: %w", err)
		}
	}
	return fonts, nil
}

func findFont(patterns []string) string {
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err == nil && len(found) > 0 && !strings.HasSuffix(found[0], ".pcf.gz") {
			return found[0]
		}
	}
	return ""
}

// writePNG draws the picture with this machine's fonts.
func writePNG(w io.Writer, a report.Annual) error {
	fonts, err := chineseFonts()
	if err != nil {
		return err
	}
	return report.WritePNG(w, a, fonts)
}
