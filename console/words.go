package console

import (
	"cmp"
	"fmt"
	"time"

	"shoushan/disclosure"
	"shoushan/posts"
)

// word is what a page says for one value of a record: the text and the colour of its tag.
type word struct{ Text, Colour string }

var requestColours = map[disclosure.State]string{
	disclosure.Handling: "blue", disclosure.AwaitingSupplement: "amber", disclosure.Consulting: "amber",
	disclosure.AwaitingPayment: "amber", disclosure.AwaitingSignoff: "amber", disclosure.AwaitingDelivery: "amber", disclosure.Closed: "green",
}

func requestState(s disclosure.State) word { return word{s.Chinese(), requestColours[s]} }

var postColours = map[posts.State]string{
	posts.InReview: "amber", posts.Approved: "blue", posts.Scheduled: "blue", posts.Publishing: "blue", posts.Published: "green",
	posts.Failed: "red", posts.OutcomeUnknown: "red", posts.AwaitingPerson: "red", posts.AwaitingAdmin: "amber", posts.Combined: "blue",
}

func postState(s posts.State) word { return word{s.Chinese(), postColours[s]} }

// actionWord names what an event of either trail did. Where both rooms know a word (submit, withdraw) they mean the same.
func actionWord(action string) string {
	switch action {
	case "reveal":
		return "查看个人信息"
	case "notify":
		return "通知申请人"
	}
	return cmp.Or(disclosure.Action(action).Chinese(), posts.Action(action).Chinese(), concernActions[action], action)
}

// concernActions are the events of the register of public concerns that no other trail has.
var concernActions = map[string]string{
	"record": "登记舆情", "report": "上报", "answer": "回应", "findings": "提交核查报告", "follow_up": "跟踪反馈", "close": "办结", "reassess": "重新研判",
	"alarm": "时限提醒",
}

// stepTitle is a publishing step's name, or its own word for a step that has none.
func stepTitle(s posts.Step) string { return cmp.Or(s.Chinese(), s.Name) }

// choices lists options in the order given, each as say writes it.
func choices[K ~string](say func(K) string, keys ...K) []option {
	var out []option
	for _, k := range keys {
		out = append(out, option{Value: string(k), Label: say(k)})
	}
	return out
}

// age says how long something has been waiting.
func age(since, now time.Time) string {
	switch d := now.Sub(since); {
	case since.IsZero():
		return ""
	case d < time.Minute:
		return "刚刚"
	case d < time.Hour:
		return fmt.Sprintf("等了 %d 分钟", int(d/time.Minute))
	case d < 24*time.Hour:
		return fmt.Sprintf("等了 %d 小时", int(d/time.Hour))
	default:
		return fmt.Sprintf("等了 %d 天", int(d/(24*time.Hour)))
	}
}
