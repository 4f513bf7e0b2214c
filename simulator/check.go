package simulator

import (
	"errors"
	"net/url"
	"regexp"
)

var callbackToken = regexp.MustCompile(`^[0-9A-Za-z]{3,32}$`)

// Check reports everything in the fields that cannot work, one sentence a line. Empty fields stand for their defaults and
// are right. Call it before Handler; it changes nothing.
func (s *Server) Check() error {
	var problems []error
	complain := func(bad bool, sentence string) {
		if bad {
			problems = append(problems, errors.New(sentence))
		}
	}
	_, badKey := aesKey(s.AESKey)
	complain(s.AESKey != "" && badKey != nil, "EncodingAESKey 应为 43 个字符，只含字母和数字。")
	complain(s.Token != "" && !callbackToken.MatchString(s.Token), "Token 应为 3 到 32 个字母或数字。")
	complain(s.CallbackURL != "" && !webAddress(s.CallbackURL),
		"回调地址不是完整的网址，要像 http://127.0.0.1:8080/wechat 这样写。")
	complain(s.PublicURL != "" && !webAddress(s.PublicURL), "PublicURL 不是完整的网址，要像 http://127.0.0.1:8090 这样写。")
	complain(s.Mode < Safe || s.Mode > Plain, "没有这种消息加解密方式。")
	complain(s.Kind < CertifiedSubscription || s.Kind > Personal, "没有这种账号类型。")
	if s.Settings != nil {
		problems = append(problems, s.Settings.check())
	}
	return errors.Join(problems...)
}

func webAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}
