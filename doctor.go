package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/storage"
)

// healthCommand is `shoushan health`.
type healthCommand struct{}

// Help shows an example.
func (healthCommand) Help() string { return "Example: LISTEN=127.0.0.1:8080 shoushan health" }

// Run asks the service at LISTEN and fails unless it says ok.
func (healthCommand) Run(s *surroundings) error {
	cfg, err := LoadConfig(s.getenv)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(s.ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+cfg.Listen+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("LISTEN %q is not an address: %w", cfg.Listen, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("the service at %s does not answer: %w", cfg.Listen, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(response.Body, 200))
		return fmt.Errorf("the service at %s is not well: %s", cfg.Listen, body)
	}
	_, err = fmt.Fprintln(s.stdout, "ok")
	return err
}

// doctorCommand is `shoushan doctor`.
type doctorCommand struct{}

// Help shows an example.
func (doctorCommand) Help() string {
	return "Example: shoushan doctor\n\nReads the same environment as serve. Exit status 1 when anything fails."
}

// finding is the result of one check.
type finding struct {
	what string
	err  error
}

// Run makes every check that can be made and prints one line each.
func (doctorCommand) Run(s *surroundings) error {
	cfg, err := LoadConfig(s.getenv)
	if err != nil {
		return err
	}
	findings := []finding{{"configuration", cfg.CheckForService()}}
	if cfg.OrganFile != "" {
		organ, err := LoadOrgan(cfg.OrganFile)
		if err == nil {
			err = checkOrgan(organ)
		}
		findings = append(findings, finding{"organ's profile", err})
	}
	findings = append(findings, s.checkStore(cfg)...)
	failed := false
	for _, f := range findings {
		mark, text := "ok  ", ""
		if f.err != nil {
			failed, mark, text = true, "FAIL", ": "+describe(f.err)
		}
		fmt.Fprintf(s.stdout, "%s  %s%s\n", mark, f.what, text)
	}
	if failed {
		return errReported
	}
	return nil
}

// describe prefers the sentence for people, and falls back to the cause.
func describe(err error) string {
	if fault.KindOf(err) != fault.Internal {
		return fault.Message(err)
	}
	return err.Error()
}

// checkStore looks at Redis and at what is in it, and uses its token to ask the platform.
func (s *surroundings) checkStore(cfg Config) []finding {
	opened, err := openRunning(s.ctx, cfg)
	if err != nil {
		return []finding{{"Redis", err}}
	}
	defer func() { _ = opened.close() }() // the store was only looked at
	findings := []finding{
		{"Redis", opened.store.Ping(s.ctx)},
		{"durability", opened.store.CheckDurability(s.ctx)},
		{"audit trails", checkTrails(s.ctx, opened.store)},
	}
	if cfg.WeChatAppID == "" {
		return findings
	}
	clock := &clock{}
	client := bot.NewClient(bot.ClientConfig{
		AppID: cfg.WeChatAppID, AppSecret: string(cfg.WeChatAppSecret), BaseURL: cfg.WeChatAPIBase, Tokens: opened.store.Tokens(), Now: clock.Now,
	})
	_, errIPs := client.CallbackIPs(s.ctx)
	return append(findings, finding{"access token and IP list", client.Ping(s.ctx)}, finding{"platform's API", errIPs})
}

func checkTrails(ctx context.Context, store *storage.Store) error {
	findings, err := store.VerifyTrails(ctx)
	if err != nil {
		return err
	}
	if len(findings) > 0 {
		return fmt.Errorf("%d damaged, first: %s", len(findings), findings[0])
	}
	return nil
}
