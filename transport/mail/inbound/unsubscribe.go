package inbound

import (
	"context"
	"errors"
	"net/http"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/transport/mail"
)

// unsubscribe ends the mails of whom the subject names, whoever sends it: the
// token can do nothing else, and only their own mails hold it.
func (h *Handler) unsubscribe(ctx context.Context, f form) (int, error) {
	m, _, err := parseHeader(mended(f.mime))
	if err != nil {
		return h.malformed()
	}
	district, person, err := mail.ReadUnsubscribeSubject(h.LinkSecret, m.subject)
	if err != nil {
		h.Log.Info("a mail that unsubscribes", "outcome", "no token of ours")
		return http.StatusOK, nil
	}
	_, err = h.Reports.Report(ctx, notify.Report{
		Nonce: "unsubscribe " + f.signature.Token, Kind: notify.Unsubscribed, District: district, Person: person, At: h.Now(),
	})
	if err != nil && !errors.Is(err, notify.ErrNoMail) { // who is no longer known gets no mail either
		return h.failed("that somebody unsubscribes", err)
	}
	h.Log.Info("a mail that unsubscribes", "outcome", "no more mails")
	return http.StatusOK, nil
}
