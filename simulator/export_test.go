package simulator

import (
	"reflect"
	"time"
)

// The parts that the published vectors prove.
var (
	Sign   = sign
	AESKey = aesKey
	Seal   = seal
	Unseal = unseal
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
