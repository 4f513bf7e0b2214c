package console

// Patterns lists the site map, for the role matrix.
func Patterns() []string {
	var out []string
	for _, rt := range siteMap(&Console{}) {
		out = append(out, rt.pattern)
	}
	return out
}
