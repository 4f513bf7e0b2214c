package storage

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// A policy says which texts of a record are in clear. Everything else that a person could have typed is sealed: a field
// that nobody has thought about is encrypted, not leaked.
//
// Numbers, booleans, instants, dates and words of a closed vocabulary (a named string type such as a state, with a value
// such as awaiting_payment) are always in clear, because figures are counted from them and need no key.
type policy struct {
	seal  bool
	clear map[string]bool // JSON paths without indexes; a path covers everything below it
}

func sealing(clear ...string) policy {
	p := policy{seal: true, clear: map[string]bool{}}
	for _, path := range clear {
		p.clear[path] = true
	}
	return p
}

// textFunc turns the text at a place of a record into another.
type textFunc func(path, text string) (string, error)

// apply returns a copy of v, which is left alone, with every text that is not in clear turned by turn.
func (p policy) apply(v reflect.Value, turn textFunc) (reflect.Value, error) {
	if !p.seal {
		return v, nil
	}
	return walk{p, turn}.value(v, "", "")
}

type walk struct {
	policy
	turn textFunc
}

// value copies v. The path names the place exactly (letters.0.recipient), the name without indexes (letters.recipient).
func (w walk) value(v reflect.Value, path, name string) (reflect.Value, error) {
	if w.clear[name] || leaf(v.Type()) {
		return v, nil
	}
	switch v.Kind() {
	case reflect.String:
		return w.text(v, path)
	case reflect.Struct:
		return w.structure(v, path, name)
	case reflect.Pointer:
		return w.pointer(v, path, name)
	case reflect.Slice, reflect.Array:
		return w.list(v, path, name)
	case reflect.Map:
		return w.mapping(v, path, name)
	default:
		return v, fmt.Errorf("storage: %s: no rule for sealing a %s", name, v.Type())
	}
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	rawJSON       = reflect.TypeFor[json.RawMessage]()
)

// leaf reports whether a type cannot hold free text: scalars, and instants or dates, which write themselves.
func leaf(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return true
	default:
		return t != rawJSON && (t.Implements(jsonMarshaler) || t.Implements(textMarshaler))
	}
}

// vocabulary is how words of a closed vocabulary are spelled; what a person types into a form is not.
var vocabulary = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

func (w walk) text(v reflect.Value, path string) (reflect.Value, error) {
	named := v.Type().PkgPath() != ""
	if v.Len() == 0 || named && vocabulary.MatchString(v.String()) {
		return v, nil
	}
	text, err := w.turn(path, v.String())
	return reflect.ValueOf(text).Convert(v.Type()), err
}

func (w walk) structure(v reflect.Value, path, name string) (reflect.Value, error) {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			return v, fmt.Errorf("storage: %s: no rule for sealing the hidden field %s", name, field.Name)
		}
		key, kept := jsonKey(field)
		if !kept {
			continue
		}
		changed, err := w.value(v.Field(i), join(path, key), join(name, key))
		if err != nil {
			return v, err
		}
		out.Field(i).Set(changed)
	}
	return out, nil
}

// jsonKey is the key of a field in JSON, "" for an embedded struct, whose fields stand beside those of its owner.
func jsonKey(field reflect.StructField) (key string, kept bool) {
	key, _, _ = strings.Cut(field.Tag.Get("json"), ",")
	if key == "" && !field.Anonymous {
		key = field.Name
	}
	return key, key != "-"
}

func (w walk) pointer(v reflect.Value, path, name string) (reflect.Value, error) {
	if v.IsNil() {
		return v, nil
	}
	changed, err := w.value(v.Elem(), path, name)
	if err != nil {
		return v, err
	}
	out := reflect.New(v.Type().Elem())
	out.Elem().Set(changed)
	return out, nil
}

func (w walk) list(v reflect.Value, path, name string) (reflect.Value, error) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return v, nil
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return v, fmt.Errorf("storage: %s: no rule for sealing bytes; keep them as a file", name)
	}
	out := reflect.New(v.Type()).Elem()
	if v.Kind() == reflect.Slice {
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
	}
	for i := range v.Len() {
		changed, err := w.value(v.Index(i), join(path, strconv.Itoa(i)), name)
		if err != nil {
			return v, err
		}
		out.Index(i).Set(changed)
	}
	return out, nil
}

func (w walk) mapping(v reflect.Value, path, name string) (reflect.Value, error) {
	if v.IsNil() {
		return v, nil
	}
	out := reflect.MakeMapWithSize(v.Type(), v.Len())
	for it := v.MapRange(); it.Next(); {
		changed, err := w.value(it.Value(), join(path, fmt.Sprint(it.Key())), name)
		if err != nil {
			return v, err
		}
		out.SetMapIndex(it.Key(), changed)
	}
	return out, nil
}

func join(path, key string) string {
	switch "" {
	case path:
		return key
	case key:
		return path
	}
	return path + "." + key
}
