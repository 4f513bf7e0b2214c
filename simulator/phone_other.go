package simulator

import (
	"crypto/md5" //nolint:gosec // the platform's own fingerprint of a file (FileMd5)
	"encoding/hex"
	"net/http"
)

// stubs are what a phone can send besides words, pictures, voice and places: the content is made up, the message is whole.
// Files are not in Tencent's documents, but real accounts get them [M].
var stubs = map[string]func(s *Server) (bubble, []node){
	"video":      (*Server).videoStub,
	"shortvideo": (*Server).videoStub,
	"link": func(*Server) (bubble, []node) {
		const title, address = "群众收藏的一篇文章", "https://example.com/article"
		return bubble{Kind: "link", Title: title, Text: "从收藏里发来的链接", URL: address},
			[]node{text("Title", title), text("Description", "从收藏里发来的链接"), text("Url", address)}
	},
	"file": func(*Server) (bubble, []node) {
		const name, content = "申请材料.docx", "a file without content"
		sum := md5.Sum([]byte(content)) //nolint:gosec // not for security
		return bubble{Kind: "file", Title: name}, []node{
			text("Title", name), text("Description", ""), text("FileKey", token(24)), text("FileMd5", hex.EncodeToString(sum[:])), num("FileTotalLen", int64(len(content))),
		}
	},
}

// videoStub is a video without content; its still is a picture.
func (s *Server) videoStub() (bubble, []node) {
	film := s.keepTemporary("video", "video.mp4", "video/mp4", []byte("\x00\x00\x00\x18ftypmp42"))
	still := s.keepTemporary("image", "still.jpg", "image/jpeg", []byte("\xff\xd8\xff\xd9"))
	return bubble{Kind: "video", Title: "小视频"}, []node{text("MediaId", film.ID), text("ThumbMediaId", still.ID)}
}

// phoneOther sends a message of one of the rarer types.
func (s *Server) phoneOther(r *http.Request, in tap) (any, error) {
	p, err := s.follower(in.Citizen)
	if err != nil {
		return nil, err
	}
	stub, known := stubs[in.Kind]
	if !known {
		return nil, badRequest("kind 只能是 video、shortvideo、link、file")
	}
	p.Windows.spoke(s.clock.now())
	b, fields := stub(s)
	return s.say(r, p, b, s.message(p, in.Kind, fields)), nil
}
