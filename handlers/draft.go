package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"shoushan/disclosure"
)

// DraftTTL is how long an unfinished application is kept after its last change; the privacy notice promises it.
const DraftTTL = 7 * 24 * time.Hour

// idle is how long a citizen may be away before a free text is no longer taken for the answer to the last question.
const idle = 2 * time.Hour

// draftVersion is the form in which drafts are kept. A draft of another form is not guessed at.
const draftVersion = 1

// draft is an unfinished application: where the dialogue is and what has been answered so far.
type draft struct {
	Version   int               `json:"version"`
	Step      string            `json:"step"` // key of the step that waits for an answer
	StartedAt time.Time         `json:"started_at"`
	TouchedAt time.Time         `json:"touched_at"`
	ConsentAt time.Time         `json:"consent_at,omitzero"` // when 同意 was said to the privacy notice
	Wrong     int               `json:"wrong,omitempty"`     // answers refused in a row at this step
	Paused    bool              `json:"paused,omitempty"`    // the citizen left; 继续 comes back
	Asked     string            `json:"asked,omitempty"`     // what was asked back: cancel, restart or describe
	Held      string            `json:"held,omitempty"`      // describe: the text that waits for 就这样写
	FilingAt  time.Time         `json:"filing_at,omitzero"`  // when handing in was begun and not seen to end
	Filing    disclosure.Filing `json:"filing"`
}

// What a draft may have asked back.
const (
	askedCancel   = "cancel"
	askedRestart  = "restart"
	askedDescribe = "describe"
)

// load returns the citizen's draft, or nil when there is none. What has expired or cannot be read is deleted.
func (c *Citizen) load(ctx context.Context, openID string) (*draft, error) {
	data, err := c.Drafts.Load(ctx, openID)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	var d draft
	if json.Unmarshal(data, &d) != nil || d.Version != draftVersion || !c.Now().Before(d.TouchedAt.Add(DraftTTL)) {
		return nil, c.Drafts.Delete(ctx, openID)
	}
	return &d, nil
}

// save keeps the draft for another seven days.
func (c *Citizen) save(ctx context.Context, openID string, d draft) error {
	data, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("handlers: encode draft: %w", err)
	}
	return c.Drafts.Save(ctx, openID, data, DraftTTL)
}
