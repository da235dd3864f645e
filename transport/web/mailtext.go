package web

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

func decodeHeader(value string) string {
	decoded, err := new(mime.WordDecoder).DecodeHeader(value)
	if err != nil {
		return value
	}
	return decoded
}

// mailPart is the part of a mail that is of the kind (text/plain, text/html),
// empty where there is none.
func mailPart(m *mail.Message, kind string) (string, error) {
	whole, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(whole, "multipart/") {
		if err == nil && whole != kind || err != nil && kind != "text/plain" {
			return "", nil
		}
		return decodeBody(m.Body, m.Header.Get("Content-Transfer-Encoding"))
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), kind) {
			return decodeBody(part, part.Header.Get("Content-Transfer-Encoding"))
		}
	}
}

func decodeBody(r io.Reader, encoding string) (string, error) {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	return string(b), nil
}
