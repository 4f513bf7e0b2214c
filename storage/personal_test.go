package storage_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/storage"
)

// secrets are texts that nobody may find in a dump of Redis or in the folder of files.
var secrets = []string{
	person.Name, person.DocumentNumber, person.Phone, person.Email, person.Address, person.Description,
	"oWangOpenID", "836251", "JBSWY3DPEHPK3PXP", "argon2id", "尊敬的王小满", "现答复如下",
}

func withEverySecret(t *testing.T, h house) string {
	t.Helper()
	id := create(t, h, 2026, "oWangOpenID").ID
	must(h.Update(t.Context(), id, func(r *disclosure.Request) error {
		r.Decision = &disclosure.Decision{Outcome: "r1", Content: "现答复如下：" + person.Description, Ground: person.Address}
		r.Letters = append(r.Letters, disclosure.Letter{Template: "reply", Recipient: person.Name, Paragraphs: []string{"您好", "尊敬的王小满"}})
		return nil
	}))(t)
	m := staff.Member{ID: "desk", Name: "李", TOTPSecret: "JBSWY3DPEHPK3PXP", PasswordHash: "$argon2id$v=19$…"}
	if err := h.SaveMember(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	must(h.SaveFile(t.Context(), []byte(strings.Join(secrets, "\n"))))(t)
	return id
}

func TestNothingPersonalInClear(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		id := withEverySecret(t, h)
		dump := h.everything(t) + folder(t, h.opts.FilesDir)
		for _, secret := range secrets {
			if strings.Contains(dump, secret) {
				t.Errorf("the dump contains %q", secret)
			}
		}
		for _, figure := range []string{id, string(disclosure.Handling), "natural", `"outcome":"r1"`} {
			if !strings.Contains(dump, figure) {
				t.Errorf("the dump lacks %q, without which no figure can be counted", figure)
			}
		}
		if r := must(h.Request(t.Context(), id))(t); r.Filing.Personal != person || r.Letters[0].Paragraphs[1] != "尊敬的王小满" {
			t.Errorf("what was sealed is not read back: %+v", r.Letters)
		}
	})
}

// folder returns names and contents of all files below dir.
func folder(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out.WriteString(path + "\n" + string(data) + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// tamper changes the JSON of a stored request.
func tamper(t *testing.T, h house, id string, change func(record map[string]any)) {
	t.Helper()
	var env map[string]any
	text := must(h.raw.Get(t.Context(), h.key("request:"+id)).Bytes())(t)
	if err := json.Unmarshal(text, &env); err != nil {
		t.Fatal(err)
	}
	change(env["record"].(map[string]any))
	if err := h.raw.Set(t.Context(), h.key("request:"+id), must(json.Marshal(env))(t), 0).Err(); err != nil {
		t.Fatal(err)
	}
}

func personalOf(record map[string]any) map[string]any {
	return record["filing"].(map[string]any)["personal"].(map[string]any)
}

func TestCiphertextBelongsToItsPlace(t *testing.T) {
	tests := []struct {
		name   string
		tamper func(t *testing.T, h house, mine, other string)
	}{
		{"moved to another field", func(t *testing.T, h house, mine, _ string) {
			tamper(t, h, mine, func(r map[string]any) { p := personalOf(r); p["name"] = p["phone"] })
		}},
		{"two fields exchanged", func(t *testing.T, h house, mine, _ string) {
			tamper(t, h, mine, func(r map[string]any) { p := personalOf(r); p["name"], p["phone"] = p["phone"], p["name"] })
		}},
		{"moved to another record", func(t *testing.T, h house, mine, other string) {
			var theirs any
			tamper(t, h, other, func(r map[string]any) { theirs = personalOf(r)["name"] })
			tamper(t, h, mine, func(r map[string]any) { personalOf(r)["name"] = theirs })
		}},
		{"one character altered", func(t *testing.T, h house, mine, _ string) {
			tamper(t, h, mine, func(r map[string]any) {
				p, flip := personalOf(r), map[bool]string{true: "B", false: "A"}
				text := p["name"].(string)
				p["name"] = text[:30] + flip[text[30] == 'A'] + text[31:]
			})
		}},
		{"replaced by clear text", func(t *testing.T, h house, mine, _ string) {
			tamper(t, h, mine, func(r map[string]any) { personalOf(r)["name"] = "张三" })
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, h house) {
				mine, other := create(t, h, 2026, "oA").ID, create(t, h, 2026, "oB").ID
				must(h.Request(t.Context(), mine))(t)
				tt.tamper(t, h, mine, other)
				if r, err := h.Request(t.Context(), mine); err == nil {
					t.Errorf("read %q, want an error", r.Filing.Personal.Name)
				} else if fault.Message(err) == "" || strings.Contains(err.Error(), person.Name) {
					t.Errorf("the error says too much or too little: %v", err)
				}
			})
		})
	}
}

func TestKeyRotation(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		id := withEverySecret(t, h)
		file := must(h.SaveFile(t.Context(), []byte("附件")))(t)
		rotated := h.opts
		rotated.Key, rotated.OldKeys = key(2), [][]byte{key(1)}
		after := open(t, rotated)
		old := must(h.Request(t.Context(), id))(t)
		if d := diff(old, must(after.Request(t.Context(), id))(t)); d != "" {
			t.Errorf("with the new key and the old one:\n%s", d)
		}
		if got := numbers(t, after, disclosure.Query{OpenID: "oWangOpenID"}); got != id {
			t.Errorf("the citizen's requests after rotation: %q, want %q", got, id)
		}
		if got := must(after.SaveFile(t.Context(), []byte("附件")))(t); got != file {
			t.Error("the same data has another id after rotation")
		}
		rotated.OldKeys = nil
		if _, err := open(t, rotated).Request(t.Context(), id); err == nil || !strings.Contains(err.Error(), "not among the data keys") {
			t.Errorf("without the old key: %v, want an error that names the missing key", err)
		}
	})
}

func TestOptionsAreChecked(t *testing.T) {
	good := storage.Options{URL: servers.memory.URL(), Account: "ok", Key: key(1), FilesDir: t.TempDir(), Now: fixed}
	tests := []struct {
		name  string
		spoil func(*storage.Options)
	}{
		{"short key", func(o *storage.Options) { o.Key = key(1)[:16] }},
		{"short old key", func(o *storage.Options) { o.OldKeys = [][]byte{{1}} }},
		{"account with a brace", func(o *storage.Options) { o.Account = "a}b" }},
		{"no account", func(o *storage.Options) { o.Account = "" }},
		{"no clock", func(o *storage.Options) { o.Now = nil }},
		{"no folder", func(o *storage.Options) { o.FilesDir = "" }},
		{"not a URL", func(o *storage.Options) { o.URL = "redis://:pass word@%zz" }},
		{"an unknown scheme", func(o *storage.Options) { o.URL = "http://127.0.0.1" }},
		{"no sentinel there", func(o *storage.Options) { o.URL = "redis://127.0.0.1:1?master_name=shoushan&addr=127.0.0.1:2" }},
		{"nobody there", func(o *storage.Options) { o.URL = "unix:///nonexistent/redis.sock" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := good
			tt.spoil(&o)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			s, err := storage.Open(ctx, o)
			if err == nil {
				s.Close()
				t.Fatal("Open succeeded")
			}
			if strings.Contains(err.Error(), "pass word") {
				t.Errorf("the error prints the password: %v", err)
			}
		})
	}
	if s, err := storage.Open(t.Context(), good); err != nil {
		t.Errorf("the good options: %v", err)
	} else {
		s.Close()
	}
}

func TestResealRetiresOldKeys(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		furnished(t, h)
		file := must(h.SaveFile(t.Context(), []byte("附件")))(t)
		before := h.contents(t)
		both := h.opts
		both.Key, both.OldKeys = key(2), [][]byte{key(1)}
		if err := open(t, both).Reseal(t.Context()); err != nil {
			t.Fatal(err)
		}
		only := both
		only.OldKeys = nil
		after := open(t, only)
		got := after.contents(t)
		got.Anchor, got.Next = before.Anchor, before.Next
		if d := diff(before, got); d != "" {
			t.Errorf("with the new key alone (-before +after):\n%s", d)
		}
		if data := must(after.File(t.Context(), file))(t); string(data) != "附件" {
			t.Errorf("the file is %q", data)
		}
		if ids := numbers(t, after, disclosure.Query{OpenID: "oWangOpenID"}); ids != "2026-0001" {
			t.Errorf("the citizen's requests: %q", ids)
		}
		agree(t, after)
		expectFinding(t, after, "")
	})
}

func TestResealDoesNotBlessTampering(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	id, _ := eventful(t, h)
	tamper(t, h, id, func(r map[string]any) { r["trail"] = trailOf(r)[:1] })
	if err := h.Reseal(t.Context()); !fault.Is(err, fault.Conflict) {
		t.Errorf("Reseal() = %v, want Conflict", err)
	}
	expectFinding(t, h, "应有 3 条")
}
