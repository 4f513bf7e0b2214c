package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

// xmlFields are the fields of a pushed message as JSON: a string stands in CDATA, a number does not, an object is an
// element with children, a list is the same element several times. The order is kept, because some readers mind.
type xmlFields []node

var elementName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// UnmarshalJSON implements json.Unmarshaler.
func (f *xmlFields) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return errors.New("fields 要是一个对象，例如 {\"Title\":\"a\"}")
	}
	list, err := readFields(dec)
	*f = list
	return err
}

// readFields reads the members of an object, up to its end.
func readFields(dec *json.Decoder) ([]node, error) {
	var list []node
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if !elementName.MatchString(name) {
			return nil, fmt.Errorf("fields 里的 %q 不能作 XML 元素名", name)
		}
		nodes, err := readField(dec, name)
		if err != nil {
			return nil, err
		}
		list = append(list, nodes...)
	}
	_, err := dec.Token()
	return list, err
}

// readField reads one value: the elements of that name.
func readField(dec *json.Decoder, name string) ([]node, error) {
	value, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := value.(type) {
	case string:
		return []node{text(name, v)}, nil
	case json.Delim:
		if v == '{' {
			children, err := readFields(dec)
			return []node{branch(name, children...)}, err
		}
		return readList(dec, name)
	case nil:
		return []node{branch(name)}, nil
	}
	return []node{{name: name, value: fmt.Sprint(value)}}, nil
}

func readList(dec *json.Decoder, name string) ([]node, error) {
	var list []node
	for dec.More() {
		nodes, err := readField(dec, name)
		if err != nil {
			return nil, err
		}
		list = append(list, nodes...)
	}
	_, err := dec.Token()
	return list, err
}
