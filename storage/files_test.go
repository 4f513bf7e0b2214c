package storage_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shoushan/fault"
)

func TestFiles(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	ctx := t.Context()
	rapid.Check(t, func(rt *rapid.T) {
		data := rapid.SliceOf(rapid.Byte()).Draw(rt, "data")
		id, err := h.SaveFile(ctx, data)
		if err != nil {
			rt.Fatal(err)
		}
		back, err := h.File(ctx, id)
		if err != nil || !bytes.Equal(back, data) {
			rt.Fatalf("File() = %q, %v, want %q", back, err, data)
		}
		if again, _ := h.SaveFile(ctx, data); again != id {
			rt.Fatalf("the same data has the ids %s and %s", id, again)
		}
	})
	if strings.Contains(folder(t, h.opts.FilesDir), ".new-") {
		t.Error("a temporary file was left behind")
	}
}

func TestFileIDsThatAreNone(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	outside := filepath.Join(filepath.Dir(h.opts.FilesDir), "secret")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", "a", "../secret", strings.Repeat("../", 10) + "etc/passwd", strings.Repeat("ab", 32), strings.Repeat("zz", 32)} {
		if _, err := h.File(t.Context(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("File(%q) = %v, want NotFound", id, err)
		}
	}
}

func TestFilesBelongToTheirNames(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	ctx := t.Context()
	a, b := must(h.SaveFile(ctx, []byte("甲")))(t), must(h.SaveFile(ctx, []byte("乙")))(t)
	path := func(id string) string { return filepath.Join(h.opts.FilesDir, id[:2], id) }
	sealed := must(os.ReadFile(path(a)))(t)
	if err := os.WriteFile(path(b), sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.File(ctx, b); err == nil {
		t.Error("a file under another's name was read")
	}
	sealed[len(sealed)-1] ^= 1
	if err := os.WriteFile(path(a), sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.File(ctx, a); err == nil {
		t.Error("an altered file was read")
	}
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	id := must(h.SaveFile(t.Context(), []byte("x")))(t)
	for path, want := range map[string]os.FileMode{
		h.opts.FilesDir:                            0o700,
		filepath.Join(h.opts.FilesDir, id[:2]):     0o700,
		filepath.Join(h.opts.FilesDir, id[:2], id): 0o600,
	} {
		if got := must(os.Stat(path))(t).Mode().Perm(); got != want {
			t.Errorf("%s has mode %v, want %v", path, got, want)
		}
	}
}

func TestRemovedFileIsGone(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	id := must(h.SaveFile(t.Context(), []byte("x")))(t)
	for range 2 { // the second finds nothing, which is no error
		if err := h.RemoveFile(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.File(t.Context(), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("File() = %v, want NotFound", err)
	}
	if err := h.RemoveFile(t.Context(), "../../etc/passwd"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a name that is no file's: %v", err)
	}
}
