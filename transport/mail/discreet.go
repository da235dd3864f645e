package mail

import (
	"regexp"
	"strings"
)

const maxSaid = 200 // bytes

var address = regexp.MustCompile(`[^\s<>"'(),;:=]+@[^\s<>"'(),;:]+`)

// discreet is what a provider said as a line of a log may repeat it: short, on
// one line, without addresses.
func discreet(said string) string {
	said = said[:min(len(said), 4*maxSaid)]
	said = strings.Join(strings.Fields(strings.ToValidUTF8(said, "")), " ")
	said = address.ReplaceAllString(said, "(an address)")
	return strings.ToValidUTF8(said[:min(len(said), maxSaid)], "")
}
