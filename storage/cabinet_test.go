package storage_test

import (
	"errors"
	"strconv"
	"sync"
	"testing"
)

func TestChangeSettingIsAtomic(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				err := h.ChangeSetting(ctx, "count", func(old []byte) ([]byte, error) {
					n, _ := strconv.Atoi(string(old))
					return []byte(strconv.Itoa(n + 1)), nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		var n int
		if err := h.Setting(ctx, "count", &n); err != nil || n != 8 {
			t.Errorf("count = %d, %v, want 8", n, err)
		}
		refused := errors.New("refused")
		if err := h.ChangeSetting(ctx, "count", func([]byte) ([]byte, error) { return nil, refused }); !errors.Is(err, refused) {
			t.Errorf("error = %v, want that of change", err)
		}
		if err := h.ChangeSetting(ctx, "", func([]byte) ([]byte, error) { return nil, nil }); err == nil {
			t.Error("an empty name was taken")
		}
		if err := h.Setting(ctx, "count", &n); err != nil || n != 8 {
			t.Errorf("a refused change wrote %d, %v", n, err)
		}
	})
}
