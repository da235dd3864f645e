package inbound

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/homeline/homeline/transport/mail"
)

// How much is read. Mailgun takes mails of 25 MB; the encoding of a form makes
// them longer.
const (
	maxForm  = 40 << 20 // bytes
	maxSmall = 1 << 20  // nearly all replies are
	maxLarge = 2        // larger ones that are taken at a time
	maxField = 8 << 10
	readTime = 60 * time.Second // for all of it to arrive
)

// form is what a route posts.
type form struct {
	signature         mail.Signature
	recipient, sender string // of the envelope
	mime              []byte // the message as it came in; nil where there was none
}

// enter says how much of a call is read, and what to do once it is done with. What
// is large waits for other large ones, until they are dealt with: the sender's own
// DNS says how long that takes. It takes nothing from who is not large.
func (h *Handler) enter(r *http.Request) (limit int64, leave func(), ok bool) {
	if 0 <= r.ContentLength && r.ContentLength <= maxSmall {
		return maxSmall, func() {}, true
	}
	select {
	case h.large <- struct{}{}:
		return maxForm, sync.OnceFunc(func() { <-h.large }), true
	default:
		return 0, nil, false
	}
}

// read reads the form, in either encoding that Mailgun uses.
func read(w http.ResponseWriter, r *http.Request, limit int64) (f form, status int, err error) {
	// Where no deadline can be set, it is not a connection.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readTime))
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if parts, noParts := r.MultipartReader(); noParts == nil {
		f, err = readParts(parts)
	} else {
		f, err = readPairs(r.Body)
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return form{}, http.StatusNotAcceptable, errors.New("the mail is too large")
	case err != nil:
		return form{}, http.StatusServiceUnavailable, errors.New("the form was cut off, or is none")
	}
	return f, http.StatusOK, nil
}

func (f *form) field(name string) *string {
	switch name {
	case "recipient":
		return &f.recipient
	case "sender":
		return &f.sender
	case "timestamp":
		return &f.signature.Timestamp
	case "token":
		return &f.signature.Token
	case "signature":
		return &f.signature.Signature
	}
	return nil
}

func readPairs(body io.Reader) (f form, err error) {
	b, err := io.ReadAll(body)
	if err != nil {
		return form{}, err
	}
	values, err := url.ParseQuery(string(b))
	if err != nil {
		return form{}, err
	}
	for name := range values {
		if into := f.field(name); into != nil {
			*into = values.Get(name)
		}
	}
	if values.Has("body-mime") {
		f.mime = []byte(values.Get("body-mime"))
	}
	return f, nil
}

func readParts(parts *multipart.Reader) (f form, err error) {
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return form{}, err
		}
		if part.FormName() == "body-mime" {
			var b bytes.Buffer
			if _, err := b.ReadFrom(part); err != nil {
				return form{}, err
			}
			f.mime = b.Bytes()
			continue
		}
		into := f.field(part.FormName())
		if into == nil {
			continue // NextPart skips it
		}
		b, err := io.ReadAll(io.LimitReader(part, maxField))
		if err != nil {
			return form{}, err
		}
		*into = string(b)
	}
}
