package mail_test

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
)

// The people of the letters. No name is part of a word that a mail says anyway.
var (
	elena    = person("Elena", "Ortiz", roster.Teacher)
	xavier   = person("Xavier", "Chenoweth", roster.Teacher)
	anabel   = person("Anabel", "Quintero", roster.Parent)
	lucian   = person("Lucian", "Quintero", roster.Parent)
	leopold  = person("Leopold", "Quintero", roster.Student)
	dorothea = person("Dorothea", "Brandt", roster.Guardian)
	kimberly = person("Kimberly", "Brandt", roster.Student)
)

// sentAt is a Wednesday afternoon at the school, and evening in Madrid.
var sentAt = time.Date(2026, 10, 14, 19, 20, 0, 0, time.UTC)

const (
	about  = "Broken wrist"
	letter = "He fell off the climbing frame."
)

func person(given, family string, role roster.Role) roster.Person {
	return roster.Person{
		ID: uuid.NewSHA1(uuid.Nil, []byte(given+family)), Given: given, Family: family, SourcedID: "sourced-" + given,
		Email: strings.ToLower(given) + "@home.example", Roles: []roster.RoleAt{{Role: role}},
	}
}

func participant(p roster.Person) hub.Participant {
	tie := roster.Tie{Person: p.ID, Student: leopold.ID}
	switch role := p.Roles[0].Role; role {
	case roster.Teacher:
		tie.Part, tie.Detail = roster.AsTeacher, "Pottery"
	case roster.Student:
		tie.Part, tie.Student = roster.AsStudent, p.ID
	default:
		tie.Part, tie.Detail = roster.AsGuardian, string(role)
	}
	return hub.Participant{Person: p, Ties: []roster.Tie{tie}}
}

// conversation is one that starter began, of which the letter has a message by
// each of the writers, in that order.
func conversation(starter roster.Person, others []roster.Person, writers ...roster.Person) notify.LetterPart {
	c := hub.Conversation{
		ID: uuid.NewSHA1(uuid.Nil, []byte("Broken wrist")), Subject: about, StartedBy: starter.ID, LastSeq: 40,
		Participants: []hub.Participant{participant(starter)},
	}
	part := notify.LetterPart{Conversation: c, Count: int64(len(writers)), Schools: map[uuid.UUID]string{
		elena.ID: "Lincoln School", xavier.ID: "Lincoln School",
	}}
	for _, p := range others {
		part.Conversation.Participants = append(part.Conversation.Participants, participant(p))
	}
	for i, p := range writers {
		part.Messages = append(part.Messages, hub.Message{
			Conversation: c.ID, Seq: int64(i + 1), Sender: p.ID, SentAt: sentAt.Add(time.Duration(i) * time.Minute), Body: letter,
		})
	}
	return part
}

// to is a letter to a reader at a level.
func to(reader roster.Person, reveals roster.Reveals, parts ...notify.LetterPart) notify.Letter {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	settings := roster.DefaultSettings()
	settings.MailReveals = reveals
	return notify.Letter{
		Mail: uuid.NewSHA1(uuid.Nil, []byte("mail")), Reader: reader, To: "reader@home.example", Language: "en", Location: newYork,
		District: roster.District{ID: uuid.NewSHA1(uuid.Nil, []byte("district")), Slug: "unified", Name: "Springfield Unified", Settings: settings},
		Now:      sentAt.Add(15 * time.Minute), Parts: parts,
	}
}

var catalogue = sync.OnceValue(func() *words.Catalogue {
	c, err := words.Load()
	if err != nil {
		panic(err)
	}
	return c
})

func notices(t testing.TB, change ...func(*mail.NoticeOptions)) *mail.Notices {
	t.Helper()
	o := mail.NoticeOptions{
		From: "Homeline <homeline@post.example>", PublicURL: &url.URL{Scheme: "https", Host: "letters.example"},
		Secret: secret, Words: catalogue(),
		ReplyAddress: func(notify.Letter) string { return "reply+q1w2e3@post.example" },
	}
	for _, c := range change {
		c(&o)
	}
	n, err := mail.NewNotices(o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func write(t testing.TB, l notify.Letter) mail.Message {
	t.Helper()
	m, err := notices(t).Write(l)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// arrived is a mail as it lies in a mailbox.
type arrived struct {
	netmail.Header
	subject, text, html string
	all                 string // every byte of it, raw and decoded
}

// arrive sends the letter through the outbox, the same way as every provider
// that sends what the library builds.
func arrive(t testing.TB, l notify.Letter) arrived {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "outbox")
	outbox, err := mail.OpenOutbox(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := notices(t, func(o *mail.NoticeOptions) { o.Provider = outbox }).Send(context.Background(), l); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the outbox holds %v, %v", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return read(t, raw)
}

func read(t testing.TB, raw []byte) (a arrived) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	a.Header, a.all = m.Header, string(raw)
	for _, values := range m.Header {
		for _, value := range values {
			decoded, err := new(mime.WordDecoder).DecodeHeader(value)
			if err != nil {
				t.Fatal(err)
			}
			a.all += "\n" + decoded
		}
	}
	a.subject, _ = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		said := strings.ReplaceAll(string(content), "\r\n", "\n")
		a.all += "\n" + said
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			a.text = said
		} else {
			a.html = said
		}
	}
	return a
}

func (a arrived) says(t *testing.T, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(a.text, want) || !strings.Contains(a.html, want) {
			t.Errorf("%q is not in both of\n%s\n%s", want, a.text, a.html)
		}
	}
}

func (a arrived) saysNowhere(t *testing.T, forbidden ...string) {
	t.Helper()
	all := strings.ToLower(a.all)
	for _, word := range forbidden {
		if at := strings.Index(all, strings.ToLower(word)); at >= 0 {
			t.Errorf("%q is in the mail: …%s…", word, all[max(0, at-100):min(len(all), at+100)])
		}
	}
}
