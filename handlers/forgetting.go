package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"shoushan/bot"
	"shoushan/disclosure"
)

// unfiledList names every kept picture that may not be part of a request yet. Each file is of its own, even when two pictures
// are the same, so that deleting one takes nothing from anybody.
const unfiledList = "list of unfiled pictures"

// unfiled is a kept picture.
type unfiled struct {
	Owner string    `json:"owner"` // the OpenID
	At    time.Time `json:"at"`    // when it was kept
}

// owner is the OpenID of the one under whose name, of an application or of a supplement, pictures are listed.
func owner(name string) string { return strings.TrimSuffix(name, supplementKey("")) }

// remember puts a file on the list before anything else names it, so that none is ever left behind.
func (p *Pictures) remember(ctx context.Context, name, file string) error {
	return p.changeUnfiled(ctx, func(all map[string]unfiled) { all[file] = unfiled{owner(name), p.Now().UTC()} })
}

func (p *Pictures) changeUnfiled(ctx context.Context, change func(map[string]unfiled)) error {
	return bot.ChangePaper(ctx, p.Papers, unfiledList, 0, func(all *map[string]unfiled) (bool, error) {
		if *all == nil {
			*all = map[string]unfiled{}
		}
		change(*all)
		return len(*all) > 0, nil
	})
}

// Forget deletes, at once, what the citizen has sent and not filed. What is part of a request stays with it.
func (p *Pictures) Forget(ctx context.Context, name string) error {
	all, err := bot.ReadPaper[[]sentPicture](ctx, p.Papers, name)
	if err != nil {
		return err
	}
	var files []string
	for _, s := range all {
		if s.File != "" {
			files = append(files, s.File)
		}
	}
	if err := p.Papers.Delete(ctx, name); err != nil || len(files) == 0 {
		return err
	}
	return p.discard(ctx, owner(name), files)
}

// discard deletes files unless one of the citizen's requests has them, and takes them off the list.
func (p *Pictures) discard(ctx context.Context, openID string, files []string) error {
	needed, err := p.needed(ctx, openID)
	if err != nil {
		return err
	}
	for _, file := range files {
		if !needed[file] {
			err = errors.Join(err, p.Files.RemoveFile(ctx, file))
		}
	}
	if err != nil {
		return err // they stay on the list, and Sweep tries again
	}
	return p.changeUnfiled(ctx, func(all map[string]unfiled) {
		for _, file := range files {
			delete(all, file)
		}
	})
}

func (p *Pictures) needed(ctx context.Context, openID string) (map[string]bool, error) {
	own, err := p.Filed.Requests(ctx, disclosure.Query{OpenID: openID})
	needed := map[string]bool{}
	for _, r := range own {
		for _, a := range r.AllFiles() {
			needed[a.File] = true
		}
	}
	return needed, err
}

// Sweep deletes the pictures of applications that were left unfinished until they expired, and says how many.
func (p *Pictures) Sweep(ctx context.Context, now time.Time) (string, error) {
	all, err := bot.ReadPaper[map[string]unfiled](ctx, p.Papers, unfiledList)
	if err != nil {
		return "", err
	}
	expired := map[string][]string{}
	n := 0
	for file, u := range all {
		if now.Sub(u.At) > pictureLife+24*time.Hour {
			expired[u.Owner] = append(expired[u.Owner], file)
			n++
		}
	}
	var errs []error
	for openID, files := range expired {
		errs = append(errs, p.discard(ctx, openID, files))
	}
	return fmt.Sprintf("到期没有提交的图片 %d 张，已删除其中不属于任何申请的。", n), errors.Join(errs...)
}
