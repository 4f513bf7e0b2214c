package disclosure

// Organ is the profile of the organ that answers: what 公开指南 must list (条例第十二条) and what letters print. It is read
// from ORGAN_FILE.
type Organ struct {
	Name           string `json:"name"`       // 陵川县崇文镇人民政府
	ShortName      string `json:"short_name"` // 崇文镇
	AccountName    string `json:"account_name"`
	Level          string `json:"level"` // township, county …
	Address        string `json:"address"`
	PostCode       string `json:"post_code"`
	Hours          string `json:"hours"`
	Phone          string `json:"phone"`
	Fax            string `json:"fax,omitempty"`
	Email          string `json:"email,omitempty"`
	Website        string `json:"website,omitempty"` // where the report and the guide can be downloaded
	ReviewingOrgan string `json:"reviewing_organ"`   // 复议机关, 行政复议法第二十四条
	ReviewOnline   string `json:"review_online,omitempty"`
	Court          string `json:"court"`         // 有管辖权的人民法院
	LetterPrefix   string `json:"letter_prefix"` // 机关代字, e.g. 崇政公复
	ReportDue      string `json:"report_due"`    // month-day of the annual report, e.g. 01-31
	// FeePayment tells how a fee is paid into the treasury, e.g. 凭缴款码在任一代收银行缴纳; empty for: at the office.
	FeePayment        string `json:"fee_payment,omitempty"`
	SupervisingOffice string `json:"supervising_office,omitempty"`
}
