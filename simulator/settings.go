package simulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
)

// CallbackMode is how callbacks are encoded (消息加解密方式).
type CallbackMode int

// The three modes of Tencent's page 消息推送配置.
const (
	Safe       CallbackMode = iota // 安全模式: only the ciphertext
	Compatible                     // 兼容模式: ciphertext beside the clear fields
	Plain                          // 明文模式
)

// AccountKind is what the account is and whether it is certified (认证); it decides which calls answer 48001.
type AccountKind int

// The kinds that differ in their rights.
const (
	CertifiedSubscription AccountKind = iota // 已认证公众号（原订阅号）
	CertifiedService                         // 已认证服务号
	Uncertified                              // 未认证
	Personal                                 // 个人主体
)

var (
	modeNames = []string{"safe", "compatible", "plain"}
	kindNames = []string{"certified_subscription", "certified_service", "uncertified", "personal"}
)

// String returns the mode's name in the control API: safe, compatible or plain.
func (m CallbackMode) String() string { return nameOf(modeNames, int(m)) }

// MarshalText implements encoding.TextMarshaler.
func (m CallbackMode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler, so that a mode can be a JSON value or a command-line flag.
func (m *CallbackMode) UnmarshalText(b []byte) error {
	i, err := indexOf(modeNames, string(b))
	*m = CallbackMode(i)
	return err
}

// String returns the kind's name in the control API, such as certified_service.
func (k AccountKind) String() string { return nameOf(kindNames, int(k)) }

// MarshalText implements encoding.TextMarshaler.
func (k AccountKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler, so that a kind can be a JSON value or a command-line flag.
func (k *AccountKind) UnmarshalText(b []byte) error {
	i, err := indexOf(kindNames, string(b))
	*k = AccountKind(i)
	return err
}

func nameOf(names []string, i int) string {
	if i < 0 || i >= len(names) {
		return fmt.Sprintf("unknown(%d)", i)
	}
	return names[i]
}

func indexOf(names []string, name string) (int, error) {
	i := slices.Index(names, name)
	if i < 0 {
		return 0, fmt.Errorf("没有「%s」这个选项，可选：%s", name, strings.Join(names, "、"))
	}
	return i, nil
}

// Settings is behaviour that can be changed while the platform runs (GET and PATCH /sim/settings). Times are in
// milliseconds of real time.
type Settings struct {
	CallbackURL string       `json:"callback_url"`
	Mode        CallbackMode `json:"mode"`
	Kind        AccountKind  `json:"kind"`
	Format      DataFormat   `json:"format"` // of callbacks: xml (also when empty) or json

	ReplyTimeoutMS int `json:"reply_timeout_ms"` // the platform cuts a callback after this; Tencent: 5000
	PushAttempts   int `json:"push_attempts"`    // how often one message is pushed in all; Tencent: 3
	RetryPauseMS   int `json:"retry_pause_ms"`   // between two attempts

	PublishDelayMS    int   `json:"publish_delay_ms"`     // from submit to the end of a publication
	PublishResult     int   `json:"publish_result"`       // publish_status of the next publications: 0 2 3 4, or 0 and then 5 or 6
	FailIndexes       []int `json:"fail_idx"`             // with 2 or 4: the articles that failed, from 1
	PublishIDAsString bool  `json:"publish_id_as_string"` // Tencent's documents disagree: number or string
	DraftStays        bool  `json:"draft_stays"`          // the draft leaves the box at the end, not at submit
	TitleLimit        int   `json:"title_limit"`          // characters: 64 (real) or 32 (current text of the page)

	MassDelayMS     int         `json:"mass_delay_ms"`
	MassStatus      string      `json:"mass_status"` // Status of MASSSENDJOBFINISH, such as err(20001)
	MassConfirm     MassConfirm `json:"mass_confirm"`
	Copyright       *Copyright  `json:"copyright"` // verdict of the next mass sends; null: checked, nothing found
	OmitArticleURLs bool        `json:"omit_article_urls"`
	TagIDRequired   bool        `json:"tag_id_required"` // sendall without tag_id answers 40152 even when to all
	TemplateStatus  string      `json:"template_status"` // Status of TEMPLATESENDJOBFINISH, such as failed:user block

	IPList      []string       `json:"ip_list"`      // IP 白名单; empty: every address may call
	Quota       map[string]int `json:"quota"`        // daily limit by API path, over the built-in ones
	MinuteQuota int            `json:"minute_quota"` // calls per minute of each API; 0: only the built-in limits
	// MinuteQuotas is the limit for a minute by API path, over the built-in ones and MinuteQuota; 0: none.
	MinuteQuotas map[string]int `json:"minute_quotas"`
	MassQuota    int            `json:"mass_quota"` // mass sends a day; 1

	ShowIdentity bool `json:"show_identity"` // the wire view shows identity and phone numbers in full
}

// templateStatuses are what TEMPLATESENDJOBFINISH can say; the space in the third is Tencent's.
var templateStatuses = []string{"success", "failed:user block", "failed: system failed", "failed:freq limit"}

// MassConfirm is what the administrator does when asked on the phone to confirm a mass send (接口群发保护).
type MassConfirm string

// The administrator's answers.
const (
	ConfirmOff     MassConfirm = ""        // protection is off: nobody is asked
	ConfirmWait    MassConfirm = "wait"    // asked; POST /sim/mass/{msg_id} answers, err(40002) after 30 minutes of the platform's clock
	ConfirmRefuse  MassConfirm = "refuse"  // err(40001)
	ConfirmTimeout MassConfirm = "timeout" // err(40002) at once, as after 30 minutes of silence
)

// Copyright is an originality verdict (原创校验结果) as it stands in MASSSENDJOBFINISH.
type Copyright struct {
	CheckState int             `json:"check_state"` // 0 not checked, 1 no reprint, 2 reprint allowed, 3 reprint forbidden
	Items      []CopyrightItem `json:"items"`
}

// CopyrightItem is the verdict on one article. The meanings of UserDeclareState, AuditState and OriginalArticleType are
// not published.
type CopyrightItem struct {
	ArticleIdx            int    `json:"article_idx"` // from 1
	UserDeclareState      int    `json:"user_declare_state"`
	AuditState            int    `json:"audit_state"`
	OriginalArticleURL    string `json:"original_article_url"`
	OriginalArticleType   int    `json:"original_article_type"`
	CanReprint            int    `json:"can_reprint"`
	NeedReplaceContent    int    `json:"need_replace_content"`
	NeedShowReprintSource int    `json:"need_show_reprint_source"`
}

// DefaultSettings returns the behaviour of a zero Server.
func DefaultSettings() Settings {
	return Settings{
		Format: XML, ReplyTimeoutMS: 5000, PushAttempts: 3, RetryPauseMS: 200,
		PublishDelayMS: 1500, TitleLimit: 64,
		MassDelayMS: 1500, MassStatus: sendSuccess, MassQuota: 1, TemplateStatus: templateStatuses[0],
	}
}

var massStatus = regexp.MustCompile(`^(send success|send fail|err\(\d+\))$`)

// check reports the first setting that makes no sense.
func (s Settings) check() error {
	return cmp.Or(s.checkCallback(), s.checkPublish(), s.checkMass(), s.checkLimits())
}

func (s Settings) checkCallback() error {
	if s.CallbackURL != "" && !webAddress(s.CallbackURL) {
		return errors.New("callback_url 不是完整的网址，例如 http://127.0.0.1:8080/wechat")
	}
	if s.Format != "" && s.Format != XML && s.Format != JSON {
		return errors.New("format 只能是 xml 或 json")
	}
	if s.PushAttempts < 1 || s.PushAttempts > 10 {
		return errors.New("push_attempts 只能是 1 到 10")
	}
	if s.ReplyTimeoutMS < 1 {
		return errors.New("reply_timeout_ms 要大于 0")
	}
	return notNegative("retry_pause_ms", s.RetryPauseMS)
}

func (s Settings) checkPublish() error {
	if !slices.Contains([]int{published, originalFailed, publishFailed, auditRefused, userDeleted, systemBanned}, s.PublishResult) {
		return errors.New("publish_result 只能是 0（成功）、2（原创失败）、3（常规失败）、4（审核不通过）、5（成功后被用户删除）、6（成功后被平台封禁）")
	}
	for _, idx := range s.FailIndexes {
		if idx < 1 || idx > maxArticles {
			return errors.New("fail_idx 是第几篇，从 1 数起，最多 8")
		}
	}
	if s.TitleLimit != 32 && s.TitleLimit != 64 {
		return errors.New("title_limit 只能是 32 或 64")
	}
	return notNegative("publish_delay_ms", s.PublishDelayMS)
}

func (s Settings) checkMass() error {
	if !slices.Contains([]MassConfirm{ConfirmOff, ConfirmWait, ConfirmRefuse, ConfirmTimeout}, s.MassConfirm) {
		return errors.New("mass_confirm 只能是空、wait、refuse、timeout")
	}
	if !massStatus.MatchString(s.MassStatus) {
		return errors.New("mass_status 只能是 send success、send fail 或 err(数字)，例如 err(20001)")
	}
	if c := s.Copyright; c != nil && (c.CheckState < 0 || c.CheckState > 3) {
		return errors.New("copyright.check_state 只能是 0（没有校验）、1（不是转载）、2（转载，可以发）、3（转载，不能发）")
	}
	if !slices.Contains(templateStatuses, s.TemplateStatus) {
		return fmt.Errorf("template_status 只能是：%s", strings.Join(templateStatuses, "、"))
	}
	return notNegative("mass_delay_ms", s.MassDelayMS)
}

func (s Settings) checkLimits() error {
	if err := cmp.Or(checkQuotas("quota", s.Quota), checkQuotas("minute_quotas", s.MinuteQuotas)); err != nil {
		return err
	}
	for _, ip := range s.IPList {
		if net.ParseIP(ip) == nil {
			return fmt.Errorf("ip_list 里的 %q 不是 IP 地址", ip)
		}
	}
	return cmp.Or(notNegative("minute_quota", s.MinuteQuota), notNegative("mass_quota", s.MassQuota))
}

// checkQuotas reports the first limit that has no path, or is negative.
func checkQuotas(name string, limits map[string]int) error {
	for path, limit := range limits {
		if !strings.HasPrefix(path, "/") {
			return fmt.Errorf("%s 按接口路径写，例如 {\"/cgi-bin/draft/add\":2}，不能是 %q", name, path)
		}
		if err := notNegative(name+"["+path+"]", limit); err != nil {
			return err
		}
	}
	return nil
}

func notNegative(name string, n int) error {
	if n < 0 {
		return errors.New(name + " 不能是负数")
	}
	return nil
}

// Set changes one setting by its name in PATCH /sim/settings, as shoushan simulate --set does. The value is JSON; what is
// no JSON is taken as a string.
func (s *Server) Set(name, value string) error {
	s.init()
	raw := json.RawMessage(value)
	if !json.Valid(raw) {
		raw, _ = encode(value)
	}
	body, err := encode(map[string]json.RawMessage{name: raw})
	if err != nil {
		return err
	}
	_, err = s.change(body)
	return err
}

// change merges a JSON object into the settings and returns what they are now.
func (s *Server) change(body []byte) (Settings, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.state.settings
	if err := decodeStrict(body, &next); err != nil {
		return next, err
	}
	if err := next.check(); err != nil {
		return next, badRequest(err.Error())
	}
	s.apply(next)
	return next, nil
}

// Configure changes the settings as PATCH /sim/settings does; what makes no sense is refused and changes nothing.
func (s *Server) Configure(change func(*Settings)) error {
	s.init()
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.state.settings
	change(&next)
	if err := next.check(); err != nil {
		return err
	}
	s.apply(next)
	return nil
}

// apply puts settings into force.
func (s *Server) apply(next Settings) {
	s.state.settings = next
	s.wire.setReveal(next.ShowIdentity)
	s.hub.send("control", nil)
}
