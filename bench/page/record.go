package page

import (
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Record is what one device was told, for whoever judges it afterwards.
type Record struct {
	Device string // as whom it appears in what is printed
	Person uuid.UUID

	mu      sync.Mutex
	lines   []string // word for word, of this round
	earlier []string // and of the one before
	facts   Facts
}

// maxLine is how much of a frame is kept word for word, in bytes.
const maxLine = 400

// Facts are what a device was told since they were last taken.
type Facts struct {
	Told      []Message // every message, as often as it came
	Shown     []Shown
	Inboxes   []Told
	Stored    []Stored
	Started   []Started
	Read      []ReadMark
	Mentioned map[uuid.UUID]struct{} // conversations
	Disorders []Disorder
	Strangers []string
	Wrong     []string // what no client should ever be told
}

// Shown is a message on a page. Since is when the page was loaded, or its device
// woke.
type Shown struct {
	Message
	At    time.Time
	Since time.Time
}

// Told is a state of the inbox.
type Told struct {
	Inbox
	At time.Time
}

// Stored is a send that was answered with success.
type Stored struct {
	Message
	Key uuid.UUID
}

// Started are conversations whose start was answered with success.
type Started struct {
	Key           uuid.UUID
	Body          string
	Conversations []uuid.UUID
}

// Disorder is an event that does not follow the one before it.
type Disorder struct {
	Conversation uuid.UUID
	Seq          int64
	Why          string
}

// Take gives what there is since the last time, and begins anew.
func (r *Record) Take() Facts {
	r.mu.Lock()
	defer r.mu.Unlock()
	facts := r.facts
	r.facts = Facts{}
	return facts
}

// Turn begins another round: what was said in the last but one is forgotten.
func (r *Record) Turn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.earlier, r.lines = r.lines, nil
}

// History is what was said, word for word, in this round and the one before.
func (r *Record) History() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(append([]string{}, r.earlier...), r.lines...)
}

func (r *Record) line(way string, raw []byte) {
	r.note(way + " " + string(raw[:min(len(raw), maxLine)]))
}

func (r *Record) note(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, time.Now().UTC().Format("15:04:05.000000 ")+text)
}

func (r *Record) fact(f func(*Facts)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.facts)
}

func (f *Facts) mention(conversation uuid.UUID) {
	if f.Mentioned == nil {
		f.Mentioned = map[uuid.UUID]struct{}{}
	}
	f.Mentioned[conversation] = struct{}{}
}

func (r *Record) messages(told []Message) {
	r.fact(func(f *Facts) {
		for _, m := range told {
			f.mention(m.Conversation)
		}
		f.Told = append(f.Told, told...)
	})
}

func (r *Record) shown(messages []Message, since time.Time) {
	now := time.Now()
	r.fact(func(f *Facts) {
		for _, m := range messages {
			f.Shown = append(f.Shown, Shown{Message: m, At: now, Since: since})
		}
	})
}

func (r *Record) inbox(told Inbox) {
	now := time.Now()
	r.fact(func(f *Facts) {
		switch {
		case told.Letter != nil:
			f.mention(told.Letter.Conversation)
		case told.Read != nil:
			f.mention(told.Read.Conversation)
		case told.Sealed != nil:
			f.mention(told.Sealed.Conversation)
		}
		f.Inboxes = append(f.Inboxes, Told{told, now})
	})
}

func (r *Record) rows(rows []Row) {
	r.fact(func(f *Facts) {
		for _, row := range rows {
			f.mention(row.Conversation)
		}
	})
}

func (r *Record) stored(key uuid.UUID, m Message) {
	r.fact(func(f *Facts) { f.Stored = append(f.Stored, Stored{m, key}) })
}

func (r *Record) read(conversation uuid.UUID, upTo int64) {
	r.fact(func(f *Facts) { f.Read = append(f.Read, ReadMark{Conversation: conversation, ReadSeq: upTo}) })
}

// Disorder: an event does not follow the one before it.
func (r *Record) Disorder(conversation uuid.UUID, seq int64, why string) {
	r.note("OUT OF ORDER " + why)
	r.fact(func(f *Facts) { f.Disorders = append(f.Disorders, Disorder{conversation, seq, why}) })
}

// Stranger: it was told of a conversation that is not for it.
func (r *Record) Stranger(conversation uuid.UUID, what string) {
	text := fmt.Sprintf("%s: %s", conversation, what)
	r.note("STRANGER " + text)
	r.fact(func(f *Facts) { f.Strangers = append(f.Strangers, text) })
}

// Wrong is anything else that should not have happened.
func (r *Record) Wrong(what string) {
	r.note("WRONG " + what)
	r.fact(func(f *Facts) { f.Wrong = append(f.Wrong, what) })
}
