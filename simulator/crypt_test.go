package simulator_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shoushan/simulator"
)

// vector is one published example; see testdata/wechat-vectors.json for the sources.
type vector struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	Reason    string   `json:"reason"`
	Parts     []string `json:"parts"`
	Token     string   `json:"token"`
	Timestamp string   `json:"timestamp"`
	Nonce     string   `json:"nonce"`
	AESKey    string   `json:"encoding_aes_key"`
	AppID     string   `json:"appid"`
	Encrypt   string   `json:"encrypt"`
	Random    string   `json:"random16"`
	Plaintext string   `json:"plaintext"`
	MsgSign   string   `json:"msg_signature"`

	WantSign     string   `json:"expect_signature"`
	WantMsgSign  string   `json:"expect_msg_signature"`
	WantEncrypt  string   `json:"expect_encrypt"`
	WantPlain    string   `json:"expect_plaintext"`
	WantLen      int      `json:"expect_msg_len"`
	WantContains []string `json:"expect_contains"`
}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/wechat-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Vectors []vector `json:"vectors"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) == 0 {
		t.Fatal("no vectors")
	}
	for _, v := range file.Vectors {
		t.Run(v.ID, v.check)
	}
}

func (v vector) check(t *testing.T) {
	switch v.Kind {
	case "signature":
		equal(t, simulator.Sign(v.Token, v.Timestamp, v.Nonce), v.WantSign)
	case "sha1_parts":
		equal(t, simulator.Sign(v.Parts...), v.WantSign)
	case "encrypt":
		got, err := simulator.Seal(v.key(t), []byte(v.Random), []byte(v.Plaintext), v.AppID)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, got, v.WantEncrypt)
		equal(t, simulator.Sign(v.Token, v.Timestamp, v.Nonce, got), v.WantMsgSign)
	case "decrypt":
		v.checkDecrypt(t)
	case "reject":
		if simulator.Sign(v.Token, v.Timestamp, v.Nonce, v.Encrypt) == v.MsgSign {
			t.Errorf("signature of a vector that must be rejected (%s) is good", v.Reason)
		}
	default:
		t.Fatalf("kind %q is not supported", v.Kind)
	}
}

func (v vector) checkDecrypt(t *testing.T) {
	equal(t, simulator.Sign(v.Token, v.Timestamp, v.Nonce, v.Encrypt), v.MsgSign)
	got, err := simulator.Unseal(v.key(t), v.Encrypt, v.AppID)
	if err != nil {
		t.Fatal(err)
	}
	if v.WantPlain != "" {
		equal(t, string(got), v.WantPlain)
	}
	if v.WantLen != 0 && len(got) != v.WantLen {
		t.Errorf("length %d, want %d", len(got), v.WantLen)
	}
	for _, part := range v.WantContains {
		if !strings.Contains(string(got), part) {
			t.Errorf("clear text has no %s", part)
		}
	}
}

func (v vector) key(t *testing.T) []byte {
	key, err := simulator.AESKey(v.AESKey)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func equal(t testing.TB, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSealUnseal: what is sealed opens again, whatever its length (the padding block is 32), and for no other appid.
func TestSealUnseal(t *testing.T) {
	key, err := simulator.AESKey(simulator.DefaultAESKey)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		message := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "message")
		sealed, err := simulator.Seal(key, []byte("0123456789abcdef"), message, "wx1")
		if err != nil {
			t.Fatal(err)
		}
		got, err := simulator.Unseal(key, sealed, "wx1")
		if err != nil || string(got) != string(message) {
			t.Fatalf("Unseal = %q, %v", got, err)
		}
		if _, err := simulator.Unseal(key, sealed, "wx2"); err == nil {
			t.Fatal("opened for another appid")
		}
	})
}

// TestUnsealRefuses never panics on garbage and never accepts it.
func TestUnsealRefuses(t *testing.T) {
	key, _ := simulator.AESKey(simulator.DefaultAESKey)
	for _, text := range []string{"", "!", "AAAA", strings.Repeat("A", 64), strings.Repeat("q", 44)} {
		if got, err := simulator.Unseal(key, text, "wx1"); err == nil {
			t.Errorf("Unseal(%q) = %q, want an error", text, got)
		}
	}
	if _, err := simulator.AESKey("short"); err == nil {
		t.Error("a short EncodingAESKey is accepted")
	}
}
