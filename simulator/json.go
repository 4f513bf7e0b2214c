package simulator

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// DataFormat is how callbacks are written (数据格式), a setting of the account besides the encryption.
type DataFormat string

// The two formats.
const (
	XML  DataFormat = "xml"
	JSON DataFormat = "json"
)

// document writes the fields of a callback.
func (f DataFormat) document(fields []node) string {
	if f == JSON {
		return jsonObject(fields)
	}
	return document(fields)
}

// contentType is the header of a callback.
func (f DataFormat) contentType() string {
	if f == JSON {
		return "application/json"
	}
	return "text/xml"
}

// pretty indents a callback for reading.
func (f DataFormat) pretty(fields []node) string {
	if f != JSON {
		return pretty(document(fields))
	}
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(jsonObject(fields)), "", "  "); err != nil {
		return jsonObject(fields)
	}
	return out.String()
}

// jsonObject writes fields as the platform does in JSON: what stands in CDATA is a string, a number a number, and a field that
// comes more than once a list; of one it makes no list, whatever it is at other times.
func jsonObject(fields []node) string {
	var names []string
	values := map[string][]string{}
	for _, n := range fields {
		if !slices.Contains(names, n.name) {
			names = append(names, n.name)
		}
		values[n.name] = append(values[n.name], n.jsonValue())
	}
	var members []string
	for _, name := range names {
		value := strings.Join(values[name], ",")
		if len(values[name]) > 1 {
			value = "[" + value + "]"
		}
		members = append(members, quoted(name)+":"+value)
	}
	return "{" + strings.Join(members, ",") + "}"
}

func (n node) jsonValue() string {
	switch {
	case n.cdata:
		return quoted(n.value)
	case n.value != "":
		return n.value
	}
	return jsonObject(n.children)
}

func quoted(s string) string {
	b, _ := encode(s) // a string is always encoded
	return string(b)
}
