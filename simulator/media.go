package simulator

import (
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	temporaryLife = 3 * 24 * time.Hour
	kb            = 1 << 10
	mb            = 1 << 20
)

// image is a picture under /mmbiz/: of an article, a cover, or one that a citizen sent.
type image struct {
	ID, ContentType string
	Data            []byte `json:"-"` // kept as a file of its own
}

// media is a material (素材), permanent or temporary.
type media struct {
	ID, Kind, Name string
	URL            string // of the picture, for images
	ContentType    string
	Data           []byte `json:"-"` // kept as a file of its own
	Title, Intro   string // of a video
	CreatedAt      time.Time
	Temporary      bool
}

func (m *media) expired(now time.Time) bool {
	return m.Temporary && !now.Before(m.CreatedAt.Add(temporaryLife))
}

// mediaRule is what one type of material may be.
type mediaRule struct {
	permanent, temporary int // bytes
	formats              []string
}

var mediaRules = map[string]mediaRule{
	"image": {10 * mb, 10 * mb, []string{"image/png", "image/jpeg", "image/gif", "image/bmp"}},
	"thumb": {64 * kb, 64 * kb, []string{"image/jpeg"}},
	"voice": {2 * mb, 2 * mb, []string{".mp3", ".wma", ".wav", ".amr", ".speex"}},
	"video": {10 * mb, 10 * mb, []string{".mp4"}},
}

// upload is the file in the form field media.
func (c *call) upload() (name, contentType string, data []byte, err error) {
	file, header, err := c.r.FormFile("media")
	if err != nil {
		return "", "", nil, fail(41005)
	}
	defer closeQuietly(file)
	data, err = io.ReadAll(file)
	if err != nil || len(data) == 0 {
		return "", "", nil, fail(44001)
	}
	return filepath.Base(header.Filename), http.DetectContentType(data), data, nil
}

func closeQuietly(f multipart.File) { _ = f.Close() }

// keepImage stores a picture and returns its address.
func (s *Server) keepImage(base, contentType string, data []byte) string {
	id := token(24)
	s.state.images[id] = &image{id, contentType, data}
	return base + "/mmbiz/" + id + "/0?wx_fmt=" + strings.TrimPrefix(contentType, "image/")
}

// ours tells whether an address is that of a picture kept here.
func (s *Server) ours(base, src string) bool {
	u, err := url.Parse(src)
	if err != nil || !strings.HasPrefix(src, base+"/mmbiz/") {
		return false
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/mmbiz/"), "/")
	return s.state.images[id] != nil
}

// uploadImage is media/uploadimg: jpg or png below 1 MB, not counted in the library.
func uploadImage(c *call) (any, error) {
	_, contentType, data, err := c.upload()
	switch {
	case err != nil:
		return nil, err
	case contentType != "image/png" && contentType != "image/jpeg":
		return nil, fail(40137)
	case len(data) >= mb:
		return nil, fail(40009)
	}
	return obj{"url": c.keepImage(c.base, contentType, data)}, nil
}

// checkUpload applies the limits of one type of material.
func checkUpload(kind, name, contentType string, data []byte, temporary bool) error {
	rule, known := mediaRules[kind]
	if !known {
		return fail(40004)
	}
	format := contentType
	if !strings.HasPrefix(rule.formats[0], "image/") {
		format = strings.ToLower(filepath.Ext(name))
	}
	limit := rule.permanent
	if temporary {
		limit = rule.temporary
	}
	switch {
	case !slices.Contains(rule.formats, format) && kind == "image":
		return fail(40137)
	case !slices.Contains(rule.formats, format):
		return fail(40005)
	case len(data) > limit && kind == "image":
		return fail(40009)
	case len(data) > limit:
		return fail(40006)
	}
	return nil
}

func (c *call) addMedia(kind string, temporary bool) (*media, error) {
	name, contentType, data, err := c.upload()
	if err != nil {
		return nil, err
	}
	if err := checkUpload(kind, name, contentType, data, temporary); err != nil {
		return nil, err
	}
	m := &media{
		ID: token(48), Kind: kind, Name: name, ContentType: contentType, Data: data, CreatedAt: c.now, Temporary: temporary,
	}
	if strings.HasPrefix(contentType, "image/") {
		m.URL = c.keepImage(c.base, contentType, data)
	}
	c.state.media[m.ID] = m
	return m, nil
}

func addMaterial(c *call) (any, error) {
	m, err := c.addMedia(c.r.FormValue("type"), false)
	if err != nil {
		return nil, err
	}
	if m.Kind == "video" {
		m.Title, m.Intro = describe(c.r.FormValue("description"))
	}
	if m.URL == "" {
		return obj{"media_id": m.ID}, nil
	}
	return obj{"media_id": m.ID, "url": m.URL}, nil
}

// describe reads the JSON that comes with a video.
func describe(description string) (title, intro string) {
	var in struct {
		Title        string `json:"title"`
		Introduction string `json:"introduction"`
	}
	_ = json.Unmarshal([]byte(description), &in)
	return in.Title, in.Introduction
}

func uploadMedia(c *call) (any, error) {
	m, err := c.addMedia(c.r.FormValue("type"), true)
	if err != nil {
		return nil, err
	}
	key := "media_id"
	if m.Kind == "thumb" {
		key = "thumb_media_id"
	}
	return obj{"type": m.Kind, key: m.ID, "created_at": c.now.Unix()}, nil
}

func getMedia(c *call) (any, error) {
	m := c.state.media[c.r.URL.Query().Get("media_id")]
	if m == nil || m.expired(c.now) || !m.Temporary {
		return nil, fail(40007)
	}
	if m.Kind == "video" {
		return obj{"video_url": c.base + "/mmbiz/video"}, nil
	}
	return download{m.ContentType, m.Name, m.Data}, nil
}

type mediaID struct {
	MediaID string `json:"media_id"`
}

func (c *call) material(id string) (*media, error) {
	m := c.state.media[id]
	if m == nil || m.Temporary {
		return nil, fail(40007)
	}
	return m, nil
}

func getMaterial(c *call, in mediaID) (any, error) {
	m, err := c.material(in.MediaID)
	if err != nil {
		return nil, err
	}
	if m.Kind == "video" {
		return obj{"title": m.Title, "description": m.Intro, "down_url": c.base + "/mmbiz/video"}, nil
	}
	return download{m.ContentType, m.Name, m.Data}, nil
}

func deleteMaterial(c *call, in mediaID) (any, error) {
	if _, err := c.material(in.MediaID); err != nil {
		return nil, err
	}
	delete(c.state.media, in.MediaID)
	return ok(nil), nil
}

// materials lists the permanent ones of a kind, newest first.
func (s *Server) materials(kind string) []*media {
	var list []*media
	for _, m := range s.state.media {
		if m.Kind == kind && !m.Temporary {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *media) int {
		if d := b.CreatedAt.Compare(a.CreatedAt); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

func materialCount(c *call) (any, error) {
	return obj{
		"voice_count": len(c.materials("voice")), "video_count": len(c.materials("video")),
		"image_count": len(c.materials("image")) + len(c.materials("thumb")), "news_count": 0,
	}, nil
}

// page is the offset and count of every list call.
type page struct {
	Offset    int    `json:"offset"`
	Count     int    `json:"count"`
	NoContent yesNo  `json:"no_content"`
	Type      string `json:"type"`
}

// yesNo is documented as 0 or 1; some clients send false or true.
type yesNo bool

// UnmarshalJSON implements json.Unmarshaler.
func (y *yesNo) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "1", "true":
		*y = true
	case "0", "false", "null":
		*y = false
	default:
		return fmt.Errorf("%s is neither 0 nor 1", b)
	}
	return nil
}

// cut returns the part of a list that a page names; count must be 1 to 20.
func cut[T any](list []T, p page) ([]T, error) {
	if p.Count < 1 || p.Count > 20 || p.Offset < 0 {
		return nil, fail(40097)
	}
	from := min(p.Offset, len(list))
	return list[from:min(from+p.Count, len(list))], nil
}

func listMaterial(c *call, in page) (any, error) {
	if _, known := mediaRules[in.Type]; !known {
		return nil, fail(40004)
	}
	all := c.materials(in.Type)
	part, err := cut(all, in)
	if err != nil {
		return nil, err
	}
	items := []obj{}
	for _, m := range part {
		items = append(items, obj{"media_id": m.ID, "name": m.Name, "update_time": m.CreatedAt.Unix(), "url": m.URL})
	}
	return obj{"total_count": len(all), "item_count": len(items), "item": items}, nil
}

// serveImage is /mmbiz/{id}/0.
func (s *Server) serveImage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	pic := s.state.images[r.PathValue("id")]
	s.mu.Unlock()
	if pic == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", pic.ContentType)
	w.Header().Set("Cache-Control", "max-age=31536000, immutable")
	_, _ = w.Write(pic.Data)
}

func kilobytes(n int) string { return fmt.Sprintf("%.1f KB", float64(n)/kb) }
