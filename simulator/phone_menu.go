package simulator

import (
	"crypto/md5" //nolint:gosec // the platform's own fingerprint of a picture (PicMd5Sum)
	"encoding/hex"
	"net/http"
	"slices"
)

const menuID = 400000001

var pictureButtons = []string{"pic_sysphoto", "pic_photo_or_album", "pic_weixin"}

// phoneMenu taps a button of the account's menu and tells the page what to do next: open an address, or pick a picture.
func (s *Server) phoneMenu(r *http.Request, in tap) (any, error) {
	p, err := s.follower(in.Citizen)
	if err != nil {
		return nil, err
	}
	b, found := s.state.menu.find(in.Column, in.Row)
	if !found {
		return nil, notFound("菜单里没有这一项，可能刚刚改过")
	}
	key := text("EventKey", b.Key)
	switch b.Type {
	case "view":
		s.pushLater(r.Context(), s.event(p, "VIEW", []node{text("EventKey", b.URL), num("MenuId", menuID)}))
		return obj{"open": b.URL}, nil
	case "miniprogram": // this phone has none, so the address for old versions is opened
		s.pushLater(r.Context(), s.event(p, "view_miniprogram", []node{text("EventKey", b.PagePath), num("MenuId", menuID)}))
		return obj{"open": b.URL}, nil
	case "article_id", "article_view_limited", "media_id", "view_limited":
		return s.menuContent(p, b)
	case "click":
		p.Windows.tapped(s.clock.now())
		s.pushLater(r.Context(), s.event(p, "CLICK", []node{key}))
	case "scancode_push", "scancode_waitmsg":
		p.Windows.tapped(s.clock.now())
		s.pushLater(r.Context(), s.event(p, b.Type, []node{key, branch("ScanCodeInfo",
			text("ScanType", "qrcode"), text("ScanResult", in.Text))}))
	case "location_select":
		return s.menuLocation(r, p, key, in), nil
	default: // a picture, which comes with POST /phone/image
		return obj{"pick": "image"}, nil
	}
	return nil, nil
}

// menuContent shows what a button stands for without asking the account.
func (s *Server) menuContent(p *citizen, b button) (any, error) {
	if b.MediaID != "" {
		m := s.state.media[b.MediaID]
		if m == nil || m.Temporary {
			return nil, notFound("菜单里的素材已经不在了")
		}
		s.show(p, bubble{From: fromAccount, Kind: m.Kind, Via: "菜单", URL: m.URL, Title: m.Title, Seconds: 3})
		return nil, nil
	}
	job, err := s.jobOf(b.ArticleID)
	if err != nil || job.Articles[0].Deleted || job.Articles[0].Banned {
		return nil, notFound("菜单里的文章已经不在了")
	}
	if b.Type == "article_view_limited" {
		return obj{"open": job.Articles[0].URL}, nil
	}
	s.show(p, bubble{From: fromAccount, Kind: "news", Via: "菜单", Cards: cardsOf(job.Articles[:1])})
	return nil, nil
}

// menuLocation is location_select: the event, then the place as a message.
func (s *Server) menuLocation(r *http.Request, p *citizen, key node, in tap) bubble {
	place := []node{
		decimal("Location_X", in.Latitude), decimal("Location_Y", in.Longitude), num("Scale", 16), text("Label", in.Text),
	}
	event := s.event(p, "location_select", []node{key, branch("SendLocationInfo", append(place, text("Poiname", ""))...)})
	p.Windows.spoke(s.clock.now())
	return s.sayAfter(r, p, event, bubble{Kind: "location", Text: in.Text}, s.message(p, "location", place))
}

// menuPicture is the event that precedes a picture sent through a button of the menu.
func (s *Server) menuPicture(p *citizen, column, row int, data []byte) (delivery, error) {
	b, found := s.state.menu.find(column, row)
	if !found || !slices.Contains(pictureButtons, b.Type) {
		return delivery{}, notFound("菜单里没有这一项，可能刚刚改过")
	}
	sum := md5.Sum(data) //nolint:gosec // not for security
	return s.event(p, b.Type, []node{text("EventKey", b.Key), branch("SendPicsInfo", num("Count", 1),
		branch("PicList", branch("item", text("PicMd5Sum", hex.EncodeToString(sum[:])))))}), nil
}
