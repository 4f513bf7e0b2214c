// Package fault is the one error type of 首善: a kind that a program can act on, a sentence fit for the person who
// reads it, and the cause for the log.
//
//	return fault.New(fault.Conflict, "这件申请已经办结，不能再延期。")
//
// Every door (chat, console, job, command line) has one table from Kind to its own language; rules never name a
// status code.
package fault
