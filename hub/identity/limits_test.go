package identity

import (
	"fmt"
	"testing"
	"time"
)

func TestLimitsRememberABoundedNumberOfKeys(t *testing.T) {
	l := NewLimits(Limit{Burst: 1, Every: time.Hour}, time.Now)
	for i := range 5 * maxLimited {
		l.Allow(fmt.Sprint(i))
		if i%1000 == 0 && l.Allow("victim") && i > 0 {
			t.Fatalf("after %d others, who is still asking was forgotten", i)
		}
	}
	if held := len(l.young) + len(l.old); held > 2*maxLimited {
		t.Errorf("%d keys are held", held)
	}
}

func TestAClientIsLimitedByWhatItCannotChange(t *testing.T) {
	for ip, want := range map[string]string{
		"192.0.2.1":              "192.0.2.1",
		"::ffff:192.0.2.1":       "192.0.2.1",
		"2001:db8:1:2:3:4:5:6":   "2001:db8:1:2::/64",
		"fe80::1%eth0":           "fe80::/64",
		"a proxy said something": "a proxy said something",
	} {
		if got := clientKey(ip); got != want {
			t.Errorf("%s is limited as %s, want %s", ip, got, want)
		}
	}
}
