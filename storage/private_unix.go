//go:build unix

package storage

import (
	"os/exec"
	"syscall"
)

// detach keeps an interrupt typed at the terminal away from the child: it must outlive everything that still writes.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
