package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/homeline/homeline/static/words"
)

// A confirmation is said once, on the next page that somebody opens. Until then
// its name, and for some a count, wait in a cookie.
type confirmation string

const (
	saidReply       confirmation = "reply"
	saidSent        confirmation = "sent" // with the number of conversations
	saidSealed      confirmation = "sealed"
	saidPreferences confirmation = "preferences"
	saidKept        confirmation = "kept"
	saidDiscarded   confirmation = "discarded"
	saidMarked      confirmation = "marked"
	saidAddress     confirmation = "address"
	saidMailbox     confirmation = "mailbox"

	saidSignedOut           confirmation = "signed_out"
	saidSignedOutEverywhere confirmation = "signed_out_everywhere"
)

const flashAge = time.Minute

func (s *Site) flash(w http.ResponseWriter, c confirmation, count int) {
	s.cookies.set(w, flashCookie, string(c)+"."+strconv.Itoa(count), flashAge)
}

func (s *Site) takeFlash(w http.ResponseWriter, r *http.Request, lang *words.Language) string {
	value := s.cookies.get(r, flashCookie)
	if value == "" {
		return ""
	}
	s.cookies.drop(w, flashCookie)
	name, number, _ := strings.Cut(value, ".")
	count, err := strconv.ParseInt(number, 10, 32)
	if err != nil {
		return ""
	}
	return confirm(lang, confirmation(name), count)
}

func confirm(lang *words.Language, c confirmation, count int64) string {
	switch c {
	case saidSent:
		return lang.Count("said_sent", count)
	case saidReply, saidSealed, saidPreferences, saidKept, saidDiscarded, saidMarked, saidAddress, saidMailbox, saidSignedOut, saidSignedOutEverywhere:
		return lang.Say("said_" + string(c))
	}
	return ""
}
