package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
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
	Agent     bool              `json:"agent,omitempty"`     // somebody files for the applicant (代办)
	Easy      bool              `json:"easy,omitempty"`      // short questions, one thing at a time (简明)
	Filing    disclosure.Filing `json:"filing"`

	mark string // of the stored bytes that this was read from; "" when there were none
}

// What a draft may have asked back.
const (
	askedCancel   = "cancel"
	askedRestart  = "restart"
	askedDescribe = "describe"
)

// load returns the citizen's draft, or nil when there is none. What has expired or cannot be read is deleted.
func (c *Citizen) load(ctx context.Context, openID string) (*draft, error) {
	data, mark, err := c.Drafts.Load(ctx, openID)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	d := draft{mark: mark}
	if json.Unmarshal(data, &d) != nil || d.Version != draftVersion || !c.Now().Before(d.TouchedAt.Add(DraftTTL)) {
		return nil, c.Drafts.Delete(ctx, openID)
	}
	return &d, nil
}

// errOvertaken says that another process has written the draft since it was read.
var errOvertaken = errors.New("handlers: the draft was changed in between")

// save keeps the draft for another seven days. When somebody else has written it since it was read, nothing is written and
// the error is errOvertaken: the turn has to begin again with what is there now.
func (c *Citizen) save(ctx context.Context, openID string, d *draft) (err error) {
	d.mark, err = c.keep(ctx, openID, d, d.mark)
	return err
}

// keep stores a value in place of the one that was read with the mark.
func (c *Citizen) keep(ctx context.Context, name string, v any, mark string) (next string, err error) {
	data, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("handlers: encode draft: %w", err)
	}
	next, err = c.Drafts.Save(ctx, name, data, mark, DraftTTL)
	if fault.Is(err, fault.Conflict) {
		err = fault.Wrap(fault.Conflict, errors.Join(errOvertaken, err), fault.Message(err))
	}
	return next, err
}
