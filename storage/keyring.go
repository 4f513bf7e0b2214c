package storage

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"
	"sync"
)

// KeySize is the length of a data key in bytes (AES-256).
const KeySize = 32

const (
	sealedPrefix = "sealed:"
	keyIDLength  = 8 // hexadecimal digits
)

// keyring encrypts with its first key and decrypts with any. Each key is split by HKDF into one for encryption and one
// for keyed hashes, so that neither use weakens the other.
type keyring struct{ keys []dataKey }

type dataKey struct {
	id   string
	aead cipher.AEAD
	macs *sync.Pool // of hash.Hash with the key of keyed hashes: preparing one costs more than most uses
}

func newKeyring(current []byte, old ...[]byte) (*keyring, error) {
	r := &keyring{}
	for _, raw := range append([][]byte{current}, old...) {
		k, err := newDataKey(raw)
		if err != nil {
			return nil, err
		}
		r.keys = append(r.keys, k)
	}
	return r, nil
}

func newDataKey(raw []byte) (dataKey, error) {
	if len(raw) != KeySize {
		return dataKey{}, fmt.Errorf("storage: a data key has %d bytes, want %d", len(raw), KeySize)
	}
	id, errID := hkdf.Key(sha256.New, raw, nil, "shoushan key id", keyIDLength/2)
	sealKey, errSeal := hkdf.Key(sha256.New, raw, nil, "shoushan personal data", KeySize)
	hashKey, errHash := hkdf.Key(sha256.New, raw, nil, "shoushan keyed hash", KeySize)
	if err := errors.Join(errID, errSeal, errHash); err != nil {
		return dataKey{}, fmt.Errorf("storage: derive keys: %w", err)
	}
	block, err := aes.NewCipher(sealKey)
	if err != nil {
		return dataKey{}, fmt.Errorf("storage: derive keys: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return dataKey{}, fmt.Errorf("storage: derive keys: %w", err)
	}
	macs := &sync.Pool{New: func() any { return hmac.New(sha256.New, hashKey) }}
	return dataKey{hex.EncodeToString(id), aead, macs}, nil
}

// seal encrypts data for one place. The place (record and field) is authenticated with it, so that a value moved
// elsewhere does not decrypt. The key's id stands in front.
func (r *keyring) seal(place string, data []byte) []byte {
	k := r.keys[0]
	return k.aead.Seal([]byte(k.id), nil, data, []byte(place))
}

// open decrypts what seal made for the same place.
func (r *keyring) open(place string, sealed []byte) ([]byte, error) {
	if len(sealed) < keyIDLength {
		return nil, fmt.Errorf("storage: %s: not a sealed value", place)
	}
	id := string(sealed[:keyIDLength])
	for _, k := range r.keys {
		if k.id == id {
			data, err := k.aead.Open(nil, nil, sealed[keyIDLength:], []byte(place))
			if err != nil {
				return nil, fmt.Errorf("storage: %s: the sealed value was altered or belongs elsewhere", place)
			}
			return append([]byte{}, data...), nil // never nil: empty is something
		}
	}
	return nil, fmt.Errorf("storage: %s: sealed with key %q, which is not among the data keys", place, id)
}

// sealText is seal for text inside JSON.
func (r *keyring) sealText(place, text string) string {
	return sealedPrefix + base64.RawStdEncoding.EncodeToString(r.seal(place, []byte(text)))
}

// openText decrypts what sealText made for the same place.
func (r *keyring) openText(place, sealed string) (string, error) {
	encoded, ok := strings.CutPrefix(sealed, sealedPrefix)
	if !ok {
		return "", fmt.Errorf("storage: %s: personal data in clear", place)
	}
	raw, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil {
		return "", fmt.Errorf("storage: %s: %w", place, err)
	}
	data, err := r.open(place, raw)
	return string(data), err
}

// hash names something personal (an OpenID, a file's content) without revealing it, under the current key.
func (r *keyring) hash(purpose, value string) string { return r.keys[0].sum(purpose, []byte(value)) }

// hashes is hash under every key, the current one first.
func (r *keyring) hashes(purpose string, value []byte) []string {
	var out []string
	for _, k := range r.keys {
		out = append(out, k.sum(purpose, value))
	}
	return out
}

func (k dataKey) sum(purpose string, value []byte) string {
	mac := k.mac(purpose)
	defer k.macs.Put(mac)
	mac.Write(value)
	return hex.EncodeToString(mac.Sum(nil))
}

// mac starts a keyed hash for one purpose.
func (k dataKey) mac(purpose string) hash.Hash {
	mac := k.macs.Get().(hash.Hash)
	mac.Reset()
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	return mac
}

// token returns a new random name, unguessable and never repeated.
func token() string { return rand.Text() }
