package console_test

import (
	"testing"

	"github.com/alexedwards/argon2id"

	"shoushan/console"
)

// TestDecoyCostsWhatAPasswordCosts: otherwise the time of a refusal would tell which logins exist.
func TestDecoyCostsWhatAPasswordCosts(t *testing.T) {
	hash, err := console.HashPassword("a password of somebody")
	if err != nil {
		t.Fatal(err)
	}
	want, _, _, err := argon2id.DecodeHash(hash)
	if err != nil {
		t.Fatal(err)
	}
	got, _, _, err := argon2id.DecodeHash(console.Decoy)
	if err != nil {
		t.Fatal(err)
	}
	if *got != *want {
		t.Errorf("the decoy costs %+v, a password %+v", *got, *want)
	}
	if match, err := argon2id.ComparePasswordAndHash("nobody's password", console.Decoy); match || err != nil {
		t.Errorf("a password matches the decoy: %v, %v", match, err)
	}
}
