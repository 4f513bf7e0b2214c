package simulator

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// padBlock is Tencent's PKCS#7 block: 32 bytes although AES blocks have 16.
const padBlock = 32

// sign returns the lower-case hex SHA-1 over the parts, sorted byte-wise and joined without separators.
func sign(parts ...string) string {
	sorted := slices.Clone(parts)
	slices.Sort(sorted)
	sum := sha1.Sum([]byte(strings.Join(sorted, "")))
	return hex.EncodeToString(sum[:])
}

// aesKey decodes a 43-character EncodingAESKey; its last character may carry bits beyond the 32 bytes.
func aesKey(encoded string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(encoded + "=")
	if err != nil || len(key) != 32 {
		return nil, errors.New("EncodingAESKey 应为 43 个字符")
	}
	return key, nil
}

// seal encrypts random(16) ‖ length ‖ message ‖ appid.
func seal(key, random, message []byte, appID string) (string, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	plain := slices.Clone(random)
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(message)))
	plain = append(plain, message...)
	plain = append(plain, appID...)
	pad := padBlock - len(plain)%padBlock
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}

// unseal decrypts what seal makes and checks padding, length and appid.
func unseal(key []byte, encrypted, appID string) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.DecodeString(encrypted)
	if err != nil {
		return nil, errors.New("密文不是 base64")
	}
	if len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, errors.New("密文长度不对")
	}
	cipher.NewCBCDecrypter(block, key[:aes.BlockSize]).CryptBlocks(data, data)
	pad := int(data[len(data)-1])
	if pad < 1 || pad > padBlock || pad > len(data) {
		return nil, errors.New("解密后补位不对，密钥可能不一致")
	}
	data = data[:len(data)-pad]
	if len(data) < 20 {
		return nil, errors.New("解密后内容过短")
	}
	size := int(binary.BigEndian.Uint32(data[16:20]))
	if size > len(data)-20 {
		return nil, errors.New("解密后长度字段不对")
	}
	if string(data[20+size:]) != appID {
		return nil, errors.New("解密后的 AppID 不是本账号")
	}
	return data[20 : 20+size], nil
}

// token returns n random bytes as URL-safe text.
func token(n int) string {
	b := make([]byte, n)
	rand.Read(b) //nolint:errcheck // crypto/rand.Read never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// hexToken returns n random bytes in hex.
func hexToken(n int) string {
	b := make([]byte, n)
	rand.Read(b) //nolint:errcheck // crypto/rand.Read never fails
	return hex.EncodeToString(b)
}

// digits returns n random decimal digits, as the platform's nonces are.
func digits(n int) string {
	b := make([]byte, n)
	rand.Read(b) //nolint:errcheck // crypto/rand.Read never fails
	for i := range b {
		b[i] = '0' + b[i]%10
	}
	return string(b)
}
