package disclosure

import (
	"log/slog"
	"time"

	"shoushan/staff"
	"shoushan/workday"
)

// Channel is how a request reached the organ (申请渠道).
type Channel string

// The channels. Counter and Post are the two that may never be refused (国办公开办函〔2017〕19号).
const (
	ByWeChat  Channel = "wechat"
	AtCounter Channel = "counter"
	ByPost    Channel = "post"
	ByPhone   Channel = "phone" // oral, written down by staff (条例第二十九条第三款)
	ByEmail   Channel = "email"
)

// ApplicantKind is the applicant's class; it is the column of table 三 in the annual report. A lawyer acting for a
// citizen files as NaturalPerson: the principal counts.
type ApplicantKind string

// The applicant kinds, spelled as the columns of the report's schema.
const (
	NaturalPerson      ApplicantKind = "natural"            // 自然人
	Company            ApplicantKind = "org_business"       // 商业企业
	ResearchInstitute  ApplicantKind = "org_research"       // 科研机构
	SocialOrganization ApplicantKind = "org_public_welfare" // 社会公益组织
	LegalService       ApplicantKind = "org_legal_service"  // 法律服务机构
	OtherOrganization  ApplicantKind = "org_other"          // 其他
)

// ApplicantKinds lists the kinds in the order of the report's columns.
func ApplicantKinds() []ApplicantKind {
	return []ApplicantKind{NaturalPerson, Company, ResearchInstitute, SocialOrganization, LegalService, OtherOrganization}
}

// Medium is the form in which the information is wanted (形式要求, 条例第二十九条第二款第三项).
type Medium string

// The media that an applicant may ask for.
const (
	Paper      Medium = "paper"      // 纸质
	Electronic Medium = "electronic" // 电子文档
	Inspection Medium = "inspection" // 当面查阅、抄录
)

// Delivery is how the reply reaches the applicant (获取方式).
type Delivery string

// The ways of delivery.
const (
	DeliverByWeChat Delivery = "wechat"
	DeliverByPost   Delivery = "post" // EMS only: 国办公开办函〔2016〕235号
	DeliverByPickup Delivery = "pickup"
	DeliverByEmail  Delivery = "email"
)

// Personal is what a request says about a person. It is encrypted at rest, masked wherever it is shown, and never
// logged.
type Personal struct {
	Name           string `json:"name"`            // 姓名或名称
	DocumentNumber string `json:"document_number"` // 身份证号 or 统一社会信用代码
	Representative string `json:"representative"`  // 法定代表人或经办人, organizations only
	Phone          string `json:"phone"`
	Email          string `json:"email"`
	Address        string `json:"address"`
	Description    string `json:"description"` // 所需信息的名称、文号或者其他特征性描述
	// Agent files for the applicant (代理人); Authority names the paper that shows it. All three or none.
	Agent         string `json:"agent,omitempty"`
	AgentDocument string `json:"agent_document,omitempty"` // identity number
	Authority     string `json:"authority,omitempty"`      // e.g. 授权委托书，2026年3月1日
}

// LogValue keeps personal data out of every log.
func (Personal) LogValue() slog.Value { return slog.StringValue("[applicant]") }

// String keeps personal data out of every formatted message.
func (Personal) String() string { return "[applicant]" }

// Matter is what a request asks for.
type Matter string

// The matters. Only disclosure is counted in table 三.
const (
	Information Matter = ""         // 依申请公开, 条例第二十七条
	OwnData     Matter = "own_data" // 更正与本人有关的政府信息, 条例第四十一条
)

// Filing is what an applicant hands in: the items of article 29, and never a purpose or reason.
type Filing struct {
	Matter        Matter        `json:"matter,omitempty"`
	Channel       Channel       `json:"channel"`
	ApplicantKind ApplicantKind `json:"applicant_kind"`
	OpenID        string        `json:"open_id,omitempty"` // the WeChat identity that filed, ByWeChat only
	// Key names one act of filing, ByWeChat only: filed again under the same key, it is the same request.
	Key      string   `json:"key,omitempty"`
	Personal Personal `json:"personal"`
	Medium   Medium   `json:"medium"`
	Delivery Delivery `json:"delivery"`
	// AnnouncedOn is the day on which a letter was signed for or an e-mail arrived; zero for what is filed now.
	AnnouncedOn workday.Date `json:"announced_on,omitzero"`
	// ConsentAt is when the applicant agreed in chat that the data are processed (个人信息保护法第十三条、第三十五条); zero elsewhere.
	ConsentAt   time.Time    `json:"consent_at,omitzero"`
	Attachments []Attachment `json:"attachments,omitempty"` // what came with the application, e.g. a proof of identity
}

// Request is one application for disclosure (依申请公开, 条例第二十七条). State (where it is), Decision (how it ended) and
// Clock are three different things; whether it is overdue is computed, never stored.
type Request struct {
	ID        string `json:"id"` // year-serial, e.g. 2026-0012
	Version   int    `json:"version"`
	Filing    Filing `json:"filing"`
	QueryCode string `json:"query_code"` // six digits that open the progress page together with the ID

	// The four instants of article 31 (zero when it did not happen).
	SubmittedAt time.Time `json:"submitted_at"`           // the applicant sent it
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"`  // the applicant confirmed the summary
	ReceiptAt   time.Time `json:"receipt_at,omitzero"`    // the system gave the numbered receipt
	RegisterAt  time.Time `json:"registered_at,omitzero"` // staff registered it; never moves the clock

	ReceivedOn workday.Date `json:"received_on,omitzero"` // 收到申请之日, the legal receipt
	State      State        `json:"state"`
	HandlerID  string       `json:"handler_id,omitempty"` // the member it is assigned to
	Clock      Ledger       `json:"clock"`

	Supplement    *Supplement    `json:"supplement,omitempty"`
	Consultations []Consultation `json:"consultations,omitempty"`
	Reasons       *Reasons       `json:"reasons,omitempty"` // 要求说明理由, 条例第三十五条
	Fee           *Fee           `json:"fee,omitempty"`
	Notice        *Notice        `json:"notice,omitempty"` // waits for the signature of a second person
	Remedies      []Remedy       `json:"remedies,omitempty"`
	SplitFrom     string         `json:"split_from,omitempty"` // the number of the request that this one was split from
	Parts         []Part         `json:"parts,omitempty"`      // what this one was split into

	// Formerly is what corrections have replaced: letters that have left still quote it, and it stays masked like the rest.
	Formerly []Personal `json:"formerly,omitempty"`

	Files   []Attachment `json:"files,omitempty"` // what was added to the case later
	Notes   []Note       `json:"notes,omitempty"` // what staff tell each other
	Archive *Archive     `json:"archive,omitempty"`
	// Reckoned and Owed let what was interrupted go on; see Desk.Resume.
	Reckoned *Reckoned `json:"reckoned,omitempty"`
	Owed     []Owed    `json:"owed,omitempty"`
	// Reminder is the one that is live; see Desk.Remind.
	Reminder *Reminder `json:"reminder,omitempty"`

	// SuggestedOn is when the applicant suggested publishing what was given; Proactive is the review of that (条例第四十四条).
	SuggestedOn workday.Date `json:"suggested_on,omitzero"`
	Proactive   *Proactive   `json:"proactive,omitempty"`

	Decision *Decision   `json:"decision,omitempty"`
	Earlier  []Decision  `json:"earlier,omitempty"` // served, then set aside by Reopen
	Letters  []Letter    `json:"letters,omitempty"`
	Trail    staff.Trail `json:"trail"`
}

// State is where a request is.
type State string

// The states.
const (
	Submitted          State = "submitted" // waits for the other side's confirmation
	Handling           State = "handling"
	AwaitingSupplement State = "awaiting_supplement"
	Consulting         State = "consulting"
	AwaitingPayment    State = "awaiting_payment"
	AwaitingSignoff    State = "awaiting_signoff"
	AwaitingDelivery   State = "awaiting_delivery"
	Closed             State = "closed"
)

// Outcome is how a request ends: a row of table 三, spelled as in the report's schema (r1, r2, r3_1 …).
type Outcome string

// Decision is the drafted, then signed, then served answer to a request. Which fields an outcome demands is told by
// OutcomeInfo.Fields.
type Decision struct {
	Outcome         Outcome      `json:"outcome"`
	How             string       `json:"how,omitempty"`              // r1: attached, public_link or pickup
	Content         string       `json:"content,omitempty"`          // r1, r2: the information itself or where it stands
	Ground          string       `json:"ground,omitempty"`           // facts and reason
	RefusedRow      Outcome      `json:"refused_row,omitempty"`      // r2: why the rest is withheld
	Redactions      string       `json:"redactions,omitempty"`       // r2: what is blacked out, a line each; see Redaction
	GoverningLaw    string       `json:"governing_law,omitempty"`    // r3_8
	SearchRecord    string       `json:"search_record,omitempty"`    // r4_1: where, with which words, by whom, when
	RightOrgan      string       `json:"right_organ,omitempty"`      // r4_1: name and contact
	ProperChannel   string       `json:"proper_channel,omitempty"`   // r5_1
	EarlierLetter   string       `json:"earlier_letter,omitempty"`   // r5_2
	Where           string       `json:"where,omitempty"`            // r5_3
	DraftedBy       string       `json:"drafted_by,omitempty"`       // member ID
	SignedBy        string       `json:"signed_by,omitempty"`        // member ID, never DraftedBy
	SignedAt        time.Time    `json:"signed_at,omitzero"`         //
	Enclosed        []string     `json:"enclosed,omitempty"`         // the files that were signed with it
	ServedOn        workday.Date `json:"served_on,omitzero"`         // the decision counts in this day's year
	ServedBy        Delivery     `json:"served_by,omitempty"`        //
	DeliveryProof   string       `json:"delivery_proof,omitempty"`   // EMS number, signature, message id
	DeliveredAt     time.Time    `json:"delivered_at,omitzero"`      //
	NotifiedOutcome string       `json:"notified_outcome,omitempty"` // what became of the chat notice
	ReopenedOn      workday.Date `json:"reopened_on,omitzero"`       // set when the decision was set aside
}

// Letter is one document of the case (文书), ready to be typeset.
type Letter struct {
	Template    string       `json:"template"` // e.g. receipt, reply_granted
	Organ       string       `json:"organ"`    // the organ's full name, printed on top
	Title       string       `json:"title"`
	Number      string       `json:"number"` // 文号, e.g. 崇政公复〔2026〕3号
	Recipient   string       `json:"recipient"`
	Paragraphs  []string     `json:"paragraphs"`
	Attachments []string     `json:"attachments,omitempty"`
	Slip        []string     `json:"slip,omitempty"` // 回执 on a page of its own: its title, then its lines
	SignedBy    string       `json:"signed_by"`      // the organ that signs
	Date        workday.Date `json:"date"`
	Audience    Audience     `json:"audience"`
	IssuedAt    time.Time    `json:"issued_at,omitzero"` // when it left the house; zero for a draft
	// What is known of its arrival: evidence, never a date of service; see Desk.LettersSeen.
	AcknowledgedAt time.Time `json:"acknowledged_at,omitzero"` // the applicant said so
	OpenedAt       time.Time `json:"opened_at,omitzero"`       // it was first read, in chat or on the progress page
	OpenedHow      Sight     `json:"opened_how,omitempty"`
}

// Audience is whom a letter is for.
type Audience string

// The audiences.
const (
	ToApplicant  Audience = "applicant"
	ToThirdParty Audience = "third_party"
	ToOrgan      Audience = "organ"
	ToFile       Audience = "file" // 结案单: stays in the file
)

// Issued returns the letters that have left the house for the applicant, oldest first: what the applicant may see.
func (r Request) Issued() []Letter {
	var out []Letter
	for _, l := range r.Letters {
		if l.Audience == ToApplicant && !l.IssuedAt.IsZero() {
			out = append(out, l)
		}
	}
	return out
}
