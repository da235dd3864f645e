package mail

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
)

// webhook is what is read of one, which holds much more.
type webhook struct {
	Event     string    `json:"event"`
	Severity  string    `json:"severity"`
	Reason    string    `json:"reason"`
	Timestamp float64   `json:"timestamp"` // s since 1970
	Recipient string    `json:"recipient"`
	Variables variables `json:"user-variables"`
	Status    struct {
		Code        int    `json:"code"`
		Enhanced    string `json:"enhanced-code"`
		Message     string `json:"message"`
		Description string `json:"description"`
	} `json:"delivery-status"`

	signature Signature
	signedAt  time.Time
}

// variables are our identifiers, as Message.Variables has them.
type variables struct {
	District string `json:"district"`
	Mail     string `json:"mail"`
	Person   string `json:"person"`
}

// UnmarshalJSON takes what is no object, as the empty list that stands for no
// variables, and objects of others' making, for none.
func (v *variables) UnmarshalJSON(b []byte) error {
	var all map[string]json.RawMessage
	if json.Unmarshal(b, &all) != nil {
		return nil
	}
	for name, into := range map[string]*string{"district": &v.District, "mail": &v.Mail, "person": &v.Person} {
		if raw, ok := all[name]; ok && json.Unmarshal(raw, into) != nil {
			return fmt.Errorf("the variable %s is no text", name)
		}
	}
	return nil
}

// parseWebhook says what is wrong without repeating any of it.
func parseWebhook(body []byte) (webhook, error) {
	var envelope struct {
		Signature Signature `json:"signature"`
		Data      webhook   `json:"event-data"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return webhook{}, errors.New("the body is not the JSON of a webhook")
	}
	hook := envelope.Data
	hook.signature = envelope.Signature
	at, err := hook.signature.Time()
	switch {
	case err != nil:
		return webhook{}, err
	case hook.Event == "":
		return webhook{}, errors.New("event-data.event is empty")
	}
	hook.signedAt = at
	return hook, nil
}

// report is what the hub is told; concerns is false where it is nothing that the
// hub keeps, or of a mail that is not ours.
func (w webhook) report(now time.Time) (r notify.Report, concerns bool, err error) {
	kind := w.kind()
	if kind == "" || w.Variables.District == "" {
		return notify.Report{}, false, nil
	}
	r = notify.Report{Nonce: w.signature.Token, Kind: kind, At: w.at(now), Detail: w.detail()}
	for _, id := range []struct {
		name, value string
		into        *uuid.UUID
	}{{"district", w.Variables.District, &r.District}, {"mail", w.Variables.Mail, &r.Mail}, {"person", w.Variables.Person, &r.Person}} {
		if id.value == "" {
			continue
		}
		if len(id.value) != 36 {
			return notify.Report{}, false, fmt.Errorf("the variable %s is no identifier", id.name)
		}
		if *id.into, err = uuid.Parse(id.value); err != nil {
			return notify.Report{}, false, fmt.Errorf("the variable %s is no identifier", id.name)
		}
	}
	if r.Email, err = identity.CleanAddress(w.Recipient); err != nil {
		return notify.Report{}, false, errors.New("event-data.recipient is no address")
	}
	return r, true, nil
}

// kind is empty for what the hub does not keep.
func (w webhook) kind() notify.ReportKind {
	switch w.Event {
	case "delivered":
		return notify.Delivered
	case "complained":
		return notify.Complained
	case "unsubscribed":
		return notify.Unsubscribed
	case "failed":
		if w.permanent() {
			return w.failure()
		}
	}
	return ""
}

func (w webhook) permanent() bool { return w.Event == "failed" && w.Severity == "permanent" }

// failure is whether it is the address that failed. Mailgun also calls it
// permanent when a server did not answer for hours, or has something against the
// sender: mails go on then, and if it was the address, the next is suppressed.
func (w webhook) failure() notify.ReportKind {
	switch w.Reason {
	case "suppress-complaint":
		return notify.Complained
	case "suppress-unsubscribe":
		return notify.Unsubscribed
	case "old", "espblock", "blacklisted", "greylisted":
		return ""
	}
	if said := w.said(); policy.MatchString(w.code()) || isFull(w.Status.Code, w.code(), said) || w.code() == "" && policyWords.MatchString(said) {
		return ""
	}
	return notify.Bounced
}

// said is what the other server said, which quotes addresses.
func (w webhook) said() string {
	said := w.Status.Message + " " + w.Status.Description
	return said[:min(len(said), maxStatus)]
}

// maxStatus is how much is looked at of what a server said.
const maxStatus = 2_000

// code is the status code of RFC 3463, which Mailgun leaves to what the server said
// at times.
func (w webhook) code() string {
	if w.Status.Enhanced != "" {
		return w.Status.Enhanced
	}
	return enhanced.FindString(w.said())
}

// at is when it happened, which is not signed: never later than now, never
// earlier than a webhook may be.
func (w webhook) at(now time.Time) time.Time {
	at := time.UnixMicro(int64(w.Timestamp * 1e6)).UTC()
	if now.Sub(at) > WebhookAge {
		at = w.signedAt
	}
	if at.After(now) {
		return now
	}
	return at
}

var validReason = regexp.MustCompile(`^[a-z-]{1,40}$`)

// detail is without what the other server said, which quotes addresses.
func (w webhook) detail() string {
	reason := w.Reason
	if reason != "" && !validReason.MatchString(reason) {
		reason = "other"
	}
	if reason == "" || w.Status.Code == 0 {
		return reason
	}
	detail := fmt.Sprintf("%s %d", reason, w.Status.Code)
	if enhanced.MatchString(w.Status.Enhanced) {
		detail += " " + enhanced.FindString(w.Status.Enhanced)
	}
	return detail
}
