package socket

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// fill lets n connections of a client in and returns them with those cut for it.
func fill(s *strangers, client string, n int) (in, out []*connection) {
	for range n {
		c := &connection{client: client}
		in = append(in, c)
		if cut := s.add(c); cut != nil {
			out = append(out, cut)
		}
	}
	return in, out
}

func TestAThousandSilentSocketsOfOneClientLockNobodyElseOut(t *testing.T) {
	s := &strangers{of: map[string][]*connection{}}
	rosa := &connection{client: "rosa"}
	s.add(rosa)
	in, out := fill(s, "evil", maxStrangers)
	if s.n != maxStrangersOfOne+1 || len(out) != maxStrangers-maxStrangersOfOne {
		t.Errorf("%d are kept, %d were cut", s.n, len(out))
	}
	for i, c := range out {
		if c != in[i] {
			t.Fatalf("cut %d is not the oldest of the client's own", i)
		}
	}
	s.remove(rosa) // she has said who she is
	if s.n != maxStrangersOfOne || len(s.of) != 1 {
		t.Errorf("%d are kept of %d clients", s.n, len(s.of))
	}
}

func TestWhereAllPlacesAreTakenTheBusiestClientGivesOneUp(t *testing.T) {
	s := &strangers{of: map[string][]*connection{}}
	for i := 0; s.n < maxStrangers; i++ {
		fill(s, fmt.Sprint("evil", i), maxStrangersOfOne)
		if i == 0 {
			fill(s, "school", 20)
		}
	}
	rosa := &connection{client: "rosa"}
	if cut := s.add(rosa); cut == nil || cut.client == "school" || cut.client == "rosa" {
		t.Errorf("cut for her: %+v", cut)
	}
	if s.n != maxStrangers {
		t.Errorf("%d are kept", s.n)
	}
}

func TestAnIPv6ClientIsOneNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "::ffff:192.0.2.1", "unix": "unix",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::9": "2001:db8:1:2::/64",
	} {
		s := &Server{options: Options{ClientIP: func(*http.Request) string { return address }}}
		if got := s.client(httptest.NewRequest(http.MethodGet, "/socket", nil)); got != want {
			t.Errorf("%s is %s, want %s", address, got, want)
		}
	}
}
