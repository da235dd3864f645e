package inboundtest_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	mimemultipart "mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/inbound"
	"github.com/homeline/homeline/transport/mail/inbound/inboundtest"
	"github.com/homeline/homeline/transport/mail/mailguntest"
	"github.com/homeline/homeline/transport/schooltest"
)

const signingKey = "the signing key"

// office is where Mailgun brings the replies of a school. Ana has written to
// Rosa, who was mailed.
type office struct {
	*testing.T
	*schooltest.School
	handler      *inbound.Handler
	replies      *replymail.Service
	notices      *mail.Notices
	now          time.Time
	log          bytes.Buffer
	conversation uuid.UUID
	to           string // Rosa's address for it
	answers      []replymail.Answer
}

// MailAnswer implements replymail.Mailer.
func (o *office) MailAnswer(_ context.Context, a replymail.Answer) error {
	o.answers = append(o.answers, a)
	return nil
}

func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, School: schooltest.Open(t, 0), now: time.Now()}
	secret, err := o.Store.Secret(t.Context(), "links")
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return o.now }
	addresses := replymail.Addresses{Secret: secret, Domain: "reply.school.example"}
	replies, err := replymail.New(o.Store, o.Hub, o, replymail.Options{Addresses: addresses, MailDomain: "mg.school.example", Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	o.notices, err = mail.NewNotices(mail.NoticeOptions{
		From: "Lincoln Unified <homeline@mg.school.example>", PublicURL: &url.URL{Scheme: "https", Host: "homeline.school.example"},
		Secret: secret, Words: catalogue, ReplyAddress: addresses.Of,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.replies = replies
	o.handler, err = inbound.New(inbound.Options{
		SigningKey: signingKey, Replies: replies, Tokens: o.Store, Reports: o.Store, LinkSecret: secret,
		From: "Lincoln Unified <homeline@mg.school.example>", Host: "homeline.school.example", Words: catalogue, Forms: o.notices, Now: clock, Log: slog.New(slog.NewTextHandler(&o.log, nil)),
		LookupTXT: inboundtest.Zone{}.Publish("", "example.org").LookupTXT,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.conversation = o.Start(t, "The trip", "May Leo come?")
	claimed, err := o.Store.Claim(t.Context(), o.now.Add(time.Hour), 10, time.Minute, notify.Judge)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range claimed.Mails {
		if m.Person == o.ID(schooltest.Rosa) {
			o.to = addresses.Make(m.ID)
		}
	}
	return o
}

// call is what Mailgun posts about a mail.
func (o *office) call(mime string) url.Values {
	timestamp, token := strconv.FormatInt(o.now.Unix(), 10), uuid.NewString()
	return url.Values{
		"recipient": {o.to}, "sender": {"rosa@example.org"}, "from": {"Rosa Vega <rosa@example.org>"}, "subject": {"Re: The trip"},
		"timestamp": {timestamp}, "token": {token}, "signature": {mailguntest.Sign(signingKey, timestamp, token)}, "body-mime": {mime},
	}
}

// reply is a mail of Rosa's, signed by her domain.
func (o *office) reply(id, text string) string { return o.replyAt(time.Now(), id, text) }

func (o *office) replyAt(at time.Time, id, text string) string {
	mail := inboundtest.Mail("rosa@example.org", o.to, id, text)
	before, after, _ := strings.Cut(mail, "Date: ")
	_, after, _ = strings.Cut(after, "\r\n")
	return inboundtest.Signer{Domain: "example.org"}.Sign(before + "Date: " + at.Format(time.RFC1123Z) + "\r\n" + after)
}

func (o *office) posts(r *http.Request, want int) {
	o.Helper()
	w := httptest.NewRecorder()
	o.handler.ServeHTTP(w, r)
	if w.Code != want {
		o.Errorf("answered %d %q, want %d", w.Code, w.Body, want)
	}
}

func (o *office) brings(call url.Values, want int) {
	o.Helper()
	r := httptest.NewRequest(http.MethodPost, inbound.Path, strings.NewReader(call.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	o.posts(r, want)
}

// says holds what was written after the first message.
func (o *office) says(want ...string) {
	o.Helper()
	ana := o.Actor(schooltest.Ana)
	messages, err := o.Store.Messages(o.Context(), ana.District, o.conversation, ana.Person, hub.Range{Limit: 50})
	if err != nil {
		o.Fatal(err)
	}
	var bodies []string
	for _, m := range messages[1:] {
		bodies = append(bodies, m.Body)
	}
	if strings.Join(bodies, "|") != strings.Join(want, "|") {
		o.Errorf("the conversation says %q, want %q", bodies, want)
	}
}

func TestAReplyThatMailgunBringsLandsWithoutWhatItQuotes(t *testing.T) {
	o := openOffice(t)
	m := o.reply("1@example.org", "Yes, he may.\n\nOn Tue, Nov 24, 2026 at 9:12 AM Lincoln School <homeline@mg.school.example> wrote:\n\n> "+
		"1 new message\n> https://homeline.school.example/conversations/1")
	o.brings(o.call(m), http.StatusOK)
	o.brings(o.call(m), http.StatusOK) // brought again, under another token
	o.says("Yes, he may.")
}

func TestAReplyBelowARealMailIsPostedWithoutIt(t *testing.T) {
	o := openOffice(t)
	letter, _, err := o.replies.Letter(t.Context(), o.to)
	if err != nil {
		t.Fatal(err)
	}
	sent, err := o.notices.Write(letter)
	if err != nil {
		t.Fatal(err)
	}
	o.brings(o.call(o.reply("1@example.org", sent.Text+"\n\nYes, he may.")), http.StatusOK)
	o.says("Yes, he may.")
}

func TestAFormOfPartsIsReadAsWell(t *testing.T) {
	o := openOffice(t)
	var body bytes.Buffer
	form := mimemultipart.NewWriter(&body)
	for name, values := range o.call(o.reply("1@example.org", "Yes.")) {
		part, err := form.CreateFormField(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, values[0])
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, inbound.Path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	o.posts(r, http.StatusOK)
	o.says("Yes.")
}

func TestAMailThatNobodySignedIsHeld(t *testing.T) {
	o := openOffice(t)
	o.brings(o.call(inboundtest.Mail("rosa@example.org", o.to, "1@example.org", "Yes.")), http.StatusOK)
	o.says()
	if len(o.answers) != 1 || o.answers[0].Confirm == "" || o.answers[0].To != "rosa@example.org" {
		t.Errorf("answered %+v", o.answers)
	}
}

// Whoever holds a mail that Rosa wrote once, and the address at which she answers
// now, could have it said by her today.
func TestAMailThatWasWrittenBeforeTheOneThatItAnswersIsHeld(t *testing.T) {
	o := openOffice(t)
	o.brings(o.call(o.replyAt(time.Now().Add(-48*time.Hour), "1@example.org", "I give up.")), http.StatusOK)
	o.says()
	if len(o.answers) != 1 || o.answers[0].Confirm == "" {
		t.Errorf("answered %+v", o.answers)
	}
}

func TestAMailWithTheTokenOfOneOfOursUnsubscribesWhomItNames(t *testing.T) {
	o := openOffice(t)
	district, rosa := o.Actor(schooltest.Rosa).District, o.ID(schooltest.Rosa)
	wants := func(want identity.MailChoice) {
		t.Helper()
		if p, err := o.Store.Preferences(t.Context(), district, rosa); err != nil || p.Mail != want {
			t.Errorf("Rosa wants mail %q, %v", p.Mail, err)
		}
	}
	secret, err := o.Store.Secret(t.Context(), "links")
	if err != nil {
		t.Fatal(err)
	}
	brings := func(subject string) {
		call := o.call("From: a@mailbox.example\r\nSubject: " + subject + "\r\n\r\n")
		call.Set("recipient", "Unsubscribe@reply.school.example")
		o.brings(call, http.StatusOK)
	}
	brings("unsubscribe")
	brings(mail.UnsubscribeSubject([]byte("the secret of others"), district, rosa))
	brings(mail.UnsubscribeSubject(secret, uuid.New(), rosa))
	wants(identity.MailOn)
	brings(strings.Replace(mail.UnsubscribeSubject(secret, district, rosa), " ", "\r\n ", 1)) // folded
	wants(identity.MailOff)
	if len(o.answers) != 0 {
		t.Errorf("answered %+v", o.answers)
	}
}

func TestOnlyMailgunBringsMails(t *testing.T) {
	o := openOffice(t)
	m := o.reply("1@example.org", "Yes.")
	change := func(name, value string) url.Values {
		call := o.call(m)
		call.Set(name, value)
		return call
	}
	o.brings(change("signature", strings.Repeat("0", 64)), http.StatusUnauthorized)
	o.brings(change("token", "another"), http.StatusUnauthorized)
	o.brings(change("token", ""), http.StatusNotAcceptable)
	o.brings(change("timestamp", "soon"), http.StatusNotAcceptable)
	o.brings(url.Values{}, http.StatusNotAcceptable)

	old, early := o.call(m), o.call(m)
	at := func(call url.Values, when time.Time) {
		timestamp := strconv.FormatInt(when.Unix(), 10)
		call.Set("timestamp", timestamp)
		call.Set("signature", mailguntest.Sign(signingKey, timestamp, call.Get("token")))
	}
	at(old, o.now.Add(-mail.WebhookAge-time.Minute))
	at(early, o.now.Add(mail.WebhookAhead+time.Minute))
	o.brings(old, http.StatusNotAcceptable)
	o.brings(early, http.StatusServiceUnavailable)

	r := httptest.NewRequest(http.MethodGet, inbound.Path, nil)
	o.posts(r, http.StatusMethodNotAllowed)
	o.says()
	if _, err := inbound.New(inbound.Options{}); err == nil {
		t.Error("without a key everybody is Mailgun")
	}
}

// The signature covers the token, not the mail: whoever has seen one call could
// bring mails of their own with it.
func TestATokenIsOfOneMail(t *testing.T) {
	o := openOffice(t)
	call := o.call(o.reply("1@example.org", "Yes."))
	o.brings(call, http.StatusOK)
	o.brings(call, http.StatusOK)
	call.Set("body-mime", o.reply("2@example.org", "No."))
	o.brings(call, http.StatusNotAcceptable)
	o.says("Yes.")
}

func TestARouteThatBringsNoRawMailIsTriedAgain(t *testing.T) {
	o := openOffice(t)
	call := o.call("")
	call.Del("body-mime")
	o.brings(call, http.StatusServiceUnavailable)
	if !strings.Contains(o.log.String(), "must end in") {
		t.Errorf("the log does not say what to mend: %s", o.log.String())
	}
}

func TestAMailToAnAddressThatWeNeverMadeIsTakenAndForgotten(t *testing.T) {
	o := openOffice(t)
	call := o.call(o.reply("1@example.org", "Yes."))
	call.Set("recipient", "reply-x@reply.school.example")
	o.brings(call, http.StatusOK)
	o.says()
	if len(o.answers) != 0 {
		t.Errorf("answered %+v", o.answers)
	}
}

func TestAMailThatIsTooLargeIsRefused(t *testing.T) {
	o := openOffice(t)
	r := httptest.NewRequest(http.MethodPost, inbound.Path, io.LimitReader(endless{}, 64<<20))
	r.ContentLength = -1
	o.posts(r, http.StatusNotAcceptable)
	lies := httptest.NewRequest(http.MethodPost, inbound.Path, io.LimitReader(endless{}, 64<<20))
	lies.ContentLength = 10
	o.posts(lies, http.StatusNotAcceptable)
}

func TestLargeMailsWaitForOneAnotherAndSmallOnesForNone(t *testing.T) {
	o := openOffice(t)
	large := func(body io.Reader) *http.Request {
		r := httptest.NewRequest(http.MethodPost, inbound.Path, body)
		r.ContentLength = 2 << 20
		return r
	}
	var ends []io.Closer
	var done sync.WaitGroup
	for range 2 { // that arrive slowly
		body, sends := io.Pipe()
		ends = append(ends, sends)
		done.Go(func() { o.handler.ServeHTTP(httptest.NewRecorder(), large(body)) })
		if _, err := sends.Write([]byte("x")); err != nil { // it is being read
			t.Fatal(err)
		}
	}
	o.posts(large(endless{}), http.StatusTooManyRequests)
	o.brings(o.call(o.reply("1@example.org", "Yes.")), http.StatusOK)
	o.says("Yes.")
	for _, end := range ends {
		end.Close()
	}
	done.Wait()
	big := o.reply("2@example.org", "No."+strings.Repeat(" ", 3<<20))
	o.brings(o.call(big), http.StatusOK)
	o.says("Yes.", "No.")
}

// A sender whose own DNS is slow would have as many large mails in memory as they
// send in the time.
func TestLargeMailsAreTakenAFewAtATimeHoweverSlowTheirSendersDNSIs(t *testing.T) {
	o := openOffice(t)
	slow, asked := o.handler.Options, make(chan struct{}, 9)
	slow.LookupTXT = func(ctx context.Context, _ string) ([]string, error) {
		asked <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	handler, err := inbound.New(slow)
	if err != nil {
		t.Fatal(err)
	}
	o.handler = handler
	ctx, goOn := context.WithCancel(t.Context())
	var done sync.WaitGroup
	for i, length := range []int{0, 0, 0, 2 << 20, 2 << 20} {
		mail := o.reply(strconv.Itoa(i)+"@example.org", "No."+strings.Repeat(" ", length))
		r := httptest.NewRequest(http.MethodPost, inbound.Path, strings.NewReader(o.call(mail).Encode())).WithContext(ctx)
		r.ContentLength = -1
		done.Go(func() { handler.ServeHTTP(httptest.NewRecorder(), r) })
		<-asked
	}
	o.brings(o.call(o.reply("3@example.org", "No."+strings.Repeat(" ", 2<<20))), http.StatusTooManyRequests)
	goOn()
	done.Wait()
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestTheLogNamesNobody(t *testing.T) {
	o := openOffice(t)
	o.brings(o.call(o.reply("1@example.org", "Leo is ill.")), http.StatusOK)
	o.brings(o.call(inboundtest.Mail("else@mail.example", o.to, "2@example.org", "Leo is ill.")), http.StatusOK)
	o.brings(o.call("Rosa\x00 rosa@example.org\n\nnot a mail"), http.StatusNotAcceptable)
	log := o.log.String()
	for _, hidden := range []string{"@", "rosa", "Rosa", "Leo", o.to} {
		if strings.Contains(log, hidden) {
			t.Errorf("it says %q:\n%s", hidden, log)
		}
	}
	if !strings.Contains(log, "outcome=stored") || !strings.Contains(log, "outcome=held") {
		t.Errorf("it does not say what became of them:\n%s", log)
	}
}
