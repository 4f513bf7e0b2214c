package simulator_test

import (
	"math/big"
	"regexp"
	"strings"
	"testing"

	"shoushan/simulator"
)

// papersOf are the made-up data on a citizen's page, by label.
func (p *platform) papersOf(citizen string) map[string]string {
	p.Helper()
	_, out := p.json("GET", "/phone/chat?citizen="+citizen, nil)
	papers := map[string]string{}
	for _, it := range out["citizen"].(obj)["papers"].([]any) {
		papers[str(it.(obj), "label")] = str(it.(obj), "value")
	}
	return papers
}

// identityRight is ISO 7064 MOD 11-2 by its definition: the number, with X for 10, is 1 modulo 11 in base 2.
func identityRight(number string) bool {
	sum := 0
	for _, r := range number {
		value := int(r - '0')
		if r == 'X' {
			value = 10
		}
		sum = (sum*2 + value) % 11
	}
	return len(number) == 18 && sum == 1
}

// creditRight is GB 32100's MOD 31-3 by its definition: the weighted sum of all 18 characters is divisible by 31.
func creditRight(code string) bool {
	sum := new(big.Int)
	for i, r := range code {
		value := int64(strings.IndexRune("0123456789ABCDEFGHJKLMNPQRTUWXY", r))
		if value < 0 {
			return false
		}
		power := new(big.Int).Exp(big.NewInt(3), big.NewInt(int64(i)), nil)
		if i == 17 {
			power.SetInt64(1)
		}
		sum.Add(sum, power.Mul(power, big.NewInt(value)))
	}
	return len(code) == 18 && sum.Mod(sum, big.NewInt(31)).Sign() == 0
}

// TestPapers: a tester finds data that pass the bot's checks, and nobody's.
func TestPapers(t *testing.T) {
	p := newPlatform(t)
	p.json("POST", "/sim/citizens", obj{"id": "sun", "name": "孙"})
	phone, seen := regexp.MustCompile(`^138000\d{5}$`), map[string]bool{}
	for _, id := range []string{"zhang", "li", "wang", "zhao", "sun"} {
		papers := p.papersOf(id)
		number := papers["身份证号"]
		if !identityRight(number) || !strings.HasPrefix(number, "11010119000101") || seen[number] {
			t.Errorf("%s: identity number %q", id, number)
		}
		seen[number] = true
		if papers["姓名"] == "" || papers["地址"] == "" || !phone.MatchString(papers["手机号"]) {
			t.Errorf("%s: %v", id, papers)
		}
	}
	papers := p.papersOf("hezuo")
	equal(t, papers["统一社会信用代码"], "91140524MA0EXAMP0C")
	if !creditRight(papers["统一社会信用代码"]) || !identityRight(papers["法定代表人身份证号"]) || papers["法定代表人"] == "" || papers["单位全称"] == "" {
		t.Errorf("cooperative: %v", papers)
	}
	if papers["身份证号"] != "" {
		t.Errorf("a cooperative has no identity number: %v", papers)
	}
}

// TestNotice: the page says what the program has to say, such as that nothing is kept.
func TestNotice(t *testing.T) {
	p := newPlatform(t, func(s *simulator.Server) { s.Notice = "退出后不保留。" })
	_, out := p.json("GET", "/phone/state", nil)
	equal(t, str(out, "notice"), "退出后不保留。")
}
