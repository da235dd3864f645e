package origin

import "testing"

func TestOnlyLoopbackAndAddressesNeedNoName(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost:8080": true, "127.0.0.1:8080": true, "[::1]:8080": true, "::1": true, "192.168.1.7": true,
		"": false, "evil.example": false, "evil.example:8080": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false,
	} {
		if got := Nameless(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
}
