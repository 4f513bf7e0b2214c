package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
)

// readJSON reads the body of a request to the phone's or the control API.
func readJSON[T any](r *http.Request) (T, error) {
	var in T
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return in, badRequest("请求的内容没有收全，或者太长")
	}
	return in, decodeStrict(body, &in)
}

// decodeStrict reads one JSON object into a struct. What is wrong is told in a sentence that names the field; a field
// that is not known is refused, because a misspelt one would silently do nothing.
func decodeStrict(body []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil && dec.More() {
		err = errors.New("more than one value")
	}
	if err == nil {
		return nil
	}
	return badRequest(explainJSON(err, into))
}

// explainJSON says what is wrong with a body.
func explainJSON(err error, into any) string {
	if errors.Is(err, io.EOF) {
		return "请求没有内容，要有一个 JSON 对象，例如 {}"
	}
	if wrong, is := errors.AsType[*json.UnmarshalTypeError](err); is {
		if wrong.Field == "" {
			return "请求的内容要是一个 JSON 对象，不能是 " + wrong.Value
		}
		return fmt.Sprintf("字段 %s 要是%s，不能是 %s", wrong.Field, chineseType(wrong.Type), wrong.Value)
	}
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return fmt.Sprintf("没有 %s 这个字段；可以用的有：%s", name, strings.Join(fieldNames(reflect.TypeOf(into)), "、"))
	}
	if wrong, is := errors.AsType[*json.SyntaxError](err); is {
		return fmt.Sprintf("请求的 JSON 在第 %d 个字节处读不懂", wrong.Offset)
	}
	return "请求的 JSON 读不懂：" + strings.TrimPrefix(err.Error(), "json: ")
}

func chineseType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "文字"
	case reflect.Bool:
		return " true 或 false"
	case reflect.Slice, reflect.Array:
		return "列表"
	case reflect.Map, reflect.Struct:
		return "对象"
	case reflect.Float64:
		return "数字"
	default:
		return "整数"
	}
}

// fieldNames lists the JSON names of a struct's fields.
func fieldNames(t reflect.Type) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var names []string
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}
