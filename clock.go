package main

import (
	"sync/atomic"
	"time"
)

// clock is where the whole house reads the time. demo can move it; serve never does.
type clock struct{ offset atomic.Int64 }

// Now returns the current instant, moved by what Set asked for.
func (c *clock) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }

// Set moves the clock so that it reads t now; it goes on running from there.
func (c *clock) Set(t time.Time) { c.offset.Store(int64(time.Until(t))) }
