package simulator

import (
	"fmt"
	"time"
)

// apiError is an answer with an errcode. Extra fields stand beside it, such as msg_id with 45065.
type apiError struct {
	code  int
	text  string
	extra map[string]any
}

func (e *apiError) Error() string { return fmt.Sprintf("errcode %d: %s", e.code, e.text) }

// fail returns the answer for a code, with Tencent's text and an optional hint after it.
func fail(code int, hint ...string) error {
	text, known := codeTexts[code]
	if !known {
		text = "system error"
	}
	for _, h := range hint {
		text += " hint: [" + h + "]"
	}
	return &apiError{code: code, text: text}
}

// newRID returns a request id in the platform's form: seconds and two random groups, in hex.
func newRID(now time.Time) string {
	return fmt.Sprintf("%08x-%s-%s", now.Unix(), hexToken(4), hexToken(4))
}

// codeTexts holds Tencent's texts (全局返回码).
var codeTexts = map[int]string{
	-1:    "system error",
	40001: "invalid credential, access_token is invalid or not latest",
	40002: "invalid grant_type",
	40003: "invalid openid",
	40004: "invalid media type",
	40005: "invalid file type",
	40006: "invalid meida size", // the platform's own spelling
	40007: "invalid media_id",
	40008: "invalid message type",
	40009: "invalid image size",
	40013: "invalid appid",
	40015: "invalid menu type",
	40016: "invalid button size",
	40017: "invalid button type",
	40018: "invalid button name size",
	40019: "invalid button key size",
	40020: "invalid button url size",
	40023: "invalid sub button size",
	40024: "invalid sub button type",
	40025: "invalid sub button name size",
	40026: "invalid sub button key size",
	40027: "invalid sub button url size",
	40032: "invalid openid list size",
	40035: "invalid parameter",
	40037: "invalid template_id",
	40059: "invalid msg id",
	40060: "invalid article idx",
	40066: "invalid url",
	40097: "invalid args",
	40125: "invalid appsecret",
	40130: "invalid openid list size, at least two openid",
	40137: "invalid image format",
	40152: "invalid group id",
	40164: "invalid ip",
	41001: "access_token missing",
	41004: "appsecret missing",
	41005: "media data missing",
	41006: "media_id missing",
	42001: "access_token expired",
	43001: "require GET method",
	43002: "require POST method",
	43004: "require subscribe",
	43101: "user refuse to accept the msg",
	44001: "empty media data",
	44002: "empty post data",
	44003: "empty news data",
	44004: "empty content",
	45001: "media size out of limit",
	45002: "content size out of limit",
	45003: "title size out of limit",
	45004: "description size out of limit",
	45005: "url size out of limit",
	45008: "article size out of limit",
	45009: "reach max api daily quota limit",
	45010: "create menu limit",
	45011: "api minute-quota reach limit, must slower, retry next minute",
	45015: "response out of time limit or subscription is canceled",
	45028: "has no masssend quota",
	45047: "out of response count limit",
	45056: "too many tag now, no need to add new",
	45058: "can't modify sys tag",
	45059: "can not add tag, the user has too many tags",
	45065: "clientmsgid exist",
	45066: "same clientmsgid retry too fast",
	45067: "clientmsgid size out of limit",
	45072: "invalid command",
	45080: "no typing for the user now",
	45081: "already typing",
	45106: "This API has been unsupported",
	45110: "author size out of limit",
	45157: "invalid tag name, duplicate",
	45158: "tag name too long",
	45159: "invalid tag id",
	45166: "invalid content",
	46003: "menu no exist",
	47001: "data format error",
	47003: "argument invalid",
	48001: "api unauthorized",
	48006: "forbid to clear quota because of reaching the limit",
	50002: "user limited",
	53402: "crop cover failed",
	53500: "publish banned",
	53501: "publish too frequently",
	53502: "invalid publish_id",
	53503: "draft failed the check before publish",
	53600: "invalid article_id",
	61500: "date format error",
	61501: "date range error",
	76021: "cgi_path not found, please check",
	76022: "rid not found or expired",
	88000: "without comment privilege",
	88001: "msg_data is not exists",
	88003: "elected comment upper limit",
	88005: "comment is not elected",
	88007: "already reply",
	88008: "comment is not exists",
	88010: "count range error. count <= 0 or count > 50",
}
