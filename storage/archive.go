package storage

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"shoushan/fault"
)

// archiveFormat names the form of an archive: one JSON object per line. A backup begins with a header and ends with the
// number of lines and a keyed hash over all of them, so that a cut or altered archive is refused. Archives made by hand
// have neither; their texts are in clear.
const archiveFormat = "shoushan-archive/1"

// The kinds of lines beside the kinds of records.
const (
	lineHeader    = "header"
	lineOrgan     = "organ"
	lineProse     = "prose"
	lineNotice    = "notice"
	lineRegisters = "registers"
	lineSetting   = "setting"
	lineSerial    = "serial"
	lineWaiting   = "waiting"
	lineAnchor    = "anchor"
	lineAnchored  = "anchored"
	lineFile      = "file"
	lineKept      = "kept"
	lineDraft     = "draft"
	lineEnd       = "end"
)

// line is one line of an archive.
type line struct {
	Kind   string          `json:"kind"`
	ID     string          `json:"id,omitempty"`     // where the record does not say it itself
	Schema int             `json:"schema,omitempty"` // of a record
	Record json.RawMessage `json:"record,omitempty"`
	Head   string          `json:"head,omitempty"` // of a record's trail
	Seal   string          `json:"seal,omitempty"` // of the record as a whole
	Data   []byte          `json:"data,omitempty"` // what is encrypted as a whole: files, waiting texts, drafts
	Until  time.Time       `json:"until,omitzero"` // when what is kept for a while ends
}

type header struct {
	Format  string    `json:"format"`
	Account string    `json:"account"`
	MadeAt  time.Time `json:"made_at"` // UTC
}

type ending struct {
	Lines  int    `json:"lines"`  // before this one
	Digest string `json:"digest"` // keyed hash over them
}

const archivePurpose = "archive"

// archiveWriter writes lines and ends with their number and digest.
type archiveWriter struct {
	out   *bufio.Writer
	mac   hash.Hash
	lines int
}

func newArchiveWriter(w io.Writer, k dataKey) *archiveWriter {
	return &archiveWriter{out: bufio.NewWriterSize(w, 1<<16), mac: k.mac(archivePurpose)}
}

func (a *archiveWriter) write(l line) error {
	data, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("storage: encode archive line: %w", err)
	}
	data = append(data, '\n')
	a.mac.Write(data)
	a.lines++
	if _, err := a.out.Write(data); err != nil {
		return fmt.Errorf("storage: write archive: %w", err)
	}
	return nil
}

// writeJSON writes a line whose record is v.
func (a *archiveWriter) writeJSON(kind, id string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("storage: encode archive line: %w", err)
	}
	return a.write(line{Kind: kind, ID: id, Record: data})
}

func (a *archiveWriter) end() error {
	e := ending{a.lines, hex.EncodeToString(a.mac.Sum(nil))}
	if err := a.writeJSON(lineEnd, "", e); err != nil {
		return err
	}
	return a.out.Flush()
}

// archiveReader reads lines and, with keys, checks the digest.
type archiveReader struct {
	in     *bufio.Reader
	macs   []hash.Hash
	lines  int
	header *header
	ended  bool
	signed bool // header and ending must be there
}

func newArchiveReader(r io.Reader, ring *keyring) *archiveReader {
	a := &archiveReader{in: bufio.NewReaderSize(r, 1<<16)}
	if ring != nil {
		for _, k := range ring.keys {
			a.macs = append(a.macs, k.mac(archivePurpose))
		}
	}
	return a
}

// next returns the next line that carries something, or io.EOF after the last. A backup that ends without its ending is
// cut off.
func (a *archiveReader) next() (line, error) {
	for {
		data, err := a.in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(bytes.TrimSpace(data)) == 0 {
			return line{}, a.atEnd()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return line{}, fmt.Errorf("storage: read archive: %w", err)
		}
		l, err := a.take(data)
		if err != nil || l.Kind != "" {
			return l, err
		}
	}
}

// take decodes one line; header, ending and empty lines are dealt with here and give a line without a kind.
func (a *archiveReader) take(data []byte) (line, error) {
	var l line
	if len(bytes.TrimSpace(data)) == 0 {
		return l, nil
	}
	if a.ended {
		return l, fault.New(fault.Invalid, "备份文件的结尾之后还有内容，文件可能被改动过。")
	}
	if err := json.Unmarshal(data, &l); err != nil || l.Kind == "" {
		return line{}, fault.Wrap(fault.Invalid, fmt.Errorf("storage: archive line %d: %w", a.lines+1, errors.Join(err, errNoKind)),
			fmt.Sprintf("备份文件第 %d 行读不懂，文件可能不完整。", a.lines+1))
	}
	if l.Kind == lineEnd && a.signed && a.header == nil {
		return line{}, errUnsigned
	}
	if l.Kind == lineEnd {
		return line{}, a.checkEnd(l)
	}
	for _, m := range a.macs {
		m.Write(data)
	}
	a.lines++
	if a.signed && a.header == nil && l.Kind != lineHeader {
		return line{}, errUnsigned
	}
	if l.Kind == lineHeader {
		return line{}, a.checkHeader(l)
	}
	return l, nil
}

var errNoKind = errors.New("no kind")

func (a *archiveReader) checkHeader(l line) error {
	var h header
	if err := json.Unmarshal(l.Record, &h); err != nil || h.Format != archiveFormat {
		return fault.Newf(fault.Invalid, "备份文件的格式是“%s”，本程序只认识“%s”。", h.Format, archiveFormat)
	}
	a.header = &h
	return nil
}

func (a *archiveReader) checkEnd(l line) error {
	var e ending
	if err := json.Unmarshal(l.Record, &e); err != nil || e.Lines != a.lines {
		return fault.Newf(fault.Invalid, "备份文件应有 %d 行，读到 %d 行，文件不完整。", e.Lines, a.lines)
	}
	a.ended = true
	if len(a.macs) == 0 {
		return nil // without a key the digest cannot be told from another
	}
	for _, m := range a.macs {
		if hmac.Equal([]byte(hex.EncodeToString(m.Sum(nil))), []byte(e.Digest)) {
			return nil
		}
	}
	return fault.New(fault.Invalid, "备份文件与它的校验码不符：文件被改动过，或者数据密钥不是备份时的那一把。")
}

var errUnsigned = fault.New(fault.Invalid, "这个文件没有备份的开头和结尾，不是 shoushan backup 写出的备份，不能确认没有被改动过。"+
	"确实是自己整理的数据，请用 shoushan restore --unsigned 恢复。")

func (a *archiveReader) atEnd() error {
	if a.signed && a.header == nil {
		return errUnsigned
	}
	if a.header != nil && !a.ended {
		return fault.New(fault.Invalid, "备份文件没有结尾，文件不完整，请换一份备份。")
	}
	return io.EOF
}

// madeAt is the time of the backup, or otherwise for an archive made by hand.
func (a *archiveReader) madeAt(otherwise time.Time) time.Time {
	if a.header == nil {
		return otherwise
	}
	return a.header.MadeAt
}
