package simulator

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// phoneRoutes is what the phone page calls. Every verb names the citizen whose phone it is.
func (s *Server) phoneRoutes(mux *http.ServeMux) {
	mux.Handle("/", serveWeb())
	mux.HandleFunc("GET /phone/events", s.serveEvents)
	mux.HandleFunc("GET /phone/state", s.locked(s.phoneState))
	mux.HandleFunc("GET /phone/chat", s.locked(s.phoneChat))
	mux.HandleFunc("GET /phone/articles", s.locked(s.phoneArticles))
	mux.HandleFunc("GET /phone/article/{id}", s.locked(s.phoneArticle))
	mux.HandleFunc("POST /phone/read", posted(s, s.phoneRead))
	mux.HandleFunc("POST /phone/follow", posted(s, s.phoneFollow))
	mux.HandleFunc("POST /phone/unfollow", posted(s, s.phoneUnfollow))
	mux.HandleFunc("POST /phone/text", posted(s, s.phoneText))
	mux.HandleFunc("POST /phone/image", door(s.phoneImage))
	mux.HandleFunc("POST /phone/voice", posted(s, s.phoneVoice))
	mux.HandleFunc("POST /phone/location", posted(s, s.phoneLocation))
	mux.HandleFunc("POST /phone/whereabouts", posted(s, s.phoneWhereabouts))
	mux.HandleFunc("POST /phone/menu", posted(s, s.phoneMenu))
	mux.HandleFunc("POST /phone/scan", posted(s, s.phoneScan))
	mux.HandleFunc("POST /phone/comment", posted(s, s.phoneComment))
	mux.HandleFunc("POST /phone/consent", posted(s, s.phoneConsent))
	mux.HandleFunc("POST /phone/subscribe", posted(s, s.phoneSubscribe))
	mux.HandleFunc("GET /phone/subscriptions", s.locked(s.phoneSubscriptions))
	mux.HandleFunc("POST /phone/other", posted(s, s.phoneOther))
	mux.HandleFunc("GET /cgi-bin/showqrcode", s.showQRCode)
	for _, elsewhere := range []string{"/mp/subscribemsg", subscribePath, qrPath + "{code}"} {
		mux.HandleFunc("GET "+elsewhere, openOnPhone)
	}
}

// openOnPhone leads a browser that comes from elsewhere to the phone, which opens the address.
func openOnPhone(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/?open="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
}

// tap is the body of every verb; each uses the fields it needs.
type tap struct {
	Citizen   string  `json:"citizen"`
	Text      string  `json:"text"`
	MenuID    string  `json:"menu_id"` // of a tapped msgmenu line
	Column    int     `json:"column"`
	Row       int     `json:"row"` // -1: the column itself
	Seconds   int     `json:"seconds"`
	Ticket    string  `json:"ticket"` // of a code, or the address that its picture says
	Kind      string  `json:"kind"`
	Article   string  `json:"article"` // that is read, commented on, or written from
	URL       string  `json:"url"`
	Agree     bool    `json:"agree"`
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

func (s *Server) person(id string) (*citizen, error) {
	if p := s.citizen(id); p != nil {
		return p, nil
	}
	return nil, notFound("没有这位市民：" + id)
}

// follower is a person who follows the account: only they can talk to it.
func (s *Server) follower(id string) (*citizen, error) {
	p, err := s.person(id)
	if err == nil && !p.Followed {
		return nil, conflict(p.Name + "还没有关注公众号")
	}
	return p, err
}

type citizenView struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Color    string `json:"color"`
	OpenID   string `json:"openid"`
	Followed bool   `json:"followed"`
	Unread   int    `json:"unread"`
	Last     string `json:"last"` // the newest bubble in one line
	At       int64  `json:"at"`   // of it, in milliseconds; 0: none

	Papers []paper `json:"papers"`
}

func (p *citizen) view() citizenView {
	v := citizenView{p.ID, p.Name, p.Color, p.OpenID, p.Followed, p.Unread, "", 0, p.papers()}
	if n := len(p.Bubbles); n > 0 {
		v.Last, v.At = p.Bubbles[n-1].line(), p.Bubbles[n-1].At
	}
	return v
}

func (s *Server) citizenViews() []citizenView {
	list := []citizenView{}
	for _, p := range s.state.citizens {
		list = append(list, p.view())
	}
	return list
}

func (s *Server) phoneState(*http.Request) (any, error) {
	set := s.state.settings
	faults := []Fault{}
	for _, f := range s.state.faults {
		faults = append(faults, *f)
	}
	waiting := []obj{}
	for _, job := range s.state.masses {
		if job.AskedAdmin {
			waiting = append(waiting, job.question())
		}
	}
	return obj{
		"account":  obj{"name": s.AccountName, "intro": s.AccountIntro, "original_id": s.OriginalID, "appid": s.AppID},
		"settings": set, "menu": s.state.menu, "citizens": s.citizenViews(), "faults": faults, "scenes": s.codes(),
		"waiting": waiting, "notice": s.Notice, "now": stamp(s.clock.now()),
	}, nil
}

func (s *Server) phoneChat(r *http.Request) (any, error) {
	p, err := s.person(r.URL.Query().Get("citizen"))
	if err != nil {
		return nil, err
	}
	return obj{
		"citizen": p.view(), "bubbles": append([]bubble{}, p.Bubbles...), "typing": s.clock.now().Before(p.Typing),
	}, nil
}

func (s *Server) phoneRead(_ *http.Request, in tap) (any, error) {
	p, err := s.person(in.Citizen)
	if err != nil {
		return nil, err
	}
	p.Unread = 0
	return nil, nil
}

// phoneFollow follows the account; a ticket makes it a scan.
func (s *Server) phoneFollow(r *http.Request, in tap) (any, error) {
	p, err := s.person(in.Citizen)
	if err != nil {
		return nil, err
	}
	if p.Followed {
		return nil, conflict(p.Name + "已经关注了公众号")
	}
	var fields []node
	p.Followed, p.FollowedAt, p.Scene, p.QrScene = true, s.clock.now(), "ADD_SCENE_SEARCH", ""
	if in.Ticket != "" {
		q, err := s.code(in.Ticket)
		if err != nil {
			return nil, err
		}
		p.Scene, p.QrScene = "ADD_SCENE_QR_CODE", q.Scene
		fields = []node{text("EventKey", "qrscene_"+q.Scene), text("Ticket", q.Ticket)}
	} else {
		fields = []node{text("EventKey", "")}
	}
	p.Windows.tapped(s.clock.now())
	s.hub.send("account", nil)
	s.pushLater(r.Context(), s.event(p, "subscribe", fields))
	return nil, nil
}

func (s *Server) phoneUnfollow(r *http.Request, in tap) (any, error) {
	p, err := s.follower(in.Citizen)
	if err != nil {
		return nil, err
	}
	p.Followed, p.Windows, p.Bubbles, p.Unread, p.Tags = false, windows{}, nil, 0, nil
	s.hub.send("account", nil)
	s.pushLater(r.Context(), s.event(p, "unsubscribe", []node{text("EventKey", "")}))
	return nil, nil
}

// phoneText sends what was typed, or a msgmenu line that was tapped (which counts as a tap, not as a message). From an article
// the message names it.
func (s *Server) phoneText(r *http.Request, in tap) (any, error) {
	p, err := s.follower(in.Citizen)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Text) == "" {
		return nil, badRequest("不能发送空白消息")
	}
	fields := []node{text("Content", in.Text)}
	if in.Article != "" {
		a, err := s.readable(in.Article)
		if err != nil {
			return nil, err
		}
		fields = append(fields, num("MsgDataId", a.MsgDataID), num("Idx", int64(a.Idx)))
	}
	if in.MenuID != "" {
		fields = append(fields, text("bizmsgmenuid", in.MenuID))
		p.Windows.tapped(s.clock.now())
	} else {
		p.Windows.spoke(s.clock.now())
	}
	return s.say(r, p, bubble{Kind: "text", Text: in.Text}, s.message(p, "text", fields)), nil
}

// say shows the citizen's own bubble and pushes the message.
func (s *Server) say(r *http.Request, p *citizen, b bubble, d delivery) bubble {
	b.From = fromCitizen
	b = s.show(p, b)
	s.pushLater(r.Context(), d)
	return b
}

// sayAfter pushes an event and, when it is answered, the message that belongs to it.
func (s *Server) sayAfter(r *http.Request, p *citizen, first delivery, b bubble, d delivery) bubble {
	b.From = fromCitizen
	b = s.show(p, b)
	s.background(r.Context(), func(ctx context.Context) {
		s.push(ctx, first)
		s.push(ctx, d)
	})
	return b
}

const maxPhoneImage = 10 * mb

func (s *Server) phoneImage(r *http.Request) (any, error) {
	file, header, err := r.FormFile("image")
	if err != nil {
		return nil, badRequest("没有收到图片")
	}
	defer closeQuietly(file)
	data, err := io.ReadAll(io.LimitReader(file, maxPhoneImage+1))
	kind := http.DetectContentType(data)
	if err != nil || len(data) > maxPhoneImage || !strings.HasPrefix(kind, "image/") {
		return nil, badRequest("只能发送 10 MB 以内的图片")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.follower(r.FormValue("citizen"))
	if err != nil {
		return nil, err
	}
	m := s.keepTemporary("image", header.Filename, kind, data)
	m.URL = s.keepImage(s.base(r), kind, data)
	p.Windows.spoke(s.clock.now())
	d := s.message(p, "image", []node{text("PicUrl", m.URL), text("MediaId", m.ID)})
	if r.FormValue("column") == "" {
		return s.say(r, p, bubble{Kind: "image", URL: m.URL}, d), nil
	}
	column, _ := strconv.Atoi(r.FormValue("column"))
	row, _ := strconv.Atoi(r.FormValue("row"))
	event, err := s.menuPicture(p, column, row, data)
	if err != nil {
		return nil, err
	}
	return s.sayAfter(r, p, event, bubble{Kind: "image", URL: m.URL}, d), nil
}

func (s *Server) keepTemporary(kind, name, contentType string, data []byte) *media {
	m := &media{
		ID: token(48), Kind: kind, Name: name, ContentType: contentType, Data: data, CreatedAt: s.clock.now(), Temporary: true,
	}
	s.state.media[m.ID] = m
	return m
}

// phoneVoice sends a stub: an AMR file without sound.
func (s *Server) phoneVoice(r *http.Request, in tap) (any, error) {
	p, err := s.follower(in.Citizen)
	if err != nil {
		return nil, err
	}
	m := s.keepTemporary("voice", "voice.amr", "audio/amr", []byte("#!AMR\n"))
	wide := s.keepTemporary("voice", "voice16k.amr", "audio/amr", []byte("#!AMR-WB\n"))
	p.Windows.spoke(s.clock.now())
	d := s.message(p, "voice", []node{text("MediaId", m.ID), text("Format", "amr"), text("MediaId16K", wide.ID)})
	return s.say(r, p, bubble{Kind: "voice", Seconds: max(in.Seconds, 1)}, d), nil
}

func (s *Server) phoneLocation(r *http.Request, in tap) (any, error) {
	p, err := s.follower(in.Citizen)
	if err != nil {
		return nil, err
	}
	p.Windows.spoke(s.clock.now())
	d := s.message(p, "location", []node{
		decimal("Location_X", in.Latitude), decimal("Location_Y", in.Longitude), num("Scale", 16), text("Label", in.Text),
	})
	return s.say(r, p, bubble{Kind: "location", Text: in.Text}, d), nil
}

// phoneWhereabouts is what a phone reports by itself when its owner enters the chat and has allowed it.
func (s *Server) phoneWhereabouts(r *http.Request, in tap) (any, error) {
	p, err := s.follower(in.Citizen)
	if err != nil {
		return nil, err
	}
	s.pushLater(r.Context(), s.event(p, "LOCATION", []node{
		decimal("Latitude", in.Latitude), decimal("Longitude", in.Longitude), decimal("Precision", 119.385040),
	}))
	return nil, nil
}

func (s *Server) phoneComment(_ *http.Request, in tap) (any, error) {
	p, err := s.person(in.Citizen)
	if err != nil {
		return nil, err
	}
	a, err := s.readable(in.Article)
	if err != nil {
		return nil, err
	}
	if !a.OpenReply || (a.OnlyFansCanComment == 1 && !p.Followed) || strings.TrimSpace(in.Text) == "" {
		return nil, conflict("这篇文章现在不能留言")
	}
	s.state.comments = append(s.state.comments, &comment{
		ID: s.next(), MsgDataID: a.MsgDataID, Index: a.Idx - 1, OpenID: p.OpenID, Content: in.Text, At: s.clock.now().Unix(),
	})
	return nil, nil
}

// phoneConsent answers the confirmation page of one-time messages (/mp/subscribemsg) and returns where it leads next.
func (s *Server) phoneConsent(_ *http.Request, in tap) (any, error) {
	p, err := s.person(in.Citizen)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(in.URL)
	if err != nil {
		return nil, badRequest("授权页地址读不懂")
	}
	q := u.Query()
	back, err := url.Parse(q.Get("redirect_url"))
	if err != nil || q.Get("appid") != s.AppID || q.Get("template_id") != DefaultTemplateID || !sceneOK(q.Get("scene")) {
		return nil, badRequest("授权页参数错误：appid、template_id、scene（0–10000）或 redirect_url 不对")
	}
	action := "cancel"
	out := back.Query()
	if in.Agree {
		action = "confirm"
		s.state.consents[consent{p.OpenID, q.Get("template_id"), q.Get("scene")}] = 1
		out.Set("openid", p.OpenID)
	}
	out.Set("template_id", q.Get("template_id"))
	out.Set("action", action)
	out.Set("scene", q.Get("scene"))
	out.Set("reserved", q.Get("reserved"))
	back.RawQuery = out.Encode()
	return obj{"redirect": back.String()}, nil
}

func sceneOK(scene string) bool {
	n := 0
	for _, r := range scene {
		if r < '0' || r > '9' || n > 10000 {
			return false
		}
		n = n*10 + int(r-'0')
	}
	return scene != "" && n <= 10000
}

// newest sorts articles by time, the newest first, those of one job in their order.
func newest(list []*article) {
	slices.SortStableFunc(list, func(a, b *article) int { return b.At.Compare(a.At) })
}

func chineseDate(t time.Time) string { return t.In(beijing).Format("2006年1月2日 15:04") }
