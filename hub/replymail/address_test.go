package replymail_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/replymail"
)

var secret = bytes.Repeat([]byte("s"), 32)

func addresses() replymail.Addresses {
	return replymail.Addresses{Secret: secret, Domain: "reply.school.example"}
}

func TestAnAddressNamesItsMailAndWhenItExpires(t *testing.T) {
	before := time.Now().Truncate(time.Second)
	mail := uuid.Must(uuid.NewV7())
	address := addresses().Make(mail)
	if addresses().Make(mail) != address {
		t.Error("a mail has two addresses")
	}
	local, _, _ := strings.Cut(address, "@")
	if len(local) > 64 {
		t.Errorf("the local part has %d characters", len(local))
	}
	for _, spelt := range []string{address, strings.ToUpper(address), " " + address + "\n"} {
		got, expires, err := addresses().Parse(spelt)
		if err != nil || got != mail {
			t.Errorf("%q is of %s, %v", spelt, got, err)
		}
		if life := expires.Sub(before); life < replymail.DefaultLife || life > replymail.DefaultLife+24*time.Hour {
			t.Errorf("it lives %s", life)
		}
	}
}

func TestALongerLifeIsOfNewMailsAlone(t *testing.T) {
	mail := uuid.Must(uuid.NewV7())
	_, short, err := addresses().Parse(addresses().Make(mail))
	if err != nil {
		t.Fatal(err)
	}
	longer := addresses()
	longer.Life = 30 * 24 * time.Hour
	if _, still, err := longer.Parse(addresses().Make(mail)); err != nil || !still.Equal(short) {
		t.Errorf("it now expires at %s, %v; it did at %s", still, err, short)
	}
	if _, long, err := addresses().Parse(longer.Make(mail)); err != nil || long.Sub(short) != 16*24*time.Hour {
		t.Errorf("it expires at %s, %v", long, err)
	}
}

func TestWhatWeNeverMadeIsNoAddress(t *testing.T) {
	address := addresses().Make(uuid.Must(uuid.NewV7()))
	other := addresses()
	other.Secret = bytes.Repeat([]byte("t"), 32)
	for _, wrong := range []string{
		"", "@", "reply-@reply.school.example", "rosa@reply.school.example",
		strings.Replace(address, "reply-", "", 1),
		strings.Replace(address, "@reply.school.example", "@school.example", 1),
		strings.Replace(address, "@", "@x.", 1),
		strings.Replace(address, "@", "a@", 1),
		address + "@reply.school.example",
		other.Make(uuid.Must(uuid.NewV7())),
	} {
		if mail, _, err := addresses().Parse(wrong); !errors.Is(err, replymail.ErrNoAddress) || mail != uuid.Nil {
			t.Errorf("%q is of %s, %v", wrong, mail, err)
		}
	}
	for i := range len("reply-") + 55 { // each character of it counts
		changed := []byte(address)
		changed[i] = 'a' + (changed[i]-'a'+1)%26
		if changed[i] == '{' || string(changed) == address {
			continue
		}
		if _, _, err := addresses().Parse(string(changed)); !errors.Is(err, replymail.ErrNoAddress) {
			t.Errorf("with another character at %d it is one: %v", i, err)
		}
	}
}

// Whatever is read as an address is the one way to write it, but for its case.
func FuzzParse(f *testing.F) {
	f.Add(addresses().Make(uuid.MustParse("0199d3a0-0000-7000-8000-000000000001")))
	f.Add("reply-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@reply.school.example")
	f.Add("reply-@reply.school.example")
	f.Fuzz(func(t *testing.T, s string) {
		mail, _, err := addresses().Parse(s)
		if err != nil {
			return
		}
		if again := addresses().Make(mail); !strings.EqualFold(strings.TrimSpace(s), again) {
			t.Errorf("%q and %q are of one mail", s, again)
		}
	})
}
