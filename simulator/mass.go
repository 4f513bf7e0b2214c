package simulator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

const (
	clientIDBytes  = 64
	clientIDLife   = 24 * time.Hour
	clientIDRetry  = time.Minute
	confirmLimit   = 30 * time.Minute // for the administrator's answer
	confirmLook    = 250 * time.Millisecond
	serviceMonthly = 4 // a follower of a service account receives at most 4 a month
)

// The values of msg_status.
const (
	massSending = "SENDING"
	massSuccess = "SEND_SUCCESS"
	massFail    = "SEND_FAIL"
	massDeleted = "DELETE"
)

// The Status of MASSSENDJOBFINISH that matters here; the others are errors of the content.
const (
	sendSuccess   = "send success"
	adminRefused  = "err(40001)"
	adminSilent   = "err(40002)"
	notSendable   = "err(30002)"
	judgedReprint = "err(30003)"
)

// massJob is one mass send (群发).
type massJob struct {
	ID, MsgDataID int64
	ClientID      string
	Status        string
	Reason        string // Status of the event
	In            massRequest
	DraftID       string // empty: not articles
	Draft         *draft `json:"-"`
	Base          string
	At            time.Time
	TriedAt       time.Time  // the last call with this clientmsgid
	Articles      []*article `json:"-"`
	Sent, Total   int
	Copyright     *Copyright
	AskedAdmin    bool
	Refused       bool
	ByHand        bool     // sent in Tencent's own back end: nobody is asked, nothing is checked
	Unanswered    bool     // the administrator let the 30 minutes pass
	Targets       []string // openids
}

type massRequest struct {
	Filter struct {
		IsToAll bool `json:"is_to_all"`
		TagID   *int `json:"tag_id"`
	} `json:"filter"`
	ToUser   any      `json:"touser"`
	ToWXName string   `json:"towxname"`
	MsgType  string   `json:"msgtype"`
	MPNews   mediaID  `json:"mpnews"`
	Text     textBody `json:"text"`
	Image    mediaID  `json:"image"`
	Images   struct {
		MediaIDs []string `json:"media_ids"`
	} `json:"images"`
	Voice             mediaID `json:"voice"`
	MPVideo           mediaID `json:"mpvideo"`
	Card              cardID  `json:"wxcard"`
	SendIgnoreReprint int     `json:"send_ignore_reprint"`
	ClientMsgID       string  `json:"clientmsgid"`
}

// cardID is a coupon (卡券); what it says is not known here.
type cardID struct {
	ID string `json:"card_id"`
}

type textBody struct {
	Content string `json:"content"`
}

// massContent checks what is to be sent and finds its draft.
func (c *call) massContent(in massRequest) (*draft, error) {
	switch in.MsgType {
	case "mpnews":
		return c.draft(in.MPNews.MediaID)
	case "text":
		if in.Text.Content == "" {
			return nil, fail(44004)
		}
	case "wxcard":
		if in.Card.ID == "" {
			return nil, fail(40035)
		}
	case "image", "voice", "mpvideo":
		ids := in.mediaIDs()
		if len(ids) == 0 || len(ids) > maxNewsPics {
			return nil, fail(40007)
		}
		for _, id := range ids {
			if m := c.state.media[id]; m == nil || m.Kind != strings.TrimPrefix(in.MsgType, "mp") {
				return nil, fail(40007)
			}
		}
	default:
		return nil, fail(40008)
	}
	return nil, nil
}

// mediaIDs are the pictures (several under images, one under image), the voice or the video of a request.
func (in massRequest) mediaIDs() []string {
	if in.MsgType == "image" && len(in.Images.MediaIDs) > 0 {
		return in.Images.MediaIDs
	}
	id := map[string]string{"image": in.Image.MediaID, "voice": in.Voice.MediaID, "mpvideo": in.MPVideo.MediaID}[in.MsgType]
	if id == "" {
		return nil
	}
	return []string{id}
}

func sendAll(c *call, in massRequest) (any, error) {
	targets := c.followers()
	if in.Filter.TagID == nil && (c.state.settings.TagIDRequired || !in.Filter.IsToAll) {
		return nil, fail(40152)
	}
	if !in.Filter.IsToAll {
		id := *in.Filter.TagID
		if c.tagByID(id) == nil {
			return nil, fail(40152)
		}
		targets = slices.DeleteFunc(targets, func(p *citizen) bool { return !slices.Contains(p.Tags, id) })
	}
	return c.startMass(in, targets)
}

// sendByOpenID is message/mass/send, for service accounts only.
func sendByOpenID(c *call, in massRequest) (any, error) {
	list, _ := in.ToUser.([]any)
	if len(list) < 2 || len(list) > 10_000 {
		return nil, fail(40130)
	}
	targets := slices.DeleteFunc(c.followers(), func(p *citizen) bool { return !slices.Contains(list, any(p.OpenID)) })
	if len(targets) == 0 {
		return nil, fail(40003)
	}
	return c.startMass(in, targets)
}

// startMass accepts a job; the result comes later by event.
func (c *call) startMass(in massRequest, targets []*citizen) (any, error) {
	if in.ClientMsgID == "" {
		in.ClientMsgID = in.impliedID()
	}
	if err := c.checkClientID(in.ClientMsgID); err != nil {
		return nil, err
	}
	d, err := c.massContent(in)
	if err != nil {
		return nil, err
	}
	if err := c.checkMassQuota(in); err != nil {
		return nil, err
	}
	n := c.next()
	job := &massJob{
		ID: 1000000000 + n, MsgDataID: 2247480000 + n, ClientID: in.ClientMsgID, Status: massSending, In: in, Draft: d,
		Base: c.base, At: c.now, TriedAt: c.now,
	}
	for _, p := range targets {
		job.Targets = append(job.Targets, p.OpenID)
	}
	if d != nil {
		d.Busy, job.DraftID = true, d.ID
	}
	c.state.masses = append(c.state.masses, job)
	c.schedule(job)
	return obj{"errcode": 0, "errmsg": "send job submission success", "msg_id": job.ID, "msg_data_id": job.MsgDataID}, nil
}

func (c *call) schedule(job *massJob) {
	if c.state.settings.MassConfirm == ConfirmWait && job.In.Filter.IsToAll {
		job.AskedAdmin = true
		c.hub.send("control", nil)
		c.awaitAdmin(job)
		return
	}
	if _, early := c.strike("MASSSENDJOBFINISH", FaultEarly); early {
		c.early = append(c.early, func(ctx context.Context) { c.finishMass(ctx, job) })
		return
	}
	delay := time.Duration(c.state.settings.MassDelayMS) * time.Millisecond
	c.finishMassAfter(c.r.Context(), job, delay)
}

func (s *Server) finishMassAfter(parent context.Context, job *massJob, delay time.Duration) {
	s.background(parent, func(ctx context.Context) {
		if pause(ctx, delay) {
			s.finishMass(ctx, job)
		}
	})
}

// impliedID is the clientmsgid that the platform makes from content and group when the caller gives none.
func (in massRequest) impliedID() string {
	body, _ := encode(in)
	sum := sha256.Sum256(body)
	return "auto-" + hex.EncodeToString(sum[:12])
}

// checkClientID applies the rules of clientmsgid: kept 24 h; a repeat answers 45065 with the msg_id of the first, or
// 45066 when it follows within a minute.
func (c *call) checkClientID(id string) error {
	if len(id) > clientIDBytes {
		return fail(45067)
	}
	for _, job := range c.state.masses {
		if job.ClientID != id || c.now.Sub(job.At) >= clientIDLife {
			continue
		}
		soon := c.now.Sub(job.TriedAt) < clientIDRetry && job.Status == massSending
		job.TriedAt = c.now
		if soon {
			return fail(45066)
		}
		return &apiError{code: 45065, text: codeTexts[45065], extra: obj{"msg_id": job.ID}}
	}
	return nil
}

// checkMassQuota: a subscription account sends once a day; a service account to all four times a month.
func (c *call) checkMassQuota(in massRequest) error {
	today, thisMonth := 0, 0
	for _, job := range c.state.masses {
		if job.Status == massFail || !job.In.Filter.IsToAll && c.state.settings.Kind == CertifiedService {
			continue
		}
		if day(job.At) == day(c.now) {
			today++
		}
		if month(job.At) == month(c.now) {
			thisMonth++
		}
	}
	service := c.state.settings.Kind == CertifiedService
	if service && !in.Filter.IsToAll {
		return nil
	}
	if today >= c.state.settings.MassQuota || (service && thisMonth >= serviceMonthly) {
		return fail(45028)
	}
	return nil
}

// outcome decides what becomes of a mass send: the administrator, then the originality check, then the ordered status.
func (s *Server) outcome(job *massJob) string {
	if job.ByHand {
		job.Copyright = &Copyright{} // CheckState 0, as real pushes have it
		return sendSuccess
	}
	confirm := s.state.settings.MassConfirm
	if job.Refused || (job.In.Filter.IsToAll && confirm == ConfirmRefuse) {
		return adminRefused
	}
	if job.Unanswered || (job.In.Filter.IsToAll && confirm == ConfirmTimeout) {
		return adminSilent
	}
	if job.Draft == nil {
		job.Copyright = &Copyright{}
		return s.state.settings.MassStatus
	}
	job.Copyright = &Copyright{CheckState: 1}
	if verdict := s.state.settings.Copyright; verdict != nil {
		job.Copyright = verdict
		if verdict.CheckState == 3 {
			return notSendable
		}
		if verdict.CheckState == 2 && job.In.SendIgnoreReprint == 0 {
			return judgedReprint
		}
	}
	return s.state.settings.MassStatus
}

// finishMass delivers a job to its targets, or not, and pushes MASSSENDJOBFINISH.
func (s *Server) finishMass(ctx context.Context, job *massJob) {
	s.mu.Lock()
	if job.Status != massSending {
		s.mu.Unlock()
		return
	}
	job.Reason = s.outcome(job)
	s.settle(job)
	event := s.event(nil, "MASSSENDJOBFINISH", job.event(s.state.settings.OmitArticleURLs))
	s.mu.Unlock()
	s.push(ctx, event)
}

// settle carries the outcome out.
func (s *Server) settle(job *massJob) {
	job.AskedAdmin = false
	if job.Reason != sendSuccess {
		job.Status = massFail
		if job.Draft != nil {
			job.Draft.Busy = false
		}
		return
	}
	job.Status = massSuccess
	if job.Draft != nil {
		job.Articles = s.publish(job.Draft, job.Base, job.MsgDataID, job.In.Filter.IsToAll)
		job.markReprints()
	}
	for _, openID := range job.Targets {
		p := s.citizen(openID)
		job.Total++
		if p == nil || s.monthlyFull(p) {
			continue
		}
		job.Sent++
		p.MassAt = append(p.MassAt, s.clock.now())
		for _, b := range s.massBubbles(job) {
			s.show(p, b)
		}
	}
	s.hub.send("articles", nil)
}

// monthlyFull tells whether a follower of a service account has had the four of this month.
func (s *Server) monthlyFull(p *citizen) bool {
	n := 0
	for _, at := range p.MassAt {
		if month(at) == month(s.clock.now()) {
			n++
		}
	}
	return s.state.settings.Kind == CertifiedService && n >= serviceMonthly
}

// markReprints replaces the text of articles judged reprints by the original's, with its source.
func (j *massJob) markReprints() {
	for _, item := range j.Copyright.Items {
		if item.NeedReplaceContent == 1 && item.ArticleIdx >= 1 && item.ArticleIdx <= len(j.Articles) {
			j.Articles[item.ArticleIdx-1].Reprint = item.OriginalArticleURL
		}
	}
}

// massBubbles is what a follower sees: several pictures are several bubbles.
func (s *Server) massBubbles(job *massJob) []bubble {
	b := bubble{From: fromAccount, Kind: strings.TrimPrefix(job.In.MsgType, "mp"), Via: "群发", Text: job.In.Text.Content}
	switch {
	case job.Draft != nil:
		b.Kind, b.Cards = "news", cardsOf(job.Articles)
	case job.In.MsgType == "wxcard":
		b.Kind, b.Title, b.Text = "coupon", couponTitle, job.In.Card.ID
	}
	var list []bubble
	for _, id := range job.In.mediaIDs() {
		if m := s.state.media[id]; m != nil {
			b.URL, b.Title = m.URL, m.Title
			list = append(list, b)
		}
	}
	if len(list) == 0 {
		list = []bubble{b}
	}
	return list
}

func cardsOf(articles []*article) []card {
	var cards []card
	for _, a := range articles {
		cards = append(cards, card{Title: a.Title, Description: a.Digest, PicURL: a.ThumbURL, URL: a.URL})
	}
	return cards
}
