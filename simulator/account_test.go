package simulator_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"strings"
	"sync"
	"testing"

	"shoushan/simulator"
)

// account is an Official Account's server, written from Tencent's description and independently of the simulator: it
// checks every callback, decrypts it, and answers as a test says.
type account struct {
	testing.TB
	url  string
	mode simulator.CallbackMode

	mu       sync.Mutex
	received []received
	answer   func(received) string // clear XML, or a raw answer that begins with "raw:"
	handler  http.HandlerFunc      // instead of everything else
}

// received is one callback.
type received struct {
	query url.Values
	raw   string
	clear string
	msg   incoming
}

// incoming is the part of a message or event that tests look at.
type incoming struct {
	ToUserName, FromUserName, MsgType, Content, Event, EventKey, Ticket string
	MediaId, MediaId16K, PicUrl, Format, Status, Label                  string
	Location_X, Location_Y                                              string
	CreateTime, MsgId                                                   int64
	MsgID                                                               int64
	Bizmsgmenuid                                                        string `xml:"bizmsgmenuid"`
	Encrypt                                                             string
	TotalCount, SentCount, FilterCount                                  int
	Publish                                                             struct {
		ID        int64  `xml:"publish_id"`
		Status    int    `xml:"publish_status"`
		ArticleID string `xml:"article_id"`
		Detail    struct {
			Count int `xml:"count"`
			Items []struct {
				Idx int    `xml:"idx"`
				URL string `xml:"article_url"`
			} `xml:"item"`
		} `xml:"article_detail"`
		FailIdx []int `xml:"fail_idx"`
	} `xml:"PublishEventInfo"`
	Copyright struct {
		Count      int
		CheckState int
		Items      []struct {
			ArticleIdx, CanReprint int
			OriginalArticleUrl     string
		} `xml:"ResultList>item"`
	} `xml:"CopyrightCheckResult"`
	URLs struct {
		Count int
		Items []struct {
			ArticleIdx int
			ArticleUrl string
		} `xml:"ResultList>item"`
	} `xml:"ArticleUrlResult"`
}

func newAccount(t testing.TB) *account {
	t.Helper()
	a := &account{TB: t}
	server := httptest.NewServer(http.HandlerFunc(a.serve))
	a.url = server.URL + "/wechat"
	t.Cleanup(server.Close)
	return a
}

func (a *account) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	handler, answer := a.handler, a.answer
	a.mu.Unlock()
	if r.Method == http.MethodGet && handler == nil {
		fmt.Fprint(w, r.URL.Query().Get("echostr"))
		return
	}
	body, _ := io.ReadAll(r.Body)
	got := a.take(r.URL.Query(), string(body))
	a.mu.Lock()
	a.received = append(a.received, got)
	a.mu.Unlock()
	if handler != nil {
		handler(w, r)
		return
	}
	reply := "raw:success"
	if answer != nil {
		reply = answer(got)
	}
	if raw, isRaw := strings.CutPrefix(reply, "raw:"); isRaw {
		fmt.Fprint(w, raw)
		return
	}
	fmt.Fprint(w, a.envelope(reply, got.query.Get("nonce")))
}

// take checks the signatures and decrypts.
func (a *account) take(q url.Values, body string) received {
	got := received{query: q, raw: body, clear: body}
	if want := sha1Of(simulator.DefaultToken, q.Get("timestamp"), q.Get("nonce")); q.Get("signature") != want {
		a.Errorf("signature %s, want %s", q.Get("signature"), want)
	}
	read := xml.Unmarshal
	if strings.HasPrefix(body, "{") {
		read = json.Unmarshal
	}
	var outer incoming
	if err := read([]byte(body), &outer); err != nil {
		a.Errorf("callback cannot be read: %v in %s", err, body)
	}
	if outer.Encrypt != "" {
		if want := sha1Of(simulator.DefaultToken, q.Get("timestamp"), q.Get("nonce"), outer.Encrypt); q.Get("msg_signature") != want {
			a.Errorf("msg_signature %s, want %s", q.Get("msg_signature"), want)
		}
		clear, appID := decrypt(a, outer.Encrypt)
		if appID != simulator.DefaultAppID {
			a.Errorf("appid in the ciphertext is %q", appID)
		}
		got.clear = clear
	}
	if err := read([]byte(got.clear), &got.msg); err != nil {
		a.Errorf("clear text cannot be read: %v in %s", err, got.clear)
	}
	return got
}

// envelope encrypts a reply in safe and compatible mode.
func (a *account) envelope(clear, nonce string) string {
	if a.mode == simulator.Plain {
		return clear
	}
	encrypted := encrypt(a, clear, simulator.DefaultAppID)
	return fmt.Sprintf("<xml><Encrypt><![CDATA[%s]]></Encrypt><MsgSignature>%s</MsgSignature><TimeStamp>1700000000</TimeStamp><Nonce>%s</Nonce></xml>",
		encrypted, sha1Of(simulator.DefaultToken, "1700000000", nonce, encrypted), nonce)
}

// answers sets what the account says to every callback.
func (a *account) answers(answer func(received) string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = answer
}

// handles replaces the account's handler; callbacks are still recorded.
func (a *account) handles(h http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.handler = h
}

func (a *account) all() []received {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]received{}, a.received...)
}

// events returns the received events of a name.
func (a *account) events(name string) []incoming {
	var list []incoming
	for _, r := range a.all() {
		if r.msg.Event == name {
			list = append(list, r.msg)
		}
	}
	return list
}

// last returns the newest callback.
func (a *account) last() received {
	a.Helper()
	list := a.all()
	if len(list) == 0 {
		a.Fatal("no callback arrived")
	}
	return list[len(list)-1]
}

// textReply answers a message with a text.
func textReply(to received, content string) string {
	content = strings.ReplaceAll(content, "]]>", "]]]]><![CDATA[>")
	return reply(to, "<MsgType>text</MsgType><Content><![CDATA["+content+"]]></Content>")
}

func reply(to received, inner string) string {
	return "<xml><ToUserName>" + to.msg.FromUserName + "</ToUserName><FromUserName>" + to.msg.ToUserName +
		"</FromUserName><CreateTime>1700000000</CreateTime>" + inner + "</xml>"
}

func sha1Of(parts ...string) string {
	sort.Strings(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

func testKey(t testing.TB) []byte {
	key, err := base64.StdEncoding.DecodeString(simulator.DefaultAESKey + "=")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func decrypt(t testing.TB, encrypted string) (message, appID string) {
	data, err := base64.StdEncoding.DecodeString(encrypted)
	if err != nil {
		t.Fatal(err)
	}
	key := testKey(t)
	block, _ := aes.NewCipher(key)
	cipher.NewCBCDecrypter(block, key[:16]).CryptBlocks(data, data)
	data = data[:len(data)-int(data[len(data)-1])]
	size := binary.BigEndian.Uint32(data[16:20])
	return string(data[20 : 20+size]), string(data[20+size:])
}

func encrypt(t testing.TB, message, appID string) string {
	var plain bytes.Buffer
	plain.WriteString("0123456789abcdef")
	_ = binary.Write(&plain, binary.BigEndian, uint32(len(message)))
	plain.WriteString(message + appID)
	pad := 32 - plain.Len()%32
	plain.Write(bytes.Repeat([]byte{byte(pad)}, pad))
	key := testKey(t)
	block, _ := aes.NewCipher(key)
	out := plain.Bytes()
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(out, out)
	return base64.StdEncoding.EncodeToString(out)
}

func pngImage(size int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewRGBA(image.Rect(0, 0, size, size)))
	return b.Bytes()
}

func jpegImage(size int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, size, size)), nil)
	return b.Bytes()
}

// newEcho serves one handler and returns its address.
func newEcho(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}
