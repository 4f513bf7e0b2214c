package main

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/posts"
	"shoushan/simulator"
)

// TestPlatformList walks through more publications than fit on one page of the platform's list.
func TestPlatformList(t *testing.T) {
	settings := simulator.DefaultSettings()
	settings.PublishDelayMS = 1
	platform := &simulator.Server{Settings: &settings}
	web := httptest.NewServer(platform.Handler())
	defer web.Close()
	defer platform.Close()
	client := bot.NewClient(bot.ClientConfig{AppID: simulator.DefaultAppID, AppSecret: simulator.DefaultAppSecret, BaseURL: web.URL, Now: time.Now})
	cover, err := client.AddCover(t.Context(), "cover.png", smallPNG(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 23 {
		id, err := client.AddDraft(t.Context(), posts.Article{Title: fmt.Sprint("第", i, "篇"), HTML: "<p>文</p>", CoverMediaID: cover})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := client.SubmitPublish(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		platform.Wait()
	}
	all, err := platformList{client}.ListPublished(t.Context(), time.Now().Add(-time.Hour))
	if err != nil || len(all) != 23 || len(all[22].Articles) != 1 || all[22].Articles[0].URL == "" || all[0].ArticleID == "" {
		t.Fatalf("listed %d, %v", len(all), err)
	}
	if all, err = (platformList{client}).ListPublished(t.Context(), time.Now().Add(time.Hour)); err != nil || len(all) != 0 {
		t.Errorf("listed %d from the future, %v", len(all), err)
	}
}
