package bot

import (
	"context"

	"shoushan/fault"
)

// Quota is the platform's own account of one call for today (openapi/quota/get).
type Quota struct {
	Path  string // such as /cgi-bin/draft/add
	Limit int    // calls a day; begins anew at midnight in Beijing
	Used  int
	Left  int
}

// QuotaOf asks the platform how often a call may still be made today. Asking costs nothing of that call's quota.
func (c *Client) QuotaOf(ctx context.Context, path string) (Quota, error) {
	if path == "" || path[0] != '/' {
		return Quota{}, fault.New(fault.Invalid, "接口路径应当以斜杠开头。")
	}
	const from = "/cgi-bin/openapi/quota/get"
	var res struct {
		Quota *struct {
			Limit number `json:"daily_limit"`
			Used  number `json:"used"`
			Left  number `json:"remain"`
		} `json:"quota"`
	}
	if err := c.ask(ctx, from, repeatBusy, map[string]string{"cgi_path": path}, &res); err != nil {
		return Quota{}, err
	}
	if res.Quota == nil {
		return Quota{}, unreachable(from, errUnreadable)
	}
	if res.Quota.Left > 0 { // somebody has had it cleared
		c.parked.release(ctx, path, codeDayQuota, c.cfg.Now())
	}
	return Quota{path, int(res.Quota.Limit), int(res.Quota.Used), int(res.Quota.Left)}, nil
}
