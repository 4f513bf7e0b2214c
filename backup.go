package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// backupCommand is `shoushan backup`.
type backupCommand struct {
	Out string `required:"" placeholder:"ARCHIVE" help:"Where to write the archive."`
}

// Help shows an example.
func (backupCommand) Help() string {
	return "Example: shoushan backup --out /backup/shoushan-$(date +%F).ndjson\n\nPersonal data stays encrypted in it; keep DATA_KEY apart."
}

// Run writes the archive beside its final name first, so that a broken backup never replaces a good one.
func (c *backupCommand) Run(s *surroundings) (err error) {
	cfg, err := LoadConfig(s.getenv)
	if err != nil {
		return err
	}
	opened, err := openRunning(s.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	file, err := os.CreateTemp(filepath.Dir(c.Out), ".backup-*")
	if err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	defer os.Remove(file.Name())
	if err := errors.Join(opened.store.Backup(s.ctx, file), file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), c.Out); err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	fmt.Fprintf(s.stdout, "backup written: %s\n", c.Out)
	return nil
}

// restoreCommand is `shoushan restore`.
type restoreCommand struct {
	In       string `required:"" placeholder:"ARCHIVE" help:"The archive to read."`
	Unsigned bool   `help:"Take an archive made by hand, without the digest that shows whether a backup was altered."`
}

// Help shows an example.
func (restoreCommand) Help() string {
	return "Example: shoushan restore --in shoushan-2026-11-23.ndjson\n\nThe store must be empty. Nothing is sent again: posts that were due wait for a person."
}

// Run reads the archive into the configured, empty store.
func (c *restoreCommand) Run(s *surroundings) (err error) {
	cfg, err := LoadConfig(s.getenv)
	if err != nil {
		return err
	}
	file, err := os.Open(c.In)
	if err != nil {
		return fmt.Errorf("open the archive: %w", err)
	}
	defer file.Close()
	opened, err := openStore(s.ctx, cfg, &clock{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	restore := opened.store.Restore
	if c.Unsigned {
		restore = opened.store.RestoreUnsigned
	}
	if err := restore(s.ctx, file); err != nil {
		return err
	}
	fmt.Fprintf(s.stdout, "restored: %s\n", c.In)
	return nil
}
