package mail_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailguntest"
)

// What of a body is believed must be signed and name its district; nothing that
// is posted makes the handler panic or answer anything else.
func FuzzWebhookBody(f *testing.F) {
	server := mailguntest.New(mailguntest.Options{Now: func() time.Time { return hooksNow }})
	f.Cleanup(server.Close)
	hook := server.Webhook("failed", mailguntest.Mail{
		MessageID: "notice.1@mg.school.example", To: "ana@home.example",
		Variables: map[string]string{"district": hookDistrict.String(), "mail": hookMail.String()},
	})
	hook.Severity, hook.Reason, hook.Code, hook.Token = "permanent", "bounce", 550, strings.Repeat("0", 50)
	good := string(server.Body(hook))
	f.Add(good)
	f.Add(strings.Replace(good, `"user-variables":{`, `"user-variables":[`, 1))
	f.Add(strings.Replace(good, `"timestamp":1`, `"timestamp":1e300`, 1))
	f.Add(strings.Replace(good, `"permanent"`, `null`, 1))
	f.Add(`{"signature":{"timestamp":"99999999999999999999"},"event-data":{"event":"delivered"}}`)
	f.Fuzz(func(t *testing.T, body string) {
		kept := &ledger{nonces: make(map[string]bool)}
		h, err := mail.NewWebhooks(mail.WebhookOptions{SigningKey: server.SigningKey(), Reports: kept, Now: func() time.Time { return hooksNow }})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)))
		switch w.Code {
		case http.StatusOK, http.StatusUnauthorized, http.StatusNotAcceptable, http.StatusServiceUnavailable:
		default:
			t.Errorf("answered %d", w.Code)
		}
		for _, r := range kept.reports {
			if w.Code != http.StatusOK || r.Nonce == "" || r.Email == "" || r.At.After(hooksNow) || hooksNow.Sub(r.At) > mail.WebhookAge {
				t.Errorf("answered %d and kept %+v", w.Code, r)
			}
		}
	})
}
