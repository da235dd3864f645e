package web

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// What somebody sends after their sign-in has ended is not lost, in two ways.
// The page that asks them to sign in carries it along, in the form, with a
// button that sends it again once they have: that needs no memory of ours and
// works on any node. And this node remembers it for an hour, under a secret in
// a cookie: who signs in again in the same browser, as the same person, finds
// it as their draft on the page where they were.

const (
	keptFor   = time.Hour
	mostKept  = 1_000
	keptBytes = 16 << 20
	// maxCarried bounds what a stranger can make the sign-in page repeat: a letter
	// of hub.MaxBody characters, percent-encoded, with its recipients.
	maxCarried = 160 << 10
)

// keptForm is a form that came too late.
type keptForm struct {
	person uuid.UUID // who was signed in last in that browser
	slot   string
	page   string // where it is written
	draft  draft
	size   int
	until  time.Time
}

// keptForms forgets the oldest first where its bounds are reached.
type keptForms struct {
	now func() time.Time

	mu    sync.Mutex
	forms map[string]keptForm
	order []string
	bytes int
}

func newKeptForms(now func() time.Time) *keptForms {
	return &keptForms{now: now, forms: map[string]keptForm{}}
}

func (k *keptForms) put(f keptForm) (secret string) {
	secret = rand.Text()
	f.until = k.now().Add(keptFor)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.forms[secret] = f
	k.order = append(k.order, secret)
	k.bytes += f.size
	for len(k.order) > mostKept || k.bytes > keptBytes {
		k.drop(k.order[0])
		k.order = k.order[1:]
	}
	return secret
}

// take returns a form and forgets it.
func (k *keptForms) take(secret string) (keptForm, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f, ok := k.forms[secret]
	k.drop(secret)
	return f, ok && k.now().Before(f.until)
}

func (k *keptForms) drop(secret string) {
	k.bytes -= k.forms[secret].size
	delete(k.forms, secret)
}

// againView is a form that is carried along to be sent once more.
type againView struct {
	Action string
	Body   string
	Fields []fieldView
}

type fieldView struct{ Name, Value string }

// signInFirst asks to sign in, then to go on: to the page that was asked for, or
// with what was typed.
func (s *Site) signInFirst(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		http.Redirect(w, r, "/sign-in?next="+escapeNext(nextOf(r)), http.StatusSeeOther)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxCarried)
	p := &signInPage{Next: "/", Gone: s.goneWords(r)}
	p.Title = s.languageOf(r).Say("sign_in_title")
	if err := parseForm(r); err != nil {
		s.fail(w, r, nil, badForm(err))
		return
	}
	plainNames(r.PostForm)
	if slot, page, ok := writtenAt(r.URL.Path); ok {
		s.keep(w, r, slot, page)
		p.Next, p.Again = page, again(r.URL.Path, r.PostForm)
	}
	if err := s.showAnyone(w, r, http.StatusUnauthorized, "signin", p); err != nil {
		s.fail(w, r, nil, err)
	}
}

// writtenAt says where the text of a form that is posted to path is kept, and on
// which page it is written. Of a new message the form says where.
func writtenAt(path string) (slot, page string, ok bool) {
	if path == "/compose" {
		return "", path, true
	}
	rest, isReply := strings.CutSuffix(path, "/reply")
	id, err := uuid.Parse(strings.TrimPrefix(rest, "/conversations/"))
	if !isReply || err != nil {
		return "", "", false
	}
	return slotOf(id), "/conversations/" + id.String(), true
}

func (s *Site) keep(w http.ResponseWriter, r *http.Request, slot, page string) {
	_, person, known := s.last(r)
	d := draft(r.PostForm)
	b, err := json.Marshal(d)
	if !known || err != nil || len(b) > hub.MaxDraft {
		return // the form is carried along in any case
	}
	if slot == "" {
		form := readCompose(r.PostForm)
		slot, page = form.slot(), form.path()
	}
	secret := s.kept.put(keptForm{person: person, slot: slot, page: page, draft: d, size: len(b)})
	s.cookies.set(w, keptCookie, secret, keptFor)
}

// restore makes a kept form the draft of the person who wrote it, and says on
// which page it is; empty where there is none.
func (s *Site) restore(w http.ResponseWriter, r *http.Request, v *visitor) (page string, err error) {
	secret := s.cookies.get(r, keptCookie)
	if secret == "" {
		return "", nil
	}
	s.cookies.drop(w, keptCookie)
	f, ok := s.kept.take(secret)
	if !ok || f.person != v.person.ID || s.maySlot(r, v, f.slot) != nil {
		return "", nil
	}
	if err := s.keepDraft(r.Context(), v, f.slot, f.draft); err != nil {
		return "", err
	}
	s.flash(w, saidKept, 0)
	if _, isReply := idIn(f.slot, replySlot); isReply && f.draft.get("continues") == "" {
		return f.page + "#reply", nil
	}
	return f.page, nil
}

// again carries the fields of a form along, but not which button was pressed:
// it comes back as it was, to be looked at before it is sent.
func again(action string, form url.Values) *againView {
	a := &againView{Action: action, Body: form.Get("body")}
	for name, values := range form {
		if name == "do" {
			continue
		}
		for _, value := range values {
			a.Fields = append(a.Fields, fieldView{Name: name, Value: value})
		}
	}
	a.Fields = append(a.Fields, fieldView{Name: "do", Value: doKeep})
	return a
}

// againFrom takes a form that is carried along on to the next page of sign-in.
func (s *Site) againFrom(r *http.Request) *againView {
	action := r.PostForm.Get("again")
	if _, _, ok := writtenAt(action); !ok {
		return nil
	}
	form := url.Values{}
	for name, values := range r.PostForm {
		if field, ok := strings.CutPrefix(name, "again-"); ok {
			form[field] = values
		}
	}
	return again(action, form)
}

// doKeep comes from the button that sends a form again after signing in: keep
// it as the draft and show it, send nothing.
const doKeep = "keep"
