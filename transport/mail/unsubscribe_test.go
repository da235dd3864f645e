package mail_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/mail"
)

var secret = []byte("thirty-two bytes that are secret")

func TestATokenNamesWhomItWasMadeFor(t *testing.T) {
	district, person := uuid.New(), uuid.New()
	token := mail.UnsubscribeToken(secret, district, person)
	gotDistrict, gotPerson, err := mail.ReadUnsubscribeToken(secret, token)
	if err != nil || gotDistrict != district || gotPerson != person {
		t.Errorf("%s names %s of %s, %v", token, gotPerson, gotDistrict, err)
	}
}

func TestEveryMailOfAPersonHasTheSameToken(t *testing.T) {
	district, person := uuid.New(), uuid.New()
	if a, b := mail.UnsubscribeToken(secret, district, person), mail.UnsubscribeToken(secret, district, person); a != b {
		t.Errorf("%s is not %s", a, b)
	}
}

func TestATokenOfAnotherSecretOrWithAnyBitChangedIsNone(t *testing.T) {
	token := mail.UnsubscribeToken(secret, uuid.New(), uuid.New())
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	wrong := []string{"", token + "A", token[1:], token + "=", strings.ToUpper(token), " " + token, token[:len(token)-2]}
	for bit := range len(raw) * 8 {
		changed := append([]byte(nil), raw...)
		changed[bit/8] ^= 1 << (bit % 8)
		wrong = append(wrong, base64.RawURLEncoding.EncodeToString(changed))
	}
	for _, w := range wrong {
		if _, _, err := mail.ReadUnsubscribeToken(secret, w); !errors.Is(err, mail.ErrNoToken) {
			t.Errorf("%q is taken: %v", w, err)
		}
	}
	if _, _, err := mail.ReadUnsubscribeToken([]byte("another"), token); !errors.Is(err, mail.ErrNoToken) {
		t.Errorf("it is taken with another secret: %v", err)
	}
}

func FuzzOnlyATokenAsItWasMadeIsTaken(f *testing.F) {
	made := mail.UnsubscribeToken(secret, uuid.Max, uuid.Nil)
	for _, seed := range []string{made, made[:85] + "x", "", "_", strings.Repeat("A", 86), made + "\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		district, person, err := mail.ReadUnsubscribeToken(secret, token)
		if err != nil {
			return
		}
		if again := mail.UnsubscribeToken(secret, district, person); again != token {
			t.Errorf("%q is taken for %q", token, again)
		}
	})
}
