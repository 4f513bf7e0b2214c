package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"shoushan/console"
	"shoushan/fault"
	"shoushan/staff"
)

// userCommand is `shoushan user`.
type userCommand struct {
	Add     userAddCommand     `cmd:"" help:"Add a member."`
	List    userListCommand    `cmd:"" help:"List all members."`
	Disable userDisableCommand `cmd:"" help:"Disable a member; what the member did stays on record."`
	Enable  userEnableCommand  `cmd:"" help:"Enable a disabled member again."`
	Reset   userResetCommand   `cmd:"" help:"Give a member a new password and take a lost one-time code away."`
}

// Help shows an example.
func (userCommand) Help() string {
	return "Example: shoushan user add --id wang --name 王芳 --role author\n\nRoles: author reviewer approver publisher request_desk administrator"
}

type userAddCommand struct {
	ID           string       `name:"id" required:"" help:"Login name."`
	Name         string       `required:"" help:"Name as it appears on documents."`
	Role         []staff.Role `required:"" help:"author, reviewer, approver, publisher, request_desk or administrator; may be repeated."`
	PasswordFile string       `placeholder:"FILE" help:"First line is the password; without it one is made and printed."`
}

// Help shows an example.
func (userAddCommand) Help() string {
	return "Example: shoushan user add --id wang --name 王芳 --role author --role reviewer"
}

// Run adds the member.
func (c *userAddCommand) Run(s *surroundings) error {
	for _, role := range c.Role {
		if role.Chinese() == "" {
			return fault.Newf(fault.Invalid, "--role %s is not one of author, reviewer, approver, publisher, request_desk, administrator", role)
		}
	}
	password, err := choosePassword(c.PasswordFile)
	if err != nil {
		return err
	}
	return s.withStore(func(store staff.Directory, clock *clock) error {
		if _, err := store.Member(s.ctx, c.ID); err == nil {
			return fault.Newf(fault.Conflict, "登录名 %s 已经有人用了，请换一个；忘记密码请用 shoushan user reset。", c.ID)
		}
		m, err := console.NewMember(c.ID, c.Name, password, c.Role, clock.Now())
		if err != nil {
			return err
		}
		m.Record(staff.System, clock.Now(), staff.MemberAdded, "添加账号，角色："+staff.RoleNames(m.Roles))
		if err := store.SaveMember(s.ctx, m); err != nil {
			return err
		}
		return s.tellPassword(c.ID, password, c.PasswordFile)
	})
}

type userListCommand struct{}

// Help shows an example.
func (userListCommand) Help() string { return "Example: shoushan user list" }

// Run lists the members.
func (userListCommand) Run(s *surroundings) error {
	return s.withStore(func(store staff.Directory, _ *clock) error {
		members, err := store.Members(s.ctx)
		if err != nil {
			return err
		}
		for _, m := range members {
			state := ""
			if m.Disabled {
				state = "（已停用）"
			}
			fmt.Fprintf(s.stdout, "%-12s %s %v%s\n", m.ID, m.Name, m.Roles, state)
		}
		return nil
	})
}

type userDisableCommand struct {
	ID string `name:"id" required:"" help:"Login name."`
}

// Help shows an example.
func (userDisableCommand) Help() string { return "Example: shoushan user disable --id wang" }

// Run disables the member, unless nobody would be left to manage the others.
func (c *userDisableCommand) Run(s *surroundings) error {
	err := s.withStore(func(store staff.Directory, clock *clock) error {
		members, err := store.Members(s.ctx)
		if err != nil {
			return err
		}
		if lastAdministrator(members, c.ID) {
			return fault.Newf(fault.Conflict, "%s 是唯一的管理员，停用后没有人能管理账号。请先添加另一位管理员。", c.ID)
		}
		return change(s.ctx, store, c.ID, func(m *staff.Member) error {
			m.SetDisabled(staff.System, clock.Now(), true)
			return nil
		})
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "%s: disabled\n", c.ID)
	return err
}

// lastAdministrator reports whether the member is the only one who may manage the others.
func lastAdministrator(members []staff.Member, id string) bool {
	last := false
	for _, m := range members {
		if m.May(staff.ManageStaff) {
			if m.ID != id {
				return false
			}
			last = true
		}
	}
	return last
}

type userEnableCommand struct {
	ID string `name:"id" required:"" help:"Login name."`
}

// Help shows an example.
func (userEnableCommand) Help() string { return "Example: shoushan user enable --id wang" }

// Run enables the member.
func (c *userEnableCommand) Run(s *surroundings) error {
	err := s.changeMember(c.ID, func(m *staff.Member, now time.Time) error {
		m.SetDisabled(staff.System, now, false)
		return nil
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "%s: enabled\n", c.ID)
	return err
}

type userResetCommand struct {
	ID           string `name:"id" required:"" help:"Login name."`
	PasswordFile string `placeholder:"FILE" help:"First line is the password; without it one is made and printed."`
}

// Help shows an example.
func (userResetCommand) Help() string {
	return "Example: shoushan user reset --id wang\n\nA disabled member stays disabled; see shoushan user enable."
}

// Run gives the member a new password and takes a lost second factor away.
func (c *userResetCommand) Run(s *surroundings) error {
	password, err := choosePassword(c.PasswordFile)
	if err != nil {
		return err
	}
	err = s.changeMember(c.ID, func(m *staff.Member, now time.Time) error {
		hash, err := console.HashPassword(password)
		m.Reset(staff.System, now, hash)
		return err
	})
	if err != nil {
		return err
	}
	return s.tellPassword(c.ID, password, c.PasswordFile)
}

func (s *surroundings) changeMember(id string, alter func(*staff.Member, time.Time) error) error {
	return s.withStore(func(store staff.Directory, clock *clock) error {
		return change(s.ctx, store, id, func(m *staff.Member) error { return alter(m, clock.Now()) })
	})
}

// change loads a member, alters it and stores it.
func change(ctx context.Context, store staff.Directory, id string, alter func(*staff.Member) error) error {
	m, err := store.Member(ctx, id)
	if err != nil {
		return err
	}
	if err := alter(&m); err != nil {
		return err
	}
	return store.SaveMember(ctx, m)
}

// withStore opens the configured store for one command.
func (s *surroundings) withStore(do func(staff.Directory, *clock) error) (err error) {
	cfg, err := LoadConfig(s.getenv)
	if err != nil {
		return err
	}
	opened, err := openRunning(s.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	return do(opened.store, &clock{})
}

func choosePassword(file string) (string, error) {
	if file == "" {
		return rand.Text()[:16], nil
	}
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Scan()
	if password := strings.TrimSpace(lines.Text()); len(password) >= 10 {
		return password, nil
	}
	return "", fault.Newf(fault.Invalid, "%s: the first line must be a password of at least 10 characters", file)
}

func (s *surroundings) tellPassword(id, password, file string) error {
	if file != "" {
		password = "as in " + file
	}
	_, err := fmt.Fprintf(s.stdout, "%s: password %s\n", id, password)
	return err
}
