package identity

import (
	"net/mail"
	"strings"

	"github.com/homeline/homeline/hub"
)

// maxAddress is the longest address that mail can be sent to (RFC 5321).
const maxAddress = 254

// CleanAddress is an e-mail address as the roster has it: trimmed and in lower
// case. What is none is refused as the field address.
func CleanAddress(typed string) (string, error) {
	address := strings.ToLower(strings.TrimSpace(typed))
	switch {
	case address == "":
		return "", &hub.Error{Code: hub.CodeRequired, Field: "address"}
	case len(address) > maxAddress:
		return "", &hub.Error{Code: hub.CodeTooLong, Field: "address", Limit: maxAddress, Got: len(address)}
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return "", &hub.Error{Code: hub.CodeInvalid, Field: "address"}
	}
	return address, nil
}
