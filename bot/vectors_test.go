package bot_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/silenceper/wechat/v2/util"

	"shoushan/bot"
)

// vector is one entry of testdata/wechat-vectors.json. Drop new ones in; the kinds are signature, sha1_parts, encrypt,
// decrypt, decrypt_echostr and reject.
type vector struct {
	ID, Kind, Reason, Format         string
	Parts                            []string
	Token, Timestamp, Nonce, Echostr string
	Key                              string  `json:"encoding_aes_key"`
	AppID                            *string `json:"appid"`
	ReceiveID                        *string `json:"receiveid"`
	Signature                        string
	MsgSignature                     string `json:"msg_signature"`
	Encrypt                          string
	Random16                         string
	Plaintext                        string
	ExpectSignature                  string   `json:"expect_signature"`
	ExpectRandom16                   string   `json:"expect_random16"`
	ExpectMsgLen                     *int     `json:"expect_msg_len"`
	ExpectPlaintext                  *string  `json:"expect_plaintext"`
	ExpectContains                   []string `json:"expect_contains"`
	ExpectEncrypt                    string   `json:"expect_encrypt"`
	ExpectMsgSignature               string   `json:"expect_msg_signature"`
}

var errNothingChecked = errors.New("the vector has nothing to compare with")

// check runs a vector and returns what is wrong.
func (v vector) check() error {
	switch v.Kind {
	case "signature":
		return v.checkSignature()
	case "sha1_parts":
		return same("signature", first(v.ExpectSignature, v.Signature), sign(v.Parts...))
	case "encrypt":
		return v.checkEncrypt()
	case "decrypt":
		return v.checkDecrypt(v.Encrypt)
	case "decrypt_echostr":
		return v.checkDecrypt(v.echostr())
	case "reject":
		return v.checkReject()
	}
	return fmt.Errorf("unknown kind %q", v.Kind)
}

// cipher returns the cipher of the vector's account; the receiver is an AppID, or a CorpID under another name.
func (v vector) cipher() (bot.Cipher, error) {
	id := ""
	if v.AppID != nil {
		id = *v.AppID
	} else if v.ReceiveID != nil {
		id = *v.ReceiveID
	}
	return bot.NewCipher(v.Token, v.Key, id)
}

// sign returns the plain SHA-1 of sorted parts: the first part stands for the token.
func sign(parts ...string) string {
	if len(parts) == 0 {
		return ""
	}
	c, err := bot.NewCipher(parts[0], "", "")
	if err != nil {
		return err.Error()
	}
	return c.Sign(parts[1:]...)
}

func (v vector) checkSignature() error {
	want := first(v.ExpectSignature, v.Signature)
	parts := []string{v.Token, v.Timestamp, v.Nonce}
	if v.Encrypt != "" {
		parts = append(parts, v.Encrypt)
	}
	if v.Token == "" && len(v.Parts) > 0 {
		parts = v.Parts
	}
	if err := same("signature", want, sign(parts...)); err != nil {
		return err
	}
	if len(v.Parts) > 0 {
		return same("signature of parts", want, sign(v.Parts...))
	}
	return nil
}

func (v vector) checkEncrypt() error {
	c, err := v.cipher()
	if err != nil {
		return err
	}
	random, err := random16(v.Random16)
	if err != nil {
		return err
	}
	secret, err := c.EncryptWith(random, []byte(v.Plaintext))
	if err != nil {
		return err
	}
	if v.ExpectEncrypt == "" && v.ExpectMsgSignature == "" {
		return errNothingChecked
	}
	return errors.Join(
		sameIf(v.ExpectEncrypt, "encrypt", secret),
		sameIf(v.ExpectMsgSignature, "msg_signature", c.Sign(v.Timestamp, v.Nonce, secret)),
	)
}

func (v vector) checkDecrypt(secret string) error {
	c, err := v.cipher()
	if err != nil {
		return err
	}
	if v.MsgSignature != "" && !c.Verify(v.MsgSignature, v.Timestamp, v.Nonce, secret) {
		return errors.New("msg_signature does not verify")
	}
	if v.Signature != "" && !c.Verify(v.Signature, v.Timestamp, v.Nonce) {
		return errors.New("signature does not verify")
	}
	plain, random, err := c.Decrypt(secret)
	if err != nil {
		return err
	}
	if v.ExpectRandom16 == "" && v.ExpectMsgLen == nil && v.ExpectPlaintext == nil && len(v.ExpectContains) == 0 {
		return errNothingChecked
	}
	errs := []error{v.checkFormat(plain)}
	if v.ExpectRandom16 != "" {
		want, err := random16(v.ExpectRandom16)
		errs = append(errs, err, same("random", string(want[:]), string(random[:])))
	}
	if v.ExpectMsgLen != nil && *v.ExpectMsgLen != len(plain) {
		errs = append(errs, fmt.Errorf("length %d, want %d", len(plain), *v.ExpectMsgLen))
	}
	if v.ExpectPlaintext != nil {
		errs = append(errs, same("plaintext", *v.ExpectPlaintext, string(plain)))
	}
	for _, part := range v.ExpectContains {
		if !strings.Contains(string(plain), part) {
			errs = append(errs, fmt.Errorf("plaintext lacks %q", part))
		}
	}
	return errors.Join(errs...)
}

// checkFormat makes sure that the plaintext is what it is said to be.
func (v vector) checkFormat(plain []byte) error {
	switch trimmed := strings.TrimSpace(string(plain)); {
	case v.Format == "json" && !json.Valid(plain):
		return errors.New("the plaintext is not JSON")
	case v.Format == "xml" && !strings.HasPrefix(trimmed, "<"):
		return errors.New("the plaintext is not XML")
	}
	return nil
}

// checkReject wants a failure, and in the place that the reason names.
func (v vector) checkReject() error {
	secret := first(v.Encrypt, v.echostr())
	c, err := v.cipher()
	if err != nil {
		return v.rejectedBy("key")
	}
	if v.Reason == "signature" && !c.Verify(v.Signature, v.Timestamp, v.Nonce) {
		return nil
	}
	if v.MsgSignature != "" && !c.Verify(v.MsgSignature, v.Timestamp, v.Nonce, secret) {
		return v.rejectedBy("msg_signature", "signature")
	}
	if plain, _, err := c.Decrypt(secret); err == nil {
		return fmt.Errorf("accepted: %q", plain)
	}
	return v.rejectedBy("appid", "padding", "key", "length", "base64", "block", "encrypt", "decrypt", "ciphertext", "buffer", "receiveid")
}

// rejectedBy complains when a known reason is not one of those of the place where the vector was rejected.
func (v vector) rejectedBy(here ...string) error {
	known := []string{"signature", "msg_signature", "appid", "padding", "key", "length", "base64", "block"}
	if slices.Contains(known, v.Reason) && !slices.Contains(here, v.Reason) {
		return fmt.Errorf("rejected because of %v, want %q", here, v.Reason)
	}
	return nil
}

// echostr is the encrypted echostr as it was before it stood in an address.
func (v vector) echostr() string {
	s := v.Echostr
	if strings.Contains(s, "%") {
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
	}
	return strings.ReplaceAll(strings.TrimSpace(s), " ", "+")
}

// random16 reads sixteen bytes written as such or in hex.
func random16(s string) (out [16]byte, err error) {
	raw := []byte(s)
	if len(s) == 32 {
		if raw, err = hex.DecodeString(s); err != nil {
			return out, err
		}
	}
	if copy(out[:], raw); len(raw) != 16 {
		return out, fmt.Errorf("random16 has %d bytes", len(raw))
	}
	return out, nil
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func same(what, want, got string) error {
	switch {
	case want == "":
		return errNothingChecked
	case want != got:
		return fmt.Errorf("%s = %q, want %q", what, got, want)
	}
	return nil
}

func sameIf(want, what, got string) error {
	if want == "" {
		return nil
	}
	return same(what, want, got)
}

func readVectors(t *testing.T) []vector {
	t.Helper()
	raw, err := os.ReadFile("testdata/wechat-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Vectors []vector }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) == 0 {
		t.Fatal("no vectors")
	}
	return file.Vectors
}

func TestVectors(t *testing.T) {
	for _, v := range readVectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			if err := v.check(); err != nil {
				t.Errorf("%s (%s): %v", v.ID, v.Kind, err)
			}
		})
	}
}

// A vector that is wrong, empty or of an unknown kind must not pass.
func TestVectorsCanFail(t *testing.T) {
	for _, v := range readVectors(t) {
		broken := map[string]func(*vector){
			"kind":    func(v *vector) { v.Kind = "signatures" },
			"nothing": func(v *vector) { *v = vector{Kind: v.Kind, Key: v.Key, AppID: v.AppID} },
		}
		switch v.Kind {
		case "signature", "sha1_parts":
			broken["signature"] = func(v *vector) { v.ExpectSignature = strings.Repeat("0", 40) }
		case "encrypt":
			broken["encrypt"] = func(v *vector) { v.ExpectEncrypt = "x" }
			broken["msg_signature"] = func(v *vector) { v.ExpectMsgSignature = "x" }
		case "decrypt":
			broken["random"] = func(v *vector) { v.ExpectRandom16 = strings.Repeat("0", 16) }
			broken["receiver"] = func(v *vector) { v.AppID = nil }
			broken["signature"] = func(v *vector) { v.MsgSignature = "x" }
			broken["contains"] = func(v *vector) { v.ExpectContains = []string{"not there"} }
		case "reject":
			delete(broken, "nothing")
			broken["reason"] = func(v *vector) { v.Reason = "appid" }
			broken["accepted"] = func(v *vector) { c, _ := v.cipher(); v.MsgSignature = c.Sign(v.Timestamp, v.Nonce, v.Encrypt) }
		}
		for name, breakIt := range broken {
			t.Run(v.ID+" "+name, func(t *testing.T) {
				wrong := v
				breakIt(&wrong)
				if wrong.check() == nil {
					t.Errorf("a vector with a wrong %s passes", name)
				}
			})
		}
	}
}

// WeCom encrypts the echostr of the address check; no published vector of ours has one, so we make it with the SDK.
func TestVectorsEncryptedEchostr(t *testing.T) {
	const key, corp = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
	secret, err := util.EncryptMsg([]byte("1234567890abcdef"), []byte("1616140317555161061"), corp, key)
	if err != nil {
		t.Fatal(err)
	}
	receiver, want := corp, "1616140317555161061"
	v := vector{
		Kind: "decrypt_echostr", Token: "QDG6eK", Key: key, ReceiveID: &receiver, Timestamp: "1409659589", Nonce: "263014780",
		Echostr: string(secret), MsgSignature: util.Signature("QDG6eK", "1409659589", "263014780", string(secret)), ExpectPlaintext: &want,
	}
	for name, echo := range map[string]string{"as it is": string(secret), "from an address": url.QueryEscape(string(secret))} {
		v.Echostr = echo
		if err := v.check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := "ww0000000000000000"
	v.ReceiveID = &other
	if v.check() == nil {
		t.Error("an echostr for another receiver passes")
	}
}
