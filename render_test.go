package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/posts"
	"shoushan/simulator"
)

// TestWhatIsRenderedIsWhatThePlatformKeeps sends each construct of the corpus, in each style, through the platform's filter
// and compares what it keeps with what was rendered, byte by byte.
func TestWhatIsRenderedIsWhatThePlatformKeeps(t *testing.T) {
	data, err := os.ReadFile("posts/testdata/render.md")
	if err != nil {
		t.Fatal(err)
	}
	a, b := strings.Repeat("a", 64), strings.Repeat("b", 64)
	corpus := strings.Split(strings.NewReplacer("(file:a", "(file:"+a, "(file:b", "(file:"+b).Replace(string(data)), "=== ")[1:]
	settings := simulator.DefaultSettings()
	settings.Quota = map[string]int{"/cgi-bin/draft/add": 10_000, "/cgi-bin/draft/get": 10_000}
	platform := &simulator.Server{Settings: &settings}
	web := httptest.NewServer(platform.Handler())
	t.Cleanup(web.Close)
	t.Cleanup(platform.Close)
	client := bot.NewClient(bot.ClientConfig{AppID: simulator.DefaultAppID, AppSecret: simulator.DefaultAppSecret, BaseURL: web.URL, Now: time.Now})
	pictures := map[string]string{}
	for _, id := range []string{a, b} {
		if pictures[id], err = client.UploadImage(t.Context(), "picture.png", smallPNG(t)); err != nil {
			t.Fatal(err)
		}
	}
	cover, err := client.AddCover(t.Context(), "cover.png", smallPNG(t))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, style := range posts.Styles() {
		for _, part := range corpus {
			name, markdown, _ := strings.Cut(part, "\n")
			html, err := posts.Render(markdown, style.Name, func(ref string) (string, bool) { url, known := pictures[ref]; return url, known })
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if strings.TrimSpace(html) == "" {
				continue // the platform takes no empty article
			}
			id, err := client.AddDraft(t.Context(), posts.Article{Title: "文", HTML: html, CoverMediaID: cover.MediaID})
			if err != nil {
				t.Errorf("%s in %s: %v", name, style.Name, err)
				continue
			}
			if kept := keptDraft(t, web.URL, id); kept != html {
				t.Errorf("%s in %s: rendered\n%s\nkept\n%s", name, style.Name, html, kept)
			}
			compared++
		}
	}
	if compared < 60 {
		t.Errorf("compared only %d articles", compared)
	}
	t.Logf("%d constructs in %d styles: %d articles kept unchanged", len(corpus), len(posts.Styles()), compared)
}

// keptDraft asks the platform for the text of a draft.
func keptDraft(t *testing.T, base, id string) string {
	t.Helper()
	var token struct {
		Token string `json:"access_token"`
	}
	ask(t, base+"/cgi-bin/stable_token", map[string]string{"grant_type": "client_credential", "appid": simulator.DefaultAppID, "secret": simulator.DefaultAppSecret}, &token)
	var draft struct {
		Items []struct {
			Content string `json:"content"`
		} `json:"news_item"`
	}
	ask(t, base+"/cgi-bin/draft/get?access_token="+token.Token, map[string]string{"media_id": id}, &draft)
	if len(draft.Items) != 1 {
		t.Fatal(fmt.Errorf("the draft has %d articles", len(draft.Items)))
	}
	return draft.Items[0].Content
}

func ask(t *testing.T, url string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(out); err != nil {
		t.Fatal(err)
	}
}
