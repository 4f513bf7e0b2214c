package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"shoushan/fault"
)

// alarming are the codes after which nothing works until a person has acted: the server's address or the account's secret
// is refused, or the account itself is.
var alarming = []int{40013, 40125, 40164, 40243, 50002, 50004, 50007, 89501, 89503, 89506, 89507}

// alarm tells who operates the service, at once and with the address that the platform names. It keeps no secret.
func (c *Client) alarm(err error) {
	e, refused := errors.AsType[*APIError](err)
	if !refused || !slices.Contains(alarming, e.Code) {
		return
	}
	c.cfg.Log.Error("the platform refuses this server until somebody acts", "code", e.Code, "path", e.Path, "note", e.Note, "what", e.sentence())
	if c.cfg.Alarm != nil {
		c.cfg.Alarm(e)
	}
}

// Alarm is ClientConfig.Alarm: it keeps what the platform said for the home page.
func (g *Gauge) Alarm(e *APIError) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen.Alarm = alarmed{e.Code, e.Note, g.Now().UTC()}
}

// alarmed is the last alarm.
type alarmed struct {
	Code int       `json:"code,omitempty"`
	Note string    `json:"note,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

// Alert is a finding that cannot wait.
type Alert struct {
	Finding
	Since time.Time
}

// Alerts tells, without a call, what stops the account now and needs a person: a refused address or secret since which no
// call has got through, messages that come in JSON, a certificate that has expired or was refused.
func (g *Gauge) Alerts(ctx context.Context) ([]Alert, error) {
	var all reading
	if err := g.Memo.Setting(ctx, gaugeName, &all); err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	g.mu.Lock()
	all.add(g.seen)
	g.mu.Unlock()
	var list []Alert
	if a := all.Alarm; a.Code != 0 && a.At.After(all.Good) {
		e := &APIError{Code: a.Code, Note: a.Note}
		list = append(list, Alert{Finding{Name: "微信接口", Condition: Bad, Says: e.sentence()}, a.At})
	}
	if f := callbackFinding(all, g.Now()); f.Condition == Bad {
		list = append(list, Alert{f, all.JSON})
	}
	if f := certificateFinding(all, g.Now()); f.Condition == Bad {
		since := all.Certificate.At
		if _, last := all.lastWith(codeNoRight); last.At.After(since) {
			since = last.At
		}
		list = append(list, Alert{f, since})
	}
	return list, nil
}
