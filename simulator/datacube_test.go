package simulator_test

import (
	"testing"
	"time"
)

// cube asks one of the statistics; a refusal has a code.
func (p *platform) cube(name, begin, end string) obj {
	p.Helper()
	_, out := p.json("POST", "/datacube/"+name+"?access_token="+p.accessToken(), obj{"begin_date": begin, "end_date": end})
	return out
}

func rows(t *testing.T, out obj) (list []obj) {
	t.Helper()
	raw, listed := out["list"].([]any)
	if !listed {
		t.Fatalf("no list: %v", out)
	}
	for _, it := range raw {
		list = append(list, it.(obj))
	}
	return list
}

func TestStatistics(t *testing.T) {
	p := newPlatform(t)
	first := p.publish("甲")
	url := str(first["article_detail"].(obj)["item"].([]any)[0].(obj), "article_url")
	p.follow("zhang")
	p.must("message/mass/sendall", obj{"filter": obj{"is_to_all": true}, "msgtype": "mpnews", "mpnews": obj{"media_id": p.draft("乙")}})
	p.Wait()
	readers := obj{"url": url, "read": 5, "share": 2, "like": 3, "zaikan": 1, "comment": 4, "collection": 6}
	if status, out := p.json("POST", "/sim/readers", readers); status != 200 || num(out, "reads") != 5 {
		t.Fatalf("readers: %d %v", status, out)
	}
	p.advance(24 * time.Hour)
	p.json("POST", "/sim/readers", obj{"url": url, "read": 7})
	p.advance(22 * time.Hour) // 07:00 of the day after

	reads := rows(t, p.cube("getarticleread", "2026-11-23", "2026-11-24"))
	if len(reads) != 2 || str(reads[0], "ref_date") != "2026-11-23" || num(reads[0]["detail"].(obj), "read_user") != 5 || num(reads[1]["detail"].(obj), "read_user") != 7 {
		t.Errorf("getarticleread: %v", reads)
	}
	shares := rows(t, p.cube("getarticleshare", "2026-11-23", "2026-11-24"))
	if len(shares) != 1 || num(shares[0]["detail"].(obj), "share_user") != 2 {
		t.Errorf("getarticleshare: %v", shares)
	}
	summary := p.cube("getbizsummary", "2026-11-23", "2026-11-24")
	if list := rows(t, summary); len(list) != 2 || num(list[0]["detail"].(obj), "like_user") != 3 || summary["is_delay"] != true {
		t.Errorf("getbizsummary at 07:00: %v", summary)
	}
	totals := rows(t, p.cube("getarticletotaldetail", "2026-11-23", "2026-11-23"))
	if len(totals) != 2 || num(totals[0], "publish_type") != 1 || num(totals[1], "publish_type") != 0 || str(totals[0], "content_url") != url {
		t.Fatalf("getarticletotaldetail: %v", totals)
	}
	days := totals[0]["detail_list"].([]any)
	if len(days) != 2 || num(days[1].(obj), "read_user") != 12 || num(days[1].(obj), "zaikan_user") != 1 {
		t.Errorf("running totals: %v", days)
	}
	p.advance(time.Hour)
	if out := p.cube("getbizsummary", "2026-11-24", "2026-11-24"); out["is_delay"] != false {
		t.Errorf("at 08:00: %v", out)
	}
}

func TestStatisticsRefusals(t *testing.T) {
	p := newPlatform(t)
	for _, tt := range []struct {
		name, begin, end string
		code             int
	}{
		{"no dates", "", "", 61500},
		{"not a date", "2026-11-01", "01.11.2026", 61500},
		{"today", "2026-11-23", "2026-11-23", 61501},
		{"backwards", "2026-11-02", "2026-11-01", 61501},
		{"31 days", "2026-10-01", "2026-10-31", 61501},
		{"30 days", "2026-10-01", "2026-10-30", 0},
	} {
		for _, name := range []string{"getarticleread", "getarticleshare", "getbizsummary", "getarticletotaldetail"} {
			if got := errcode(p.cube(name, tt.begin, tt.end)); got != tt.code {
				t.Errorf("%s, %s: errcode %d, want %d", tt.name, name, got, tt.code)
			}
		}
	}
	if status, _ := p.json("POST", "/sim/readers", obj{"url": "nowhere"}); status != 404 {
		t.Errorf("readers of no article: HTTP %d, want 404", status)
	}
}
