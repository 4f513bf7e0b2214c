package bot

import "strings"

// ScanCode is what a menu button of type scancode_push or scancode_waitmsg has read.
type ScanCode struct {
	Kind   string // qrcode, barcode …
	Result string
}

// ScanCodeEvent reads the result of a menu's scan; ok is false for other messages.
func ScanCodeEvent(m Message) (s ScanCode, ok bool) {
	var e struct {
		Info struct{ ScanType, ScanResult text } `xml:"ScanCodeInfo"`
	}
	if !has(m, &e, ScanPush, ScanWait) {
		return s, false
	}
	return ScanCode{string(e.Info.ScanType), string(e.Info.ScanResult)}, true
}

// SentPictures reads the MD5 sums of the pictures that a citizen has chosen through a menu button (pic_sysphoto,
// pic_photo_or_album, pic_weixin); each picture follows as a message of its own. ok is false for other messages.
func SentPictures(m Message) (sums []string, ok bool) {
	var e struct {
		Sums []text `xml:"SendPicsInfo>PicList>item>PicMd5Sum"`
	}
	if !has(m, &e, TakePhoto, PhotoOrAlbum, ChoosePhoto) {
		return nil, false
	}
	for _, s := range e.Sums {
		sums = append(sums, string(s))
	}
	return sums, true
}

// SentPlace is the place that a citizen has chosen through a menu button.
type SentPlace struct {
	Location
	Name string // of the point of interest; may be ""
}

// SentLocation reads the place of a location_select event; a message with the same place follows. ok is false for others.
func SentLocation(m Message) (p SentPlace, ok bool) {
	var e struct {
		Info fieldsOfPlace `xml:"SendLocationInfo"`
	}
	if !has(m, &e, ChoosePlace) {
		return p, false
	}
	p.Location = Location{Latitude: e.Info.X.float(), Longitude: e.Info.Y.float(), Scale: e.Info.Scale.number(), Label: string(e.Info.Label)}
	p.Name = string(e.Info.Name)
	return p, true
}

type fieldsOfPlace struct {
	X     text `xml:"Location_X"`
	Y     text `xml:"Location_Y"`
	Scale text `xml:"Scale"`
	Label text `xml:"Label"`
	Name  text `xml:"Poiname"`
}

// Delivery is what became of one message that was sent outside the dialogue.
type Delivery struct {
	MsgID      string
	TemplateID string // of a subscription message
	Failed     bool
	Reason     string // of a failure, in words for staff
}

// Deliveries reads TEMPLATESENDJOBFINISH and subscribe_msg_sent_event, with all entries; none for other messages. Who was
// written to is the message's From.
func Deliveries(m Message) []Delivery {
	switch m.Event {
	case TemplateDone:
		var e struct{ MsgID, MsgId, Status text } //nolint:revive // Tencent's spellings
		if !has(m, &e, TemplateDone) {
			return nil
		}
		d := Delivery{MsgID: string(e.MsgID), Failed: e.Status != "success", Reason: templateReason(string(e.Status))}
		if d.MsgID == "" {
			d.MsgID = string(e.MsgId)
		}
		return []Delivery{d}
	case SubscriptionSent:
		return subscriptionDeliveries(m)
	default:
		return nil
	}
}

func subscriptionDeliveries(m Message) (out []Delivery) {
	var e struct {
		List []struct{ TemplateId, MsgID, ErrorCode, ErrorStatus text } `xml:"SubscribeMsgSentEvent>List"` //nolint:revive // Tencent's spelling
	}
	if !has(m, &e, SubscriptionSent) {
		return nil
	}
	for _, it := range e.List {
		d := Delivery{MsgID: string(it.MsgID), TemplateID: string(it.TemplateId), Failed: it.ErrorCode != "" && it.ErrorCode != "0"}
		if d.Failed {
			d.Reason = "订阅通知没有送达（代码 " + string(it.ErrorCode) + "）"
		}
		out = append(out, d)
	}
	return out
}

// templateReason says in Chinese why a template message did not arrive; "" when it did. Tencent writes the same reason with
// and without a space.
func templateReason(status string) string {
	switch strings.ReplaceAll(status, " ", "") {
	case "success":
		return ""
	case "failed:userblock":
		return "对方拒收公众号的消息"
	case "failed:freqlimit":
		return "对方收到的同类消息太多，微信限制了频率"
	default:
		return "微信没有送达（" + status + "）"
	}
}

// has reads the event's XML into v when the message is one of the events.
func has(m Message, v any, events ...Event) bool {
	return OnEvent(events...)(m) && unmarshalLenient(m.Raw, v)
}
