package simulator

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// The parts that the published vectors prove.
var (
	Sign   = sign
	AESKey = aesKey
	Seal   = seal
	Unseal = unseal
	DrawQR = drawQR
)

// FieldCounts tells how many fields the state has, and how many of them the file holds.
func FieldCounts() (inState, inFile int) {
	return reflect.TypeFor[state]().NumField(), reflect.TypeFor[saved]().NumField()
}

// HiddenFields lists the fields of what is kept that a JSON file would leave out without a word.
func HiddenFields() []string {
	seen, hidden := map[reflect.Type]bool{}, []string{}
	var visit func(reflect.Type)
	visit = func(t reflect.Type) {
		switch {
		case t.Kind() == reflect.Map || t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer:
			visit(t.Elem())
		case t.Kind() == reflect.Struct && !seen[t] && t != reflect.TypeFor[time.Time]():
			seen[t] = true
			for f := range t.Fields() {
				if !f.IsExported() && !f.Anonymous {
					hidden = append(hidden, t.Name()+"."+f.Name)
				}
				visit(f.Type)
			}
		}
	}
	visit(reflect.TypeFor[saved]())
	return hidden
}

// ControlCalls lists the paths of the control API.
func ControlCalls(s *Server) []string {
	var paths []string
	for _, c := range s.controlCalls() {
		paths = append(paths, c.Path)
	}
	return paths
}

// ControlExample is a call of the control API as its page shows it.
type ControlExample struct{ Method, Path, Example string }

// ControlExamples lists the control API as its page shows it.
func ControlExamples(s *Server) []ControlExample {
	var list []ControlExample
	for _, c := range s.controlCalls() {
		list = append(list, ControlExample{c.Method, c.Path, c.Example})
	}
	return list
}

// SettingNames lists the settings by their JSON names.
func SettingNames() []string { return fieldNames(reflect.TypeFor[Settings]()) }

// FaultKinds lists the failures.
func FaultKinds() []string {
	var names []string
	for _, kind := range append(append([]FaultKind{}, apiFaults...), callbackFaults...) {
		names = append(names, string(kind))
	}
	return names
}

// APIPaths lists the simulated API.
func APIPaths() []string {
	var paths []string
	for _, e := range endpoints() {
		paths = append(paths, e.path)
	}
	return paths
}

// Unexplained lists the API paths and error codes that the wire view has no words for.
func Unexplained() []string {
	var missing []string
	for _, path := range APIPaths() {
		if apiTexts[path] == "" {
			missing = append(missing, path)
		}
	}
	for code := range codeTexts {
		if codeMeanings[code] == "" {
			missing = append(missing, codeTexts[code])
		}
	}
	return missing
}

// Endpoint is a row of the API table.
type Endpoint struct {
	Method, Path     string
	Needs            string // who may call: everyone, certified or service
	Token, HasMethod bool
}

// Endpoints lists the simulated API with what each call needs.
func Endpoints() []Endpoint {
	names := map[right]string{everyone: "everyone", certified: "certified", serviceOnly: "service"}
	var list []Endpoint
	for _, e := range endpoints() {
		method := e.method
		if method == "" {
			method = "GET"
		}
		needsNone := []string{"/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/clear_quota/v2"}
		list = append(list, Endpoint{method, e.path, names[e.need], !slices.Contains(needsNone, e.path), e.method != ""})
	}
	return list
}

// CleanHTML filters article HTML; links and pictures that begin with https://ours/ are the platform's own.
func CleanHTML(content string) string {
	ours := func(address string) bool { return strings.HasPrefix(address, "https://ours/") }
	f := filter{image: ours, link: ours}
	return f.clean(content)
}

// Pretty indents XML.
var Pretty = pretty
