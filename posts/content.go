package posts

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Hash returns the fingerprint of the content in hex; the approval of 终审 is bound to it. Every field counts.
func (c Content) Hash() string {
	data, err := json.Marshal(c)
	if err != nil {
		panic(fmt.Sprintf("posts: encode content: %v", err)) // Content holds only strings
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
