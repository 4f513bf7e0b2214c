package simulator

import (
	"errors"
	"slices"
	"strings"
)

// FaultKind is a way to fail.
type FaultKind string

// Failures of an API call, and failures of a callback.
const (
	FaultBusy     FaultKind = "busy"     // errcode -1, nothing done
	FaultCode     FaultKind = "code"     // errcode Code, nothing done
	FaultStatus   FaultKind = "status"   // HTTP status Status (502), nothing done
	FaultHang     FaultKind = "hang"     // no answer for DelayMS (60000), nothing done
	FaultSlow     FaultKind = "slow"     // done at once, answered after DelayMS
	FaultDrop     FaultKind = "drop"     // done, then the connection breaks without an answer
	FaultTruncate FaultKind = "truncate" // done, the answer stops in mid JSON
	FaultRepeat   FaultKind = "repeat"   // a mass send is accepted, yet answered 45065 with its msg_id: the platform retried within itself

	FaultLose      FaultKind = "lose"      // never pushed
	FaultLate      FaultKind = "late"      // pushed after DelayMS (10000)
	FaultSwap      FaultKind = "swap"      // pushed after the next one (out of order), or after DelayMS (10000) when none comes
	FaultDuplicate FaultKind = "duplicate" // pushed twice, although answered
	FaultEarly     FaultKind = "early"     // a job's result pushed before the call that starts the job is answered
)

var (
	apiFaults      = []FaultKind{FaultBusy, FaultCode, FaultStatus, FaultHang, FaultSlow, FaultDrop, FaultTruncate, FaultRepeat}
	callbackFaults = []FaultKind{FaultLose, FaultLate, FaultSwap, FaultDuplicate, FaultEarly}
)

const massPath = "/cgi-bin/message/mass/"

// Fault is one ordered failure. On says where: an API path such as /cgi-bin/draft/add, "*" for every API, an event's
// name such as PUBLISHJOBFINISH, or "message" for the messages that citizens send.
type Fault struct {
	ID      int       `json:"id"`
	On      string    `json:"on"`
	Kind    FaultKind `json:"kind"`
	Times   int       `json:"times"` // how often it strikes; 0: until removed
	Hits    int       `json:"hits"`  // how often it has struck
	Code    int       `json:"code,omitempty"`
	Status  int       `json:"status,omitempty"`
	DelayMS int       `json:"delay_ms,omitempty"`
}

func (f Fault) check() error {
	onAPI := f.On == "*" || strings.HasPrefix(f.On, "/")
	switch {
	case f.On == "":
		return errors.New("on 要写明在哪里出错：接口路径、*、事件名或 message")
	case onAPI && !slices.Contains(apiFaults, f.Kind):
		return errors.New("接口的故障（kind）只能是 " + listed(apiFaults))
	case !onAPI && !slices.Contains(callbackFaults, f.Kind):
		return errors.New("回调的故障（kind）只能是 " + listed(callbackFaults))
	case f.Kind == FaultEarly && !strings.HasSuffix(f.On, "JOBFINISH"):
		return errors.New("early 只能用于 PUBLISHJOBFINISH 和 MASSSENDJOBFINISH")
	case f.Kind == FaultRepeat && !strings.HasPrefix(f.On, massPath):
		return errors.New("repeat 只能用于 " + massPath + "sendall 和 send")
	case f.Kind == FaultCode && f.Code == 0:
		return errors.New("code 要写明答哪个 errcode，例如 \"code\":45009")
	case f.Status != 0 && (f.Status < 100 || f.Status > 599):
		return errors.New("status 要是 HTTP 状态，例如 502")
	case f.Times < 0 || f.DelayMS < 0:
		return errors.New("times 和 delay_ms 不能是负数")
	}
	return nil
}

func listed(kinds []FaultKind) string {
	var names []string
	for _, kind := range kinds {
		names = append(names, string(kind))
	}
	return strings.Join(names, "、")
}

// AddFault orders a failure, as POST /sim/faults does, and returns its id.
func (s *Server) AddFault(f Fault) (int, error) {
	s.init()
	if err := f.check(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.faultSeq++
	f.ID, f.Hits = s.state.faultSeq, 0
	s.state.faults = append(s.state.faults, &f)
	s.hub.send("control", nil)
	return f.ID, nil
}

// ClearFaults removes every ordered failure.
func (s *Server) ClearFaults() {
	s.init()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.faults = nil
	s.hub.send("control", nil)
}

// strike returns the first failure that is due at this place among these kinds, and counts it.
func (s *Server) strike(on string, kinds ...FaultKind) (Fault, bool) {
	for _, f := range s.state.faults {
		anyAPI := f.On == "*" && strings.HasPrefix(on, "/")
		if (f.On != on && !anyAPI) || !slices.Contains(kinds, f.Kind) || (f.Times > 0 && f.Hits >= f.Times) {
			continue
		}
		f.Hits++
		s.hub.send("control", nil)
		return *f, true
	}
	return Fault{}, false
}
