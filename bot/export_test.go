package bot

// FlatFields and AnyFields are the two readers of a body, which must agree.
func FlatFields(body string) (map[string]string, bool) {
	f, ok := flatFields([]byte(body))
	return f, ok
}

func AnyFields(body string) (map[string]string, error) { return anyFields([]byte(body)) }
