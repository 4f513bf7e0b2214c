package bot_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/silenceper/wechat/v2/util"
	"pgregory.net/rapid"

	"shoushan/bot"
)

const (
	token  = "shoushanchongwen"
	aesKey = "ShouShanChongWenTestKeyNotASecret0123456789"
	appID  = "wx5f3c0de1a2b49e70"
)

func newCipher(tb testing.TB) bot.Cipher {
	tb.Helper()
	c, err := bot.NewCipher(token, aesKey, appID)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// The SDK's functions are a second implementation: what one writes the other must read, and byte for byte.
func TestCipherAgreesWithSDK(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[A-Za-z0-9]{43}`).Draw(t, "key")
		app := rapid.StringMatching(`[a-z0-9]{1,32}`).Draw(t, "app")
		message := rapid.SliceOf(rapid.Byte()).Draw(t, "message")
		random := [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "random"))
		c, err := bot.NewCipher(token, key, app)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := c.EncryptWith(random, message)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := util.EncryptMsg(random[:], message, app, key)
		if err != nil || ours != string(theirs) {
			t.Fatalf("Encrypt = %q, the SDK's %q (%v)", ours, theirs, err)
		}
		plain, got, err := c.Decrypt(string(theirs))
		if err != nil || !bytes.Equal(plain, message) || got != random {
			t.Fatalf("Decrypt = %q, %q, %v, want %q, %q", plain, got, err, message, random)
		}
		_, back, err := util.DecryptMsg(app, ours, key)
		if err != nil || !bytes.Equal(back, message) {
			t.Fatalf("the SDK reads %q, %v, want %q", back, err, message)
		}
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		if got, want := c.Sign(a, b), util.Signature(token, a, b); got != want || !c.Verify(want, b, a) {
			t.Fatalf("Sign = %q, the SDK's %q", got, want)
		}
	})
}

func TestEncryptIsFreshEachTime(t *testing.T) {
	c := newCipher(t)
	a, err := c.Encrypt([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := c.Encrypt([]byte("x")); a == b {
		t.Error("two encryptions of the same message are equal")
	}
}

func TestNewCipherKeys(t *testing.T) {
	tests := []struct {
		name, key string
		ok        bool
	}{
		{"43 characters", aesKey, true},
		{"trailing bits that do not matter", strings.Repeat("A", 42) + "B", true},
		{"none: signs only", "", true},
		{"42 characters", aesKey[:42], false},
		{"44 characters", aesKey + "A", false},
		{"not base64", strings.Repeat("!", 43), false},
		{"line break inside", aesKey[:42] + "\n", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := bot.NewCipher(token, tt.key, appID); (err == nil) != tt.ok {
				t.Errorf("NewCipher() error = %v, want ok %v", err, tt.ok)
			}
		})
	}
	c, _ := bot.NewCipher(token, "", appID)
	if _, err := c.Encrypt(nil); err == nil {
		t.Error("a cipher without key encrypts")
	}
	if _, _, err := c.Decrypt("AAAA"); err == nil {
		t.Error("a cipher without key decrypts")
	}
}

// sealed encrypts a raw plaintext with the test key, however wrong it is.
func sealed(t *testing.T, plain []byte) string {
	t.Helper()
	if len(plain)%16 != 0 {
		t.Fatal("not whole blocks")
	}
	return sealedRaw(plain)
}

// layout builds random ‖ length ‖ body ‖ padding.
func layout(length uint32, body string, pad ...byte) []byte {
	out := binary.BigEndian.AppendUint32(bytes.Repeat([]byte{'r'}, 16), length)
	return append(append(out, body...), pad...)
}

func TestDecryptRefuses(t *testing.T) {
	good := layout(2, "hi"+appID)
	pad := byte(32 - len(good)%32)
	tests := []struct {
		name   string
		secret string
	}{
		{"empty", ""},
		{"not base64", "***"},
		{"16 bytes", sealed(t, make([]byte, 16))},
		{"48 bytes", sealed(t, make([]byte, 48))},
		{"padding 0", sealed(t, make([]byte, 32))},
		{"padding 33", sealed(t, bytes.Repeat([]byte{33}, 64))},
		{"uneven padding", sealed(t, append(append(bytes.Clone(good), 0), bytes.Repeat([]byte{pad}, int(pad)-1)...))},
		{"nothing but padding", sealed(t, bytes.Repeat([]byte{32}, 32))},
		{"length beyond the end", sealed(t, layout(4_000_000_000, "hi"+appID, bytes.Repeat([]byte{pad}, int(pad))...))},
		{"length that eats the AppID", sealed(t, layout(2+uint32(len(appID)), "hi"+appID, bytes.Repeat([]byte{pad}, int(pad))...))},
		{"another AppID", sealed(t, layout(2, "hiwx0000000000000000", bytes.Repeat([]byte{pad}, int(pad))...))},
	}
	c := newCipher(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if plain, _, err := c.Decrypt(tt.secret); err == nil || plain != nil {
				t.Errorf("Decrypt() = %q, %v, want an error", plain, err)
			}
		})
	}
	if plain, _, err := c.Decrypt(sealed(t, append(good, bytes.Repeat([]byte{pad}, int(pad))...))); err != nil || string(plain) != "hi" {
		t.Errorf("Decrypt(good) = %q, %v", plain, err)
	}
}

func FuzzDecrypt(f *testing.F) {
	c := newCipher(f)
	secret, err := c.EncryptWith([16]byte{}, []byte("<xml/>"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(secret), false)
	f.Add([]byte("AAAA"), false)
	f.Add(bytes.Repeat([]byte{32}, 64), true)
	f.Fuzz(func(t *testing.T, in []byte, raw bool) {
		text := string(in)
		if raw { // a plaintext of the fuzzer's own, properly enciphered, so that what comes after CBC is reached
			text = sealedRaw(in)
		}
		plain, random, err := c.Decrypt(text)
		if err != nil {
			return
		}
		again, err := c.EncryptWith(random, plain)
		if err != nil {
			t.Fatal(err)
		}
		if back, _, err := c.Decrypt(again); err != nil || !bytes.Equal(back, plain) {
			t.Fatalf("what was read cannot be written: %v", err)
		}
	})
}

func sealedRaw(plain []byte) string {
	plain = plain[:len(plain)/16*16]
	key, _ := base64.StdEncoding.DecodeString(aesKey + "=")
	block, _ := aes.NewCipher(key)
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(out, plain)
	return base64.StdEncoding.EncodeToString(out)
}
