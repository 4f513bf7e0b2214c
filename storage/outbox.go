package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Outbox keeps what could not be sent to a citizen, until it is removed. The method set is that of the bot's Outbox.
type Outbox struct{ box box }

// Outbox returns the account's outbox.
func (s *Store) Outbox() Outbox { return Outbox{box{s: s, purpose: "waiting", key: s.keys.waiting}} }

// Queue appends a text for the citizen.
func (o Outbox) Queue(ctx context.Context, openID, text string) error {
	return o.change(ctx, openID, func(texts []string) []string { return append(texts, text) })
}

// Waiting returns the citizen's texts in the order in which they were queued, and leaves them there.
func (o Outbox) Waiting(ctx context.Context, openID string) ([]string, error) {
	data, err := o.box.get(ctx, openID)
	if err != nil {
		return nil, err
	}
	return decodeTexts(data)
}

// Remove removes, for each of the texts, its first occurrence; a text that is not there is no error.
func (o Outbox) Remove(ctx context.Context, openID string, texts []string) error {
	return o.change(ctx, openID, func(waiting []string) []string {
		for _, text := range texts {
			if i := slices.Index(waiting, text); i >= 0 {
				waiting = slices.Delete(waiting, i, i+1)
			}
		}
		return waiting
	})
}

func (o Outbox) change(ctx context.Context, openID string, change func([]string) []string) error {
	return o.box.update(ctx, openID, func(old []byte) ([]byte, time.Duration, error) {
		texts, err := decodeTexts(old)
		if err != nil {
			return nil, 0, err
		}
		if texts = change(texts); len(texts) == 0 {
			return nil, 0, nil
		}
		data, err := json.Marshal(texts)
		return data, forever, err
	})
}

func decodeTexts(data []byte) ([]string, error) {
	var texts []string
	if data == nil {
		return nil, nil
	}
	if err := json.Unmarshal(data, &texts); err != nil {
		return nil, fmt.Errorf("storage: decode waiting texts: %w", err)
	}
	return texts, nil
}
