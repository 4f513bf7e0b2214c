package bot

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// Errors of Cipher, after the names of Tencent's sample library (-40001 to -40010).
var (
	errAESKey     = errors.New("bot: EncodingAESKey is not 43 characters of base64")          // -40004
	errBase64     = errors.New("bot: the ciphertext is not base64")                           // -40010
	errCiphertext = errors.New("bot: the ciphertext is not a whole number of 32-byte blocks") // -40007
	errPadding    = errors.New("bot: wrong padding, probably another EncodingAESKey")         // -40007
	errLength     = errors.New("bot: the message length does not fit")                        // -40008
	errAppID      = errors.New("bot: the message is for another AppID")                       // -40005
)

const (
	padBlock   = 32 // PKCS#7 block of WeChat, not that of AES
	headerSize = 16 + 4
)

// Cipher signs, encrypts and decrypts as 消息加解密 of the Official Account platform demands (wechat.md §1.3): AES-256-CBC,
// the key's first half as IV, random(16) ‖ length(4) ‖ message ‖ AppID. It is safe for concurrent use.
type Cipher struct {
	token string
	appID string
	iv    []byte
	block cipher.Block
}

// NewCipher returns the cipher of one account. The key has 43 characters; its last may carry bits that do not matter.
// With an empty key the cipher can only sign.
func NewCipher(token, encodingAESKey, appID string) (Cipher, error) {
	c := Cipher{token: token, appID: appID}
	if encodingAESKey == "" {
		return c, nil
	}
	key, err := base64.StdEncoding.DecodeString(encodingAESKey + "=")
	if err != nil || len(encodingAESKey) != 43 || len(key) != 32 {
		return Cipher{}, errAESKey
	}
	c.iv = key[:aes.BlockSize]
	c.block, err = aes.NewCipher(key)
	return c, err
}

// Sign returns the lower-case hex SHA-1 of the token and the parts, sorted by bytes and joined: parts are timestamp and
// nonce for signature, and the ciphertext besides for msg_signature.
func (c Cipher) Sign(parts ...string) string { return sha1Sorted(append([]string{c.token}, parts...)) }

// Verify reports whether the signature is that of the parts. It takes the same time wherever the two differ.
func (c Cipher) Verify(signature string, parts ...string) bool {
	return subtle.ConstantTimeCompare([]byte(signature), []byte(c.Sign(parts...))) == 1
}

func sha1Sorted(parts []string) string {
	slices.Sort(parts)
	h := sha1.New()
	for _, p := range parts {
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Encrypt returns the base64 ciphertext of the message, with fresh random bytes in front.
func (c Cipher) Encrypt(message []byte) (string, error) {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", fmt.Errorf("bot: random bytes: %w", err)
	}
	return c.EncryptWith(random, message)
}

// EncryptWith is Encrypt with the given random bytes; only test vectors need it.
func (c Cipher) EncryptWith(random [16]byte, message []byte) (string, error) {
	if c.block == nil {
		return "", errAESKey
	}
	size := headerSize + len(message) + len(c.appID)
	pad := padBlock - size%padBlock
	buf := make([]byte, 0, size+pad)
	buf = append(buf, random[:]...)
	buf = binary.BigEndian.AppendUint32(buf, uint32(len(message)))
	buf = append(buf, message...)
	buf = append(buf, c.appID...)
	for range pad {
		buf = append(buf, byte(pad))
	}
	cipher.NewCBCEncrypter(c.block, c.iv).CryptBlocks(buf, buf)
	return base64.StdEncoding.EncodeToString(buf), nil
}

// Decrypt returns the message in a base64 ciphertext and the random bytes that stood before it. It fails when the
// padding, the length or the AppID at the end is not right.
func (c Cipher) Decrypt(ciphertext string) (message []byte, random [16]byte, err error) {
	if c.block == nil {
		return nil, random, errAESKey
	}
	buf, err := base64.StdEncoding.DecodeString(ciphertext)
	if err != nil {
		return nil, random, errBase64
	}
	if len(buf) == 0 || len(buf)%padBlock != 0 {
		return nil, random, errCiphertext
	}
	cipher.NewCBCDecrypter(c.block, c.iv).CryptBlocks(buf, buf)
	plain, err := unpad(buf)
	if err != nil {
		return nil, random, err
	}
	message, err = c.unwrap(plain)
	copy(random[:], plain)
	return message, random, err
}

// unpad removes the PKCS#7 padding; every padding byte must be right.
func unpad(buf []byte) ([]byte, error) {
	pad := int(buf[len(buf)-1])
	if pad < 1 || pad > padBlock {
		return nil, errPadding
	}
	rest, tail := buf[:len(buf)-pad], buf[len(buf)-pad:]
	for _, b := range tail {
		if int(b) != pad {
			return nil, errPadding
		}
	}
	return rest, nil
}

// unwrap takes the message out of random ‖ length ‖ message ‖ AppID.
func (c Cipher) unwrap(plain []byte) ([]byte, error) {
	if len(plain) < headerSize {
		return nil, errLength
	}
	size := uint64(binary.BigEndian.Uint32(plain[16:headerSize]))
	rest := plain[headerSize:]
	if size > uint64(len(rest)) {
		return nil, errLength
	}
	if subtle.ConstantTimeCompare(rest[size:], []byte(c.appID)) != 1 {
		return nil, errAppID
	}
	return rest[:size:size], nil
}
