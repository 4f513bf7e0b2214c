package handlers_test

import (
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/handlers"
)

// withPicture is an office in which a citizen has sent a picture for an application that is ready to be confirmed.
func withPicture(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	for _, text := range naturalAnswers[:9] {
		o.says(t, "a", text)
	}
	contains(t, o.sendPicture(t, "a", withExif(t)), "图片收到了")
	if err := o.fetch(t); err != nil || len(o.files) != 1 {
		t.Fatalf("%d files kept, %v", len(o.files), err)
	}
	return o
}

func (o *office) sweep(t *testing.T) {
	t.Helper()
	if _, err := o.pictures.Sweep(t.Context(), o.now); err != nil {
		t.Fatal(err)
	}
}

// 个人信息保护法第四十七条: a picture of an identity card that was not filed is deleted, not only forgotten.
func TestPicturesThatWereNotFiledAreDeleted(t *testing.T) {
	tests := []struct {
		name string
		do   func(t *testing.T, o *office)
		left int
	}{
		{"given up", func(t *testing.T, o *office) { o.says(t, "a", "取消"); o.says(t, "a", "取消") }, 0},
		{"taken back by word", func(t *testing.T, o *office) { o.says(t, "a", "删除图片") }, 0},
		{"unfollowed", func(t *testing.T, o *office) {
			o.sends(t, bot.Message{From: "a", Type: bot.EventMessage, Event: bot.Unsubscribe})
		}, 0},
		{"filed", func(t *testing.T, o *office) { contains(t, o.says(t, "a", "确认"), "登记回执") }, 1},
		{"filed, then unfollowed", func(t *testing.T, o *office) {
			o.says(t, "a", "确认")
			o.sends(t, bot.Message{From: "a", Type: bot.EventMessage, Event: bot.Unsubscribe})
		}, 1},
		{"left alone for a week", func(t *testing.T, o *office) { o.now = o.now.Add(handlers.DraftTTL); o.sweep(t) }, 1},
		{"left alone for longer", func(t *testing.T, o *office) { o.now = o.now.Add(handlers.DraftTTL + 25*time.Hour); o.sweep(t) }, 0},
		{"filed, and swept much later", func(t *testing.T, o *office) {
			o.says(t, "a", "确认")
			o.now = o.now.AddDate(0, 1, 0)
			o.sweep(t)
		}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := withPicture(t)
			tt.do(t, o)
			if len(o.files) != tt.left {
				t.Errorf("%d files are left, want %d", len(o.files), tt.left)
			}
		})
	}
}

// Two citizens who send the same picture have a file each: deleting one must not take the other's.
func TestTheSamePictureTwiceIsTwoFiles(t *testing.T) {
	o := withPicture(t)
	for _, text := range naturalAnswers[:9] {
		o.says(t, "b", text)
	}
	o.sendPicture(t, "b", withExif(t))
	if err := o.fetch(t); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, data := range o.files {
		seen[string(data)] = true
	}
	if len(seen) != 2 {
		t.Errorf("%d different files of two citizens, want 2", len(seen))
	}
}

// When it cannot be known what was filed nothing is deleted; the sweep does it later.
func TestPicturesAreKeptWhileTheRegisterIsDown(t *testing.T) {
	o := withPicture(t)
	o.memory.fail["list"] = fault.New(fault.Unavailable, "数据库暂时没有应答。")
	o.sends(t, bot.Message{From: "a", Type: bot.EventMessage, Event: bot.Unsubscribe})
	if len(o.files) != 1 {
		t.Fatal("a file was deleted although nobody could say whether a request has it")
	}
	delete(o.memory.fail, "list")
	o.now = o.now.Add(handlers.DraftTTL + 25*time.Hour)
	o.sweep(t)
	if len(o.files) != 0 {
		t.Error("the sweep has left the file")
	}
}
