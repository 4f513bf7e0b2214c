package disclosure

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

var (
	identityForm = regexp.MustCompile(`^\d{17}[\dX]$`)
	creditForm   = regexp.MustCompile(`^[0-9A-HJ-NP-RTUWXY]{18}$`)
	phoneForm    = regexp.MustCompile(`^(1[3-9]\d{9}|0\d{2,3}-?[2-9]\d{6,7}|400-?\d{3}-?\d{4})$`)
	emailForm    = regexp.MustCompile(`^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$`)
	longNumber   = regexp.MustCompile(`\d{6,}[\dXx]`)
)

// ValidIdentityNumber reports whether s is an 18-digit identity number (居民身份证号码, GB 11643): form, date of birth and
// check digit. A lower-case x counts as X.
func ValidIdentityNumber(s string) bool {
	s = strings.ToUpper(s)
	if !identityForm.MatchString(s) {
		return false
	}
	if _, err := time.Parse("20060102", s[6:14]); err != nil {
		return false
	}
	weight, sum := 1, 0 // 2^i mod 11 from the right
	for i := 16; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(s[i]-'0') * weight
	}
	return s[17] == "10X98765432"[sum%11]
}

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ValidCreditCode reports whether s is an 18-character unified social credit code (统一社会信用代码, GB 32100): alphabet and
// check character.
func ValidCreditCode(s string) bool {
	s = strings.ToUpper(s)
	if !creditForm.MatchString(s) {
		return false
	}
	weight, sum := 1, 0
	for i := range 17 {
		sum += strings.IndexByte(creditAlphabet, s[i]) * weight
		weight = weight * 3 % 31
	}
	return s[17] == creditAlphabet[(31-sum%31)%31]
}

// ValidPhone reports whether s is a mainland mobile number, a landline with its area code, or a 400 number.
func ValidPhone(s string) bool { return phoneForm.MatchString(s) }

// ValidEmail reports whether s looks like an e-mail address.
func ValidEmail(s string) bool { return emailForm.MatchString(s) }

// Masked returns the data as lists and pages show it: enough to recognise, too little to misuse. The description stays,
// with long numbers in it masked.
func (p Personal) Masked() Personal {
	p.Name = maskName(p.Name)
	p.DocumentNumber = maskMiddle(p.DocumentNumber, 3, 2)
	p.Representative = maskName(p.Representative)
	p.Agent, p.AgentDocument = maskName(p.Agent), maskMiddle(p.AgentDocument, 3, 2)
	p.Phone = maskMiddle(p.Phone, 3, 2)
	if at := strings.IndexByte(p.Email, '@'); at > 0 {
		p.Email = maskMiddle(p.Email[:at], 1, 0) + p.Email[at:]
	}
	p.Address = maskMiddle(p.Address, 6, 0)
	p.Description = longNumber.ReplaceAllStringFunc(p.Description, func(s string) string { return maskMiddle(s, 3, 2) })
	return p
}

// maskName keeps the family name of a person, and both ends of an organization's name.
func maskName(s string) string {
	if utf8.RuneCountInString(s) <= 4 {
		return maskMiddle(s, 1, 0)
	}
	return maskMiddle(s, 2, 2)
}

// maskMiddle keeps so many characters at the head and the tail; what is too short for that keeps at most its first.
func maskMiddle(s string, head, tail int) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	if len(r) <= head+tail {
		head, tail = min(1, len(r)-1), 0
	}
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}

// scrub takes personal data out of a sentence for the trail: staff may have typed a name into a reason.
func (r Request) scrub(note string) string {
	var private []string
	for _, p := range append([]Personal{r.Filing.Personal}, r.Formerly...) {
		private = append(private, p.Name, p.DocumentNumber, p.Representative, p.Phone, p.Email, p.Address, p.Description, p.Agent, p.AgentDocument, p.Authority)
	}
	for _, c := range r.Consultations {
		private = append(private, c.Name)
	}
	if r.Reasons != nil {
		for _, g := range r.Reasons.Given {
			private = append(private, g.Text)
		}
	}
	for _, s := range private {
		if utf8.RuneCountInString(s) >= 2 {
			note = strings.ReplaceAll(note, s, "（略）")
		}
	}
	return longNumber.ReplaceAllString(note, "（略）")
}
