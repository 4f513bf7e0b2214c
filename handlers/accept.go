package handlers

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"shoushan/disclosure"
)

// The acceptors put an answer into the draft, or return what is wrong with it and an example.

var (
	saidName   = regexp.MustCompile(`^(?:我叫|我是|我的名字是|我的名字叫|姓名|名字|名称|单位名称|叫)[:： ]*`)
	itsLabel   = regexp.MustCompile(`^\p{Han}{2,12}(?:是|为)?[:： ]*`)
	personName = regexp.MustCompile(`^\p{L}[\p{L}·• .'’-]{1,29}$`)
	petition   = regexp.MustCompile(`^(?:我|我要|我想|要|想|我们要|我们)?(?:实名)?(?:举报|投诉|控告|检举|反映|告)`)
)

func acceptKind(d *draft, s string) string {
	kind := disclosure.ApplicantKind(kindChoices.pick(s))
	if kind == "" {
		return "请回复 1 到 6 的数字，例如个人申请回复：1"
	}
	was := organization(*d)
	d.Filing.ApplicantKind = kind
	if was != organization(*d) { // what was said about the other sort of applicant no longer fits
		d.Filing.Personal.Name, d.Filing.Personal.DocumentNumber, d.Filing.Personal.Representative = "", "", ""
	}
	return ""
}

func acceptName(d *draft, s string) string {
	name := saidName.ReplaceAllString(shorten(s, 200), "")
	switch {
	case organization(*d) && (len([]rune(name)) < 4 || len([]rune(name)) > 100 || isDigits(name)):
		return "请填写单位的全称，例如：陵川县崇文种植专业合作社"
	case !organization(*d) && !isName(name):
		return nameProblem
	}
	d.Filing.Personal.Name = name
	return ""
}

const nameProblem = "请只填姓名，例如：王小明（名字中间有点的，把点也写上，例如：阿依古丽·买买提）"

var (
	hanOnly  = regexp.MustCompile(`^\p{Han}+$`)
	helpless = regexp.MustCompile(`^(?:我)?(?:不知道|不会|不懂|看不懂|不清楚|没有|忘了|不记得|什么|啥|怎么|为什么|哪里|今天|明天)`)
)

// longestHan is how many characters a name without a dot has at most; a longer line is something else that was said.
const longestHan = 5

// isName reports whether a text can be a person's name and is not a sentence.
func isName(s string) bool {
	return personName.MatchString(s) && !helpless.MatchString(s) && !(hanOnly.MatchString(s) && len([]rune(s)) > longestHan)
}

func acceptDocument(d *draft, s string) string {
	number := strings.ToUpper(strings.Map(alphanumeric, itsLabel.ReplaceAllString(s, "")))
	switch {
	case organization(*d) && !disclosure.ValidCreditCode(number):
		return wrongCreditCode(number)
	case !organization(*d) && !disclosure.ValidIdentityNumber(number):
		return wrongIdentityNumber(number)
	}
	d.Filing.Personal.DocumentNumber = number
	return ""
}

var (
	identityForm = regexp.MustCompile(`^\d{17}[\dX]$`)
	creditForm   = regexp.MustCompile(`^[0-9A-HJ-NP-RTUWXY]{18}$`)
)

// wrongIdentityNumber says what is wrong with an identity number (GB 11643): its form, its date of birth, or its last
// character, which is a check on the others.
func wrongIdentityNumber(number string) string {
	if !identityForm.MatchString(number) {
		return "这个身份证号不对，" + lengthOf(number) + "请再看一遍：18 位，前 17 位是数字，最后一位是数字或 X。像这样：14052419900101××××"
	}
	if _, err := time.Parse("20060102", number[6:14]); err != nil {
		return "这个身份证号不对：第 7 到 14 位是出生年月日，这里不是一个日期，请对照身份证再看一遍。像这样：14052419900101××××"
	}
	return "这个身份证号不对：最后一位是校验码，和前 17 位对不上，请对照身份证再看一遍。"
}

// wrongCreditCode says what is wrong with a unified social credit code (GB 32100): its form or its last character.
func wrongCreditCode(code string) string {
	if !creditForm.MatchString(code) {
		return "这个统一社会信用代码不对，" + lengthOf(code) + "请对照证照再看一遍：18 位数字和大写字母，没有 I、O、S、V、Z。像这样：91140524MA0GT×××××"
	}
	return "这个统一社会信用代码不对：最后一位是校验码，和前 17 位对不上，请对照证照再看一遍。"
}

// lengthOf tells how many characters a number has when they are not 18.
func lengthOf(number string) string {
	if n := len([]rune(number)); n != 18 {
		return fmt.Sprintf("您填了 %d 位，", n)
	}
	return ""
}

// alphanumeric keeps the letters and digits of a number that was typed with spaces or dashes.
func alphanumeric(r rune) rune {
	if r == ' ' || r == '-' || r == '\n' {
		return -1
	}
	return r
}

func acceptRepresentative(d *draft, s string) string {
	name := saidName.ReplaceAllString(shorten(s, 200), "")
	if !isName(name) {
		return "请填写一个人的姓名，例如：李建国"
	}
	d.Filing.Personal.Representative = name
	return ""
}

func acceptPhone(d *draft, s string) string {
	phone := phoneIn(s)
	if !disclosure.ValidPhone(phone) {
		return "这个电话号码不对，请填 11 位手机号，或者带区号的座机，例如：13935600000 或 0356-6200000"
	}
	d.Filing.Personal.Phone = phone
	return ""
}

// phoneIn returns a phone number without its label, the country's code, spaces and brackets. A mobile number has no
// dashes; those of a landline stay.
func phoneIn(s string) string {
	phone := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("()（）", r) {
			return -1
		}
		return r
	}, itsLabel.ReplaceAllString(s, ""))
	phone = strings.TrimPrefix(strings.TrimPrefix(phone, "+86"), "-")
	if digits := strings.ReplaceAll(phone, "-", ""); strings.HasPrefix(digits, "1") {
		return digits
	}
	return phone
}

// longest is how many characters a description may have; a longer one is better sent on paper or split.
const longest = 1000

func acceptDescription(d *draft, s string) string {
	s = strings.TrimSpace(s)
	n := len([]rune(s))
	switch {
	case n < 4 || isDigits(s):
		return "请再写具体一点，让我们知道您要哪份信息，例如：2025年崇文镇农村危房改造补助发放名单"
	case n > longest:
		return fmt.Sprintf("您写了 %d 个字，请精简到 %d 字以内，或者分成几件申请。例如先写：2025年崇文镇农村危房改造补助发放名单", n, longest)
	}
	d.Filing.Personal.Description = s
	return ""
}

func acceptMedium(d *draft, s string) string {
	medium := disclosure.Medium(mediumChoices.pick(s))
	if medium == "" {
		return "请回复 1、2 或 3，例如要电子文档回复：2"
	}
	if d.Filing.Medium != medium { // other ways of delivery are open now
		d.Filing.Medium, d.Filing.Delivery = medium, ""
	}
	if ways := deliveryChoices(medium); len(ways) == 1 { // nothing to choose
		d.Filing.Delivery = disclosure.Delivery(ways[0].value)
	}
	forgetUnused(d)
	return ""
}

func acceptDelivery(d *draft, s string) string {
	ways := deliveryChoices(d.Filing.Medium)
	delivery := disclosure.Delivery(ways.pick(s))
	if delivery == "" {
		return fmt.Sprintf("请回复 1 到 %d 的数字，例如要“%s”就回复：1", len(ways), ways[0].name)
	}
	d.Filing.Delivery = delivery
	forgetUnused(d)
	return ""
}

// forgetUnused drops the address or e-mail that the chosen delivery no longer needs.
func forgetUnused(d *draft) {
	if d.Filing.Delivery != disclosure.DeliverByPost {
		d.Filing.Personal.Address = ""
	}
	if d.Filing.Delivery != disclosure.DeliverByEmail {
		d.Filing.Personal.Email = ""
	}
}

func acceptAddress(d *draft, s string) string {
	s = shorten(s, 201)
	if n := len([]rune(s)); n < 6 || n > 200 || isDigits(s) {
		return "请把地址写完整，例如：山西省晋城市陵川县崇文镇城关村1号，048300"
	}
	d.Filing.Personal.Address = s
	return ""
}

var emailForm = regexp.MustCompile(`^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$`)

func acceptEmail(d *draft, s string) string {
	s = strings.Join(strings.Fields(s), "")
	if len(s) > 120 || !emailForm.MatchString(s) {
		return "这个邮箱地址不对，例如：wangxiaoming@qq.com"
	}
	d.Filing.Personal.Email = s
	return ""
}
