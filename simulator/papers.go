package simulator

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// paper is one line of what a citizen can show when asked who they are. All of it is made up.
type paper struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// cooperative is the made-up organization among the default citizens.
const cooperative = "hezuo"

// papers are a citizen's made-up data, the same at every start. The numbers pass every check of form.
func (p *citizen) papers() []paper {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(p.ID))
	n := int(hash.Sum32() % 400)
	rest := []paper{
		{"手机号", "138000" + pad(n, 5)},
		{"地址", "山西省晋城市陵川县崇文镇示例街" + strconv.Itoa(n+1) + "号"},
	}
	if p.ID == cooperative {
		return append([]paper{
			{"单位全称", p.Name}, {"统一社会信用代码", creditCode("91140524MA0EXAMP0")}, {"法定代表人", "陈示例"},
			{"法定代表人身份证号", identityNumber(n)},
		}, rest...)
	}
	return append([]paper{{"姓名", p.Name}, {"身份证号", identityNumber(n)}}, rest...)
}

// identityNumber makes an identity number (GB 11643) of somebody who would have been born on the first day of 1900: right
// in form, and nobody's.
func identityNumber(n int) string {
	body := "11010119000101" + pad(n, 3)
	return body + identityCheck(body)
}

// identityCheck is the check character of 17 digits of an identity number.
func identityCheck(body string) string {
	weights, sum := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}, 0
	for i, w := range weights {
		sum += w * int(body[i]-'0')
	}
	return string("10X98765432"[sum%11])
}

// creditCode adds the check character to 17 characters of a unified social credit code (GB 32100).
func creditCode(body string) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	weights, sum := []int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}, 0
	for i, w := range weights {
		sum += w * strings.IndexByte(alphabet, body[i])
	}
	return body + string(alphabet[(31-sum%31)%31])
}

func pad(n, width int) string {
	digits := strconv.Itoa(n)
	return strings.Repeat("0", max(width-len(digits), 0)) + digits
}
