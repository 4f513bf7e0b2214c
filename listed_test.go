package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/posts"
	"shoushan/simulator"
	"shoushan/workday"
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
		id, err := client.AddDraft(t.Context(), posts.Article{Title: fmt.Sprint("第", i, "篇"), HTML: "<p>文</p>", CoverMediaID: cover.MediaID})
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

// TestPlatformStatistics reads the totals of an article that somebody read.
func TestPlatformStatistics(t *testing.T) {
	settings := simulator.DefaultSettings()
	settings.PublishDelayMS = 1
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, workday.Beijing)
	platform := &simulator.Server{Settings: &settings, Now: func() time.Time { return at }}
	web := httptest.NewServer(platform.Handler())
	defer web.Close()
	defer platform.Close()
	client := bot.NewClient(bot.ClientConfig{AppID: simulator.DefaultAppID, AppSecret: simulator.DefaultAppSecret, BaseURL: web.URL, Now: func() time.Time { return at }})
	cover, err := client.AddCover(t.Context(), "cover.png", smallPNG(t))
	if err != nil {
		t.Fatal(err)
	}
	draft, err := client.AddDraft(t.Context(), posts.Article{Title: "有人读的", HTML: "<p>文</p>", CoverMediaID: cover.MediaID})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := client.SubmitPublish(t.Context(), draft); err != nil {
		t.Fatal(err)
	}
	platform.Wait()
	listed, err := platformList{client}.ListPublished(t.Context(), at.Add(-time.Hour))
	if err != nil || len(listed) != 1 {
		t.Fatalf("listed %d, %v", len(listed), err)
	}
	address := listed[0].Articles[0].URL
	if res, err := http.Get(address); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("reading %s: %v", address, err)
	} else {
		_ = res.Body.Close()
	}
	at = at.AddDate(0, 0, 2)
	list, late, err := platformStatistics{client}.Readings(t.Context(), posts.Span{From: workday.Of(at).AddDays(-9), To: workday.Of(at).AddDays(-1)})
	if err != nil || late || len(list) != 1 {
		t.Fatalf("figures %+v, late %v, %v", list, late, err)
	}
	if r := list[0]; r.Title != "有人读的" || r.URL != address || r.MsgDataID == "" || r.Index != 1 || r.Readers != 1 || r.PublishedOn.String() != "2026-11-20" || r.UpTo.String() != "2026-11-21" {
		t.Errorf("figures = %+v", r)
	}
}
