package mailguntest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Webhook is one call of ours by Mailgun. Posted again it is the same: the same
// token and time, as when Mailgun repeats.
type Webhook struct {
	Event     string // delivered, failed, complained, unsubscribed …
	Severity  string // of failed: permanent or temporary
	Reason    string // of failed: bounce, suppress-bounce, old …
	Code      int    // of failed: what the mail server said
	Enhanced  string // of failed: its status code, which Mailgun gives at times
	Said      string // of failed: its words
	Recipient string
	MessageID string
	Variables map[string]string
	At        time.Time
	Token     string
}

// Webhook is one about a mail that the server took.
func (s *Server) Webhook(event string, m Mail) Webhook {
	return Webhook{
		Event: event, Recipient: m.To, MessageID: m.MessageID, Variables: m.Variables,
		At: s.opts.Now(), Token: newToken(),
	}
}

// Body is the webhook signed, as it is posted.
func (s *Server) Body(hook Webhook) []byte {
	timestamp := strconv.FormatInt(hook.At.Unix(), 10)
	data := map[string]any{
		"event": hook.Event, "id": hook.Token[:min(22, len(hook.Token))], "timestamp": float64(hook.At.UnixMicro()) / 1e6,
		"recipient": hook.Recipient, "user-variables": hook.Variables,
		"message":         map[string]any{"headers": map[string]string{"message-id": hook.MessageID}},
		"delivery-status": map[string]any{"code": hook.Code, "message": cmp.Or(hook.Said, "said of "+hook.Recipient), "enhanced-code": hook.Enhanced, "attempt-no": 1},
	}
	if hook.Severity != "" {
		data["severity"], data["reason"] = hook.Severity, hook.Reason
	}
	body, err := json.Marshal(map[string]any{
		"signature": map[string]string{
			"timestamp": timestamp, "token": hook.Token, "signature": Sign(s.opts.SigningKey, timestamp, hook.Token),
		},
		"event-data": data,
	})
	if err != nil {
		panic(fmt.Sprintf("mailguntest: %v", err)) // only of values made here
	}
	return body
}

// Post calls a webhook and answers with the status.
func (s *Server) Post(ctx context.Context, url string, hook Webhook) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(s.Body(hook)))
	if err != nil {
		return 0, fmt.Errorf("webhook: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := s.http.Client().Do(r)
	if err != nil {
		return 0, fmt.Errorf("webhook: %w", err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return 0, fmt.Errorf("webhook: %w", err)
	}
	return resp.StatusCode, nil
}

// Sign is a webhook's signature: it covers the time and the token alone.
func Sign(key, timestamp, token string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(timestamp + token))
	return hex.EncodeToString(mac.Sum(nil))
}

// newToken is of 50 characters, as the API's.
func newToken() string {
	var b [25]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
