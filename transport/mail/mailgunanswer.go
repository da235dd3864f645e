package mail

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mailgun/mailgun-go/v4"

	"github.com/homeline/homeline/hub/notify"
)

// answer is what was seen of a request: the client tells neither headers nor
// whether anything was sent. It is read once the client has come back, which may
// be before the transport has.
type answer struct {
	connected  atomic.Bool  // from then on something may have been sent
	status     atomic.Int64 // 0: no answer came
	retryAfter atomic.Int64 // time.Duration
}

type answerKey struct{}

// observe has the observer note what it sees of one request.
func observe(ctx context.Context) (context.Context, *answer) {
	seen := new(answer)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { seen.connected.Store(true) },
	})
	return context.WithValue(ctx, answerKey{}, seen), seen
}

// observer is a transport that notes answers and bounds their bodies, which the
// client reads whole.
type observer struct{ next *http.Transport }

const maxAnswer = 4 << 20 // bytes; 300 events take less than 1 MB

func (o *observer) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := o.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if seen, _ := r.Context().Value(answerKey{}).(*answer); seen != nil {
		seen.retryAfter.Store(int64(retryAfter(resp.Header.Get("Retry-After"), time.Now())))
		seen.status.Store(int64(resp.StatusCode))
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxAnswer)
	return resp, nil
}

func (o *observer) CloseIdleConnections() { o.next.CloseIdleConnections() }

const maxRetryAfter = 24 * time.Hour

// retryAfter reads seconds or a date; what is neither, or past, is zero.
func retryAfter(value string, now time.Time) time.Duration {
	var after time.Duration
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		after = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		after = at.Sub(now)
	}
	return min(max(after, 0), maxRetryAfter)
}

// failed says what it means for a message that the client answered err.
//
// Of a 5xx nobody knows: Mailgun has sent mails that it answered so.
func (a *answer) failed(err error, domain, region string) error {
	status := int(a.status.Load())
	switch {
	case status == 0 && !a.connected.Load():
		return &notify.LaterError{Err: fmt.Errorf("Mailgun was not reached: %w", bare(err))}
	case status == 0:
		return fmt.Errorf("Mailgun did not answer: %w", bare(err))
	case status < 300:
		return fmt.Errorf("the answer of Mailgun was cut off or is no JSON (status %d)", status)
	case status >= 500:
		return fmt.Errorf("Mailgun answered %d: %s", status, said(err))
	case status == http.StatusTooManyRequests:
		return &notify.LaterError{After: time.Duration(a.retryAfter.Load()), Err: errors.New("too many mails for Mailgun (429)")}
	case status == http.StatusBadRequest && badRecipient.MatchString(said(err)):
		return &notify.RefusedError{Address: true, Err: errors.New("the address is malformed, says Mailgun (400)")}
	case status == http.StatusBadRequest && !badSender.MatchString(said(err)), status == http.StatusRequestEntityTooLarge:
		return &notify.RefusedError{Err: fmt.Errorf("Mailgun answered %d: %s", status, said(err))}
	}
	return &notify.LaterError{
		After: time.Duration(a.retryAfter.Load()),
		Err:   fmt.Errorf("%s: %s", configuration(status, domain, region), said(err)),
	}
}

// configuration says what an answer that blames the request is likely about.
func configuration(status int, domain, region string) string {
	switch status {
	case http.StatusBadRequest:
		return "Mailgun does not take HOMELINE_MAIL_FROM (400): write an address of MAILGUN_DOMAIN"
	case http.StatusUnauthorized:
		return fmt.Sprintf("Mailgun does not know MAILGUN_API_KEY in region %s (401): make a new one, or set MAILGUN_REGION", region)
	case http.StatusForbidden:
		return fmt.Sprintf("Mailgun does not let MAILGUN_API_KEY use %s (403): look at the domain and the plan in its control panel", domain)
	case http.StatusNotFound:
		return fmt.Sprintf("Mailgun does not know %s in region %s (404): mend MAILGUN_DOMAIN or MAILGUN_REGION", domain, region)
	}
	return fmt.Sprintf("Mailgun answered %d", status)
}

var (
	badRecipient = regexp.MustCompile(`(?i)\bto'? parameter is not a valid address`)
	badSender    = regexp.MustCompile(`(?i)\bfrom'? parameter`)
)

// said is what Mailgun's answer says, without addresses.
func said(err error) string {
	var unexpected *mailgun.UnexpectedResponseError
	if !errors.As(err, &unexpected) {
		return "no more is known"
	}
	text := string(unexpected.Data)
	if _, after, found := strings.Cut(text, `"message":`); found {
		text = strings.Trim(after, "\"}\n ")
	}
	return discreet(text)
}

// bare takes the URL off an error of net/http, which names a message where events
// are asked for.
func bare(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}
