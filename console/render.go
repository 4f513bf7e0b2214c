package console

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"shoushan/staff"
	"shoushan/workday"
)

var beijing = workday.Beijing

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// frame is what every page has around it. Page structs embed it and set Title, and Here when the navigation has an
// entry for them; show fills in the rest.
type frame struct {
	Title  string
	Here   string // the path of the navigation entry to mark
	Who    staff.Member
	Nav    []navGroup
	Flash  string
	Banner string
	Organ  string
	Now    time.Time
}

func (f *frame) base() *frame { return f }

// page is a typed page struct.
type page interface{ base() *frame }

// show renders a page in full before the first byte goes out, so that a failing template still becomes an error page.
func (c *Console) show(v *visit, status int, name string, p page) error {
	f := p.base()
	f.Who, f.Banner, f.Now = v.who, c.cfg.Banner, v.now
	f.Organ = cmp.Or(c.cfg.Organ.ShortName, c.cfg.Organ.Name)
	f.Nav = navigation(c.menu, v.who, f.Here)
	if hasSession(v) {
		f.Flash = c.sessions.PopString(v.ctx(), "flash")
	}
	var buf bytes.Buffer
	around := struct { // the layout sees the frame, whatever the page calls its own fields
		*frame
		Page page
	}{f, p}
	if err := c.pages[name].ExecuteTemplate(&buf, "layout", around); err != nil {
		return fmt.Errorf("console: render %s: %w", name, err)
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(buf.Bytes()) // the reader has gone: nothing to do about it
	return nil
}

// hasSession reports whether the visit came through the session layer; an answer to a failing session store did not.
func hasSession(v *visit) bool { return v.who.ID != "" }

// parsePages builds one template set per page: layout and parts, then the page itself.
func parsePages(a assets) (map[string]*template.Template, error) {
	base, err := template.New("").Funcs(functions(a)).ParseFS(templateFiles, "templates/layout.html", "templates/parts*.html")
	if err != nil {
		return nil, fmt.Errorf("console: parse layout: %w", err)
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" || strings.HasPrefix(name, "parts") {
			continue
		}
		set, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if pages[name], err = set.ParseFS(templateFiles, file); err != nil {
			return nil, fmt.Errorf("console: parse %s: %w", file, err)
		}
	}
	return pages, nil
}

// functions are the few words that templates may use beside the fields of their page.
func functions(a assets) template.FuncMap {
	return template.FuncMap{
		"asset":  a.path,
		"clock":  func(t time.Time) string { return clockText(t, "2006-01-02 15:04") },
		"iso":    func(t time.Time) string { return clockText(t, time.RFC3339) },
		"action": actionWord,
		"row":    func(t Talk, guesses []guess) talkRow { return talkRow{Talk: t, Guesses: guesses} },
	}
}

// assets are the style sheets and scripts, each with a version from its content in its address.
type assets struct {
	version map[string]string
	server  http.Handler
}

func loadAssets() assets {
	a := assets{version: map[string]string{}, server: http.FileServerFS(assetFiles)}
	_ = fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := assetFiles.ReadFile(name)
		sum := sha256.Sum256(data)
		a.version["/"+name] = hex.EncodeToString(sum[:6])
		return err
	})
	return a
}

func (a assets) path(name string) string {
	return "/assets/" + name + "?v=" + a.version["/assets/"+name]
}

// ServeHTTP serves an embedded file; what is asked for by version never changes and may be kept.
func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	version, ok := a.version[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == version {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	a.server.ServeHTTP(w, r)
}
