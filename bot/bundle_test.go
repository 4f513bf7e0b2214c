package bot_test

import (
	"strings"
	"testing"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/simulator"
)

func TestBundlesAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	var covers []string
	for range 2 {
		m, err := h.client.AddCover(t.Context(), "封面.png", dot(90, 40))
		if err != nil {
			t.Fatal(err)
		}
		covers = append(covers, m.MediaID)
	}
	id, err := h.client.AddBundle(t.Context(), []posts.Article{
		{Title: "头条", HTML: "<p>一</p>", CoverMediaID: covers[0]}, {Title: "二条", HTML: "<p>二</p>", CoverMediaID: covers[1]},
	})
	if err != nil {
		t.Fatal(err)
	}
	publishID, _, err := h.client.SubmitPublish(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	h.Wait()
	st, err := h.client.PublishStatus(t.Context(), publishID)
	if err != nil || st.State != posts.PublishDone || st.URL == "" || st.MoreURLs == "" || strings.Contains(st.MoreURLs, "\n") || st.URL == st.MoreURLs {
		t.Errorf("PublishStatus() = %+v, %v, want two links", st, err)
	}
	if len(h.published) != 1 || h.published[0].MoreURLs != st.MoreURLs {
		t.Errorf("by event: %+v", h.published)
	}
}

func TestPictureMessagesAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	picture, err := h.client.AddCover(t.Context(), "图.png", dot(90, 40))
	if err != nil {
		t.Fatal(err)
	}
	message := posts.Article{Kind: posts.PictureMessage, Title: "掠影", HTML: "玉米丰收。", Gallery: &posts.Gallery{MediaIDs: []string{picture.MediaID, picture.MediaID}}}
	id, err := h.client.AddBundle(t.Context(), []posts.Article{message})
	if err != nil {
		t.Fatal(err)
	}
	if there, err := h.client.DraftExists(t.Context(), id); err != nil || !there {
		t.Errorf("DraftExists() = %v, %v", there, err)
	}
	message.Gallery.MediaIDs = []string{"none"}
	if _, err := h.client.AddBundle(t.Context(), []posts.Article{message}); err == nil {
		t.Error("a picture that does not exist was taken")
	}
	for _, n := range []int{0, 9} {
		if _, err := h.client.AddBundle(t.Context(), make([]posts.Article, n)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d articles: %v, want Invalid", n, err)
		}
	}
}

func TestAFailedOriginalityCheckIsAVerdict(t *testing.T) {
	h := newHouse(t, simulator.Safe, func(s *simulator.Settings) { s.PublishResult = 2 })
	publishID, _, err := h.client.SubmitPublish(t.Context(), h.addDraft(t, "题"))
	if err != nil {
		t.Fatal(err)
	}
	h.Wait()
	st, err := h.client.PublishStatus(t.Context(), publishID)
	if err != nil || st.State != posts.PublishRefused || st.Verdict != posts.OriginalityFailed {
		t.Errorf("PublishStatus() = %+v, %v", st, err)
	}
}
