package handlers_test

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/workday"
)

var update = flag.Bool("update", false, "rewrite the golden transcripts")

// TestTranscripts replays every dialogue of testdata/transcripts. A line starts with
//
//	#  a remark             @  the clock, Beijing time        =  who speaks from now on
//	>  what the citizen types, \n for a line break, or [关注] [取消关注] [菜单 KEY] [语音] [图片] [位置] [表情]
//	!  something that happens elsewhere: see world.happens
//	<  the reply, one line each
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d transcripts, want at least 12 (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { replay(t, file) })
	}
}

func replay(t *testing.T, file string) {
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := newScript(t).run(want)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("transcript differs (-want +got):\n%s", diff)
	}
}

type script struct {
	*world
	t   *testing.T
	who string
	out bytes.Buffer
}

func newScript(t *testing.T) *script { return newScriptOn(t, newWorld(t), "citizen-a") }

func newScriptOn(t *testing.T, w *world, who string) *script {
	return &script{world: w, t: t, who: who}
}

// run replays the input lines and returns the transcript with the replies that came.
func (s *script) run(transcript []byte) []byte {
	lines := bufio.NewScanner(bytes.NewReader(transcript))
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "<") {
			continue
		}
		fmt.Fprintln(&s.out, line)
		if rest, ok := strings.CutPrefix(line, "> "); ok {
			s.reply(rest)
		} else if line != "" && !strings.HasPrefix(line, "#") {
			s.direct(line)
		}
	}
	return s.out.Bytes()
}

func (s *script) direct(line string) {
	mark, rest, _ := strings.Cut(line, " ")
	switch mark {
	case "@":
		at, err := time.ParseInLocation("2006-01-02 15:04", rest, workday.Beijing)
		if err != nil {
			s.t.Fatal(err)
		}
		s.now = at
	case "=":
		s.who = rest
	case "!":
		s.happens(strings.Fields(rest))
	default:
		s.t.Fatalf("unknown line %q", line)
	}
}

// happens does what others do: publish TITLE, fail WHAT, heal, unclear ID (staff ask for a supplement),
// draft ID (they draft the answer), reply ID (they sign and serve it).
func (s *script) happens(words []string) {
	switch words[0] {
	case "publish":
		s.memory.publish(words[1], s.now)
	case "fail":
		s.memory.fail[strings.Join(words[1:], " ")] = errBroken
	case "heal":
		clear(s.memory.fail)
	case "draft":
		s.draftReply(s.t, words[1])
	case "unclear":
		s.findUnclear(s.t, words[1])
	case "reply":
		s.serveReply(s.t, words[1])
	default:
		s.t.Fatalf("nothing is known of %q", words)
	}
}

func (s *script) reply(text string) {
	r, err := s.handle(s.t.Context(), s.message(text))
	if err != nil {
		r.Text = fault.Message(err)
		if e, ok := errors.AsType[*fault.Error](err); ok {
			r.Text = "（" + e.Kind.String() + "）" + r.Text
		}
	}
	if len(r.Text) > 2048 {
		s.t.Errorf("reply to %q has %d bytes, want at most 2048", text, len(r.Text))
	}
	for _, card := range r.News {
		fmt.Fprintf(&s.out, "< [卡片] %s｜%s｜%s\n", card.Title, card.Description, card.URL)
	}
	if r.Empty() {
		fmt.Fprintln(&s.out, "< [无回复]")
	}
	if r.Text != "" {
		for line := range strings.SplitSeq(r.Text, "\n") {
			fmt.Fprintln(&s.out, strings.TrimSpace("< "+line))
		}
	}
}

func (s *script) message(text string) bot.Message {
	m := bot.Message{From: s.who, Type: bot.TextMessage, Text: strings.ReplaceAll(text, `\n`, "\n"), CreatedAt: s.now}
	event := func(e bot.Event, key string) bot.Message {
		return bot.Message{From: s.who, Type: bot.EventMessage, Event: e, EventKey: key, CreatedAt: s.now}
	}
	key, tapped := strings.CutPrefix(text, "[菜单 ")
	switch {
	case tapped:
		return event(bot.Click, strings.TrimSuffix(key, "]"))
	case text == "[关注]":
		return event(bot.Subscribe, "")
	case text == "[取消关注]":
		return event(bot.Unsubscribe, "")
	case text == "[语音]":
		m.Type, m.Text, m.MediaID = bot.VoiceMessage, "", "media-1"
	case text == "[图片]":
		m.Type, m.Text, m.MediaID = bot.ImageMessage, "", "media-2"
	case text == "[位置]":
		m.Type, m.Text = bot.LocationMessage, ""
	case text == "[表情]":
		m.Text = "【收到不支持的消息类型，暂无法显示】"
	}
	return m
}
