package console_test

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"shoushan/fault"
	"shoushan/posts"
)

var (
	_ posts.Cabinet      = (*drawers)(nil)
	_ posts.Notepad      = (*drawers)(nil)
	_ posts.Platform     = (*platform)(nil)
	_ posts.MassPlatform = (*platform)(nil)
	_ posts.Bundler      = (*platform)(nil)
	_ posts.Fetcher      = (*platform)(nil)
)

// drawers keep the newsroom's lists and what is typed and not saved.
type drawers struct {
	mu   sync.Mutex
	rows map[string][]byte
}

func (d *drawers) Setting(_ context.Context, name string, v any) error {
	data, err := d.Get(context.Background(), name)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (d *drawers) ChangeSetting(ctx context.Context, name string, change func([]byte) ([]byte, error)) error {
	return d.Update(ctx, name, 0, change)
}

func (d *drawers) Get(_ context.Context, name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	data, ok := d.rows[name]
	if !ok {
		return nil, fault.New(fault.NotFound, "没有。")
	}
	return data, nil
}

func (d *drawers) Put(_ context.Context, name string, data []byte, _ time.Duration) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rows[name] = data
	return nil
}

func (d *drawers) Delete(_ context.Context, name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.rows, name)
	return nil
}

func (d *drawers) Update(_ context.Context, name string, _ time.Duration, change func([]byte) ([]byte, error)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	data, err := change(d.rows[name])
	if err != nil {
		return err
	}
	if d.rows[name] = data; data == nil {
		delete(d.rows, name)
	}
	return nil
}

// platform is an account that takes everything and publishes at once, unless it is told to refuse a call.
type platform struct {
	mu       sync.Mutex
	refuse   map[string]error // by call
	previews []string         // the names to which one was sent
	sent     []posts.MassOrder
	bundles  [][]string // the titles of each send of several
	asked    []string   // the addresses of pictures
	picture  []byte     // what the web has at any address
	tags     []posts.FollowerTag
}

func (f *platform) answer(call string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.refuse[call]
}

func (f *platform) UploadImage(_ context.Context, name string, _ []byte) (string, error) {
	return "https://mmbiz.example/" + name, f.answer("UploadImage")
}

func (f *platform) AddCover(context.Context, string, []byte) (posts.Material, error) {
	return posts.Material{MediaID: "cover-1", URL: "https://mmbiz.example/cover-1"}, f.answer("AddCover")
}

func (f *platform) AddDraft(context.Context, posts.Article) (string, error) {
	return "media-1", f.answer("AddDraft")
}

func (f *platform) AddBundle(_ context.Context, articles []posts.Article) (string, error) {
	var titles []string
	for _, a := range articles {
		titles = append(titles, a.Title)
	}
	f.mu.Lock()
	f.bundles = append(f.bundles, titles)
	f.mu.Unlock()
	return "media-bundle", f.answer("AddBundle")
}

func (f *platform) DeleteDraft(context.Context, string) error         { return f.refuse["DeleteDraft"] }
func (f *platform) DraftExists(context.Context, string) (bool, error) { return false, nil }

func (f *platform) SubmitPublish(context.Context, string) (string, string, error) {
	return "publish-1", "data-1", f.answer("SubmitPublish")
}

func (f *platform) PublishStatus(context.Context, string) (posts.PublishStatus, error) {
	return posts.PublishStatus{State: posts.PublishDone, ArticleID: "article-1", URL: "https://mp.weixin.qq.com/s/abc"}, f.answer("PublishStatus")
}

func (f *platform) FindPublished(context.Context, string, time.Time) (posts.PublishStatus, bool, error) {
	return posts.PublishStatus{}, false, nil
}

func (f *platform) MassSend(_ context.Context, o posts.MassOrder) (string, string, error) {
	f.mu.Lock()
	f.sent = append(f.sent, o)
	f.mu.Unlock()
	return "mass-1", "data-2", f.answer("MassSend")
}

func (f *platform) FollowerTags(context.Context) ([]posts.FollowerTag, error) {
	return f.tags, f.answer("FollowerTags")
}

func (f *platform) MassStatus(context.Context, string) (posts.MassState, error) {
	return posts.MassSending, nil
}

func (f *platform) PreviewTo(_ context.Context, _, name string) error {
	f.mu.Lock()
	f.previews = append(f.previews, name)
	f.mu.Unlock()
	return f.answer("PreviewTo")
}

func (f *platform) FetchPicture(_ context.Context, address string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, address)
	return slices.Clone(f.picture), f.refuse["FetchPicture"]
}
