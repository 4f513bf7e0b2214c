package bot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

var errXML = errors.New("bot: not the XML of a message")

// fields are the texts of the elements directly under the root, by name, first occurrence; and of the one level below
// for the few that have a meaning.
type fields map[string]string

// parseFields reads a flat XML body. Unknown, nested and repeated elements are skipped; what is not XML is an error.
func parseFields(body []byte) (fields, error) {
	if f, ok := flatFields(body); ok {
		return f, nil
	}
	return anyFields(body)
}

// anyFields reads token by token and keeps no tree, so that depth costs nothing.
func anyFields(body []byte) (fields, error) {
	d := lenientDecoder(body)
	out := make(fields, 16)
	var name string
	var text []byte
	depth, seen := 0, 0
	for {
		t, err := d.RawToken()
		if err != nil {
			return out, endOfFields(err, depth, seen)
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			seen++
			if depth == 2 {
				name, text = t.Name.Local, nil
			}
		case xml.CharData:
			if depth == 2 {
				text = append(text, t...)
			}
		case xml.EndElement:
			if depth == 2 {
				out.add(name, text)
			}
			depth--
		}
	}
}

// endOfFields turns the end of the tokens into nil when the document was whole.
func endOfFields(err error, depth, seen int) error {
	if errors.Is(err, io.EOF) && depth == 0 && seen > 0 {
		return nil
	}
	return errXML
}

func (f fields) add(name string, text []byte) {
	if _, there := f[name]; !there {
		f[name] = string(text)
	}
}

func (f fields) get(name string) string { return strings.TrimSpace(f[name]) }

// first returns the first of the names that has a text: Tencent spells MsgId and MsgID.
func (f fields) first(names ...string) string {
	for _, n := range names {
		if v := f.get(n); v != "" {
			return v
		}
	}
	return ""
}

// number reads a number leniently: what is not a number is zero, and never a reason to lose the message.
func (f fields) number(name string) float64 {
	v, err := strconv.ParseFloat(f.get(name), 64)
	if err != nil || v != v {
		return 0
	}
	return v
}

// integer is number for what is counted; a fraction or what does not fit is zero.
func (f fields) integer(name string) int64 {
	v, err := strconv.ParseInt(f.get(name), 10, 64)
	if err != nil {
		return 0
	}
	return v
}

// time reads seconds since 1970, zero time when there are none or they are absurd.
func (f fields) time(name string) time.Time {
	s, err := strconv.ParseInt(f.get(name), 10, 64)
	if err != nil || s <= 0 || s > 1<<40 {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

// lenientDecoder reads XML that people typed into: unknown entities, wrong UTF-8 and control characters are no errors.
func lenientDecoder(body []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(cleaned(body)))
	d.Strict = false
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	return d
}

// cleaned returns the body without characters that XML forbids; the body itself when there are none.
func cleaned(body []byte) []byte {
	if clean(body) {
		return body
	}
	return bytes.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, bytes.ToValidUTF8(body, []byte("\uFFFD")))
}

// clean reports whether the body is UTF-8 without characters that XML forbids.
func clean(body []byte) bool {
	for _, b := range body {
		if b < 0x20 && forbidden(rune(b)) {
			return false
		}
	}
	return utf8.Valid(body) && !bytes.Contains(body, []byte("\uFFFE")) && !bytes.Contains(body, []byte("\uFFFF"))
}

func forbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// parseMessage reads a decrypted body.
func parseMessage(body []byte) (Message, error) {
	f, err := parseFields(body)
	if err != nil {
		return Message{}, err
	}
	m := Message{
		ID: f.first("MsgId"), From: f.get("FromUserName"), To: f.get("ToUserName"),
		CreatedAt: f.time("CreateTime"), Type: Type(f.get("MsgType")), Text: f["Content"], MenuItemID: f.get("bizmsgmenuid"),
		MediaID: f.get("MediaId"), PicURL: f.get("PicUrl"),
		Link:  Link{f.get("Title"), f.get("Description"), f.get("Url")},
		Event: Event(f.get("Event")), EventKey: f.get("EventKey"), Ticket: f.get("Ticket"),
		MsgDataID: f.get("MsgDataId"), Idx: int(f.integer("Idx")), Raw: body,
	}
	m.addDetails(f)
	return m, nil
}

// addDetails reads what only some types have.
func (m *Message) addDetails(f fields) {
	switch m.Type {
	case "shortvideo":
		m.Type, m.ThumbID = VideoMessage, f.get("ThumbMediaId")
	case VideoMessage:
		m.ThumbID = f.get("ThumbMediaId")
	case VoiceMessage:
		m.Format, m.MediaID16K, m.Recognized = f.get("Format"), f.get("MediaId16K"), f.get("Recognition")
	case LocationMessage:
		m.Location = Location{Latitude: f.number("Location_X"), Longitude: f.number("Location_Y"), Scale: int(f.integer("Scale")), Label: f.get("Label")}
	case FileMessage:
		m.File = File{f.get("FileKey"), f.get("FileMd5"), f.integer("FileTotalLen")}
	case EventMessage:
		m.ID, m.MenuID = "", f.get("MenuId")
		if m.Event == WhereAbouts {
			m.Location = Location{Latitude: f.number("Latitude"), Longitude: f.number("Longitude"), Precision: f.number("Precision")}
		}
	default: // text, pictures and links have no more; what is unknown is not read
	}
}
