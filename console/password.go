package console

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"shoushan/fault"
	"shoushan/staff"
)

// MinPassword is the least number of characters of a password.
const MinPassword = 10

// HashPassword returns the argon2id hash of a password (64 MiB, one pass, two lanes, random salt).
func HashPassword(password string) (string, error) {
	return argon2id.CreateHash(password, &argon2id.Params{Memory: 64 * 1024, Iterations: 1, Parallelism: 2, SaltLength: 16, KeyLength: 32})
}

// decoy is what unknown logins are compared with, so that they take as long as known ones: random bytes in the place of salt
// and hash, which no password leads to. It is written down because computing it would take 64 MiB at every start.
const decoy = "$argon2id$v=19$m=65536,t=1,p=2$I56AfOsnf3b8Hw5ztaaJmA$FnlxGATG8CIPsstzt0TBoLSPPR/Ejx1yTGDI1xl6Rag"

var loginName = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,31}$`)

// NewMember returns a member with a hashed password, ready for staff.Directory.SaveMember. It returns an Invalid fault
// with a sentence when the login name, the name, the roles or the password will not do.
func NewMember(id, name, password string, roles []staff.Role, now time.Time) (staff.Member, error) {
	switch {
	case !loginName.MatchString(id):
		return staff.Member{}, fault.New(fault.Invalid, "登录名用 2 到 32 个小写字母、数字、点、横线，以字母开头。")
	case id == staff.System.ID || id == staff.Citizen.ID:
		return staff.Member{}, fault.New(fault.Invalid, "这个登录名是系统保留的，请换一个。")
	case strings.TrimSpace(name) == "":
		return staff.Member{}, fault.New(fault.Invalid, "请填写姓名，它会出现在办理记录和文书审批里。")
	case len(roles) == 0:
		return staff.Member{}, fault.New(fault.Invalid, "请至少选择一个角色。")
	}
	if err := checkNewPassword(id, password); err != nil {
		return staff.Member{}, err
	}
	hash, err := HashPassword(password)
	if err != nil {
		return staff.Member{}, err
	}
	return staff.Member{ID: id, Name: strings.TrimSpace(name), Roles: roles, PasswordHash: hash, CreatedAt: now.UTC()}, nil
}

func checkNewPassword(id, password string) error {
	switch {
	case utf8.RuneCountInString(password) < MinPassword:
		return fault.Newf(fault.Invalid, "密码至少 %d 个字符。可以用一句自己记得住的话。", MinPassword)
	case len(password) > 256:
		return fault.New(fault.Invalid, "密码太长了，请不要超过 256 字节。")
	case strings.Contains(strings.ToLower(password), id):
		return fault.New(fault.Invalid, "密码里不能含有登录名。")
	}
	return nil
}

// compare checks a password against a hash, at most two at a time; a crowd waits, and gives up with its request.
func (c *Console) compare(ctx context.Context, password, hash string) (bool, error) {
	release, err := c.turn(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	return argon2id.ComparePasswordAndHash(password, hash)
}

// turn waits for one of the two places in which argon2id may run.
func (c *Console) turn(ctx context.Context) (release func(), err error) {
	return wait(ctx, c.hashing, "现在登录的人太多，请稍等片刻再试。")
}

// wait takes one of the places, or gives up with the request.
func wait(ctx context.Context, places chan struct{}, sorry string) (release func(), err error) {
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, fault.Wrap(fault.Unavailable, ctx.Err(), sorry)
	}
}

// hash is HashPassword under the same limit as compare.
func (c *Console) hash(ctx context.Context, password string) (string, error) {
	release, err := c.turn(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return HashPassword(password)
}
