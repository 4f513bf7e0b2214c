package simulator

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxQRSeconds = 2_592_000
	defQRSeconds = 60
	qrPath       = "/q/" // Tencent's are http://weixin.qq.com/q/…; these lead to the phone on this machine
)

// qrcode is a QR code with a parameter (带参数的二维码).
type qrcode struct {
	Ticket, Scene string
	URL           string    // what the picture says
	Until         time.Time // zero: for ever
}

func (q *qrcode) expired(now time.Time) bool { return !q.Until.IsZero() && !now.Before(q.Until) }

// codeView is a code as the phone offers it for scanning.
type codeView struct {
	Ticket string `json:"ticket"`
	Scene  string `json:"scene"`
	Image  string `json:"image"`
	Until  int64  `json:"until"` // milliseconds; 0: for ever
}

// codes are the codes that can be scanned now, the next to expire first and those for ever last.
func (s *Server) codes() []codeView {
	list := []codeView{}
	for _, q := range s.state.qrcodes {
		if q.expired(s.clock.now()) {
			continue
		}
		v := codeView{Ticket: q.Ticket, Scene: q.Scene, Image: "/cgi-bin/showqrcode?ticket=" + url.QueryEscape(q.Ticket)}
		if !q.Until.IsZero() {
			v.Until = q.Until.UnixMilli()
		}
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b codeView) int {
		return cmp.Or(cmp.Compare(uint64(a.Until-1), uint64(b.Until-1)), cmp.Compare(a.Scene, b.Scene), cmp.Compare(a.Ticket, b.Ticket))
	})
	return list
}

type qrRequest struct {
	ExpireSeconds int    `json:"expire_seconds"`
	ActionName    string `json:"action_name"`
	ActionInfo    struct {
		Scene struct {
			ID  int64  `json:"scene_id"`
			Str string `json:"scene_str"`
		} `json:"scene"`
	} `json:"action_info"`
}

// scene is the parameter, checked for the kind of code.
func (in qrRequest) scene() (string, error) {
	id, str := in.ActionInfo.Scene.ID, in.ActionInfo.Scene.Str
	byID := in.ActionName == "QR_SCENE" || in.ActionName == "QR_LIMIT_SCENE"
	byName := in.ActionName == "QR_STR_SCENE" || in.ActionName == "QR_LIMIT_STR_SCENE"
	limited := in.ActionName == "QR_LIMIT_SCENE" && id > maxLimitScene
	switch {
	case byID && id > 0 && !limited:
		return strconv.FormatInt(id, 10), nil
	case byName && str != "" && !tooLong(str, maxSceneStr):
		return str, nil
	}
	return "", fail(40035)
}

func qrCreate(c *call, in qrRequest) (any, error) {
	scene, err := in.scene()
	if err != nil || in.ExpireSeconds > maxQRSeconds {
		return nil, fail(40035)
	}
	q := &qrcode{Ticket: "gQ" + token(48), Scene: scene, URL: c.base + qrPath + token(16)}
	out := obj{"ticket": q.Ticket, "url": q.URL}
	if !strings.Contains(in.ActionName, "LIMIT") {
		if in.ExpireSeconds == 0 {
			in.ExpireSeconds = defQRSeconds
		}
		q.Until = c.now.Add(time.Duration(in.ExpireSeconds) * time.Second)
		out["expire_seconds"] = in.ExpireSeconds
	}
	c.state.qrcodes[q.Ticket] = q
	c.hub.send("control", nil)
	return out, nil
}

// showQRCode is the picture of a code, which anybody may fetch by its ticket (mp.weixin.qq.com/cgi-bin/showqrcode).
func (s *Server) showQRCode(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	q, err := s.code(r.URL.Query().Get("ticket"))
	s.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	data, err := drawQR(q.URL)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(data)
}

// code finds a code by its ticket, or by the address that its picture says.
func (s *Server) code(said string) (*qrcode, error) {
	q := s.state.qrcodes[said]
	if q == nil {
		for _, known := range s.state.qrcodes {
			if said != "" && known.URL != "" && strings.HasSuffix(known.URL, said) && strings.Contains(said, qrPath) {
				q = known
			}
		}
	}
	if q == nil || q.expired(s.clock.now()) {
		return nil, notFound("二维码不存在或已过期")
	}
	return q, nil
}

// phoneScan scans a code with a parameter: SCAN for a follower, subscribe for others.
func (s *Server) phoneScan(r *http.Request, in tap) (any, error) {
	p, err := s.person(in.Citizen)
	if err != nil {
		return nil, err
	}
	q, err := s.code(in.Ticket)
	if err != nil {
		return nil, err
	}
	if !p.Followed {
		return s.phoneFollow(r, in)
	}
	p.Windows.tapped(s.clock.now())
	s.pushLater(r.Context(), s.event(p, "SCAN", []node{text("EventKey", q.Scene), text("Ticket", q.Ticket)}))
	return nil, nil
}
