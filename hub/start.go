package hub

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// StartRequest asks for one or several new conversations.
type StartRequest struct {
	Key        uuid.UUID
	Side       roster.Side
	Subject    string
	Body       string
	Recipients []roster.Recipient
	// Mode may be empty where the recipients are all of one family; else it is
	// required (R19: nothing is chosen beforehand).
	Mode roster.Mode
	// Continues is the sealed conversation that this one goes on from (R25).
	Continues uuid.UUID
}

// Start starts conversations (R3 to R7, R19, R26, R27). With a key that was used
// for the same request before it answers what was stored then.
func (h *Hub) Start(ctx context.Context, a Actor, r StartRequest) (Started, error) {
	if err := r.clean(); err != nil {
		return Started{}, err
	}
	if err := h.mayContinue(ctx, a, r.Continues); err != nil {
		return Started{}, err
	}
	s := Start{
		District: a.District, Sender: a.Person, Key: r.Key,
		Fingerprint: r.fingerprint(), About: r.about(a.Person), Now: h.now(),
	}
	started, err := h.store.Start(ctx, s, func(f roster.Facts) ([]NewConversation, error) {
		p := planStart(f, a.Person, r)
		if err := p.refuse(); err != nil {
			return nil, err
		}
		return p.conversations(r), nil
	})
	if err != nil {
		h.doubt(ctx, a.District, err)
		return Started{}, fmt.Errorf("start: %w", err)
	}
	if !started.Repeated {
		for _, receipt := range started.Receipts {
			h.publishLetter(ctx, a.District, receipt)
		}
	}
	return started, nil
}

// StartedWith returns the conversations that the actor has started with a key.
func (h *Hub) StartedWith(ctx context.Context, a Actor, key uuid.UUID) ([]uuid.UUID, error) {
	return h.store.StartedWith(ctx, a.District, a.Person, key)
}

// Preview says what Start would do with these recipients and this mode, without
// subject, body and key; who is refused is in it.
func (h *Hub) Preview(ctx context.Context, a Actor, r StartRequest) (Preview, error) {
	if err := r.cleanRecipients(); err != nil {
		return Preview{}, err
	}
	facts, err := h.roster.Facts(ctx, a.District, r.about(a.Person), h.now())
	if err != nil {
		return Preview{}, fmt.Errorf("preview: %w", err)
	}
	return planStart(facts, a.Person, r).Preview, nil
}

// mayContinue says whether the actor may go on from a conversation: it is
// sealed, and they are in it as staff (R25).
func (h *Hub) mayContinue(ctx context.Context, a Actor, from uuid.UUID) error {
	if from == uuid.Nil {
		return nil
	}
	c, err := h.store.Conversation(ctx, a.District, from, a.Person)
	if err != nil {
		return fmt.Errorf("continue: %w", err)
	}
	me, ok := c.Participant(a.Person)
	if c.Seal == nil || !ok || !me.Staff() {
		return &Error{Code: CodeInvalid, Field: "continues"}
	}
	return nil
}

func (r *StartRequest) clean() (err error) {
	if r.Key == uuid.Nil {
		return &Error{Code: CodeRequired, Field: "key"}
	}
	if err := r.cleanRecipients(); err != nil {
		return err
	}
	if r.Subject, err = line("subject", r.Subject, MaxSubject); err != nil {
		return err
	}
	r.Body, err = paragraphs("body", r.Body, MaxBody)
	return err
}

// MaxRequested bounds what one request may name at all, before any setting.
const MaxRequested = 1_000

func (r *StartRequest) cleanRecipients() error {
	switch r.Side {
	case roster.AsWorker, roster.AsFamily:
	case "":
		return &Error{Code: CodeRequired, Field: "side"}
	default:
		return &Error{Code: CodeInvalid, Field: "side"}
	}
	if r.Mode != "" && !r.Mode.Known() {
		return &Error{Code: CodeInvalid, Field: "mode"}
	}
	if n := len(r.Recipients); n > MaxRequested {
		return &Error{Code: CodeTooManyRecipients, Field: "recipients", Limit: MaxRequested, Got: n}
	}
	seen := make(map[roster.Recipient]bool, len(r.Recipients))
	r.Recipients = slices.DeleteFunc(slices.Clone(r.Recipients), func(to roster.Recipient) bool {
		twice := seen[to]
		seen[to] = true
		return twice
	})
	return nil
}

// about are the people whose facts decide.
func (r *StartRequest) about(sender uuid.UUID) []uuid.UUID {
	people := []uuid.UUID{sender}
	for _, to := range r.Recipients {
		people = append(people, to.Person, to.Student)
	}
	return roster.Distinct(people)
}

// fingerprint is the same for the same request, in whatever order its
// recipients stand.
func (r *StartRequest) fingerprint() [32]byte {
	sorted := *r
	sorted.Recipients = slices.Clone(r.Recipients)
	slices.SortFunc(sorted.Recipients, func(a, b roster.Recipient) int {
		return cmp.Or(roster.CompareIDs(a.Student, b.Student), roster.CompareIDs(a.Person, b.Person))
	})
	encoded, err := json.Marshal(sorted)
	if err != nil {
		panic("hub: a start request cannot be encoded: " + err.Error()) // it holds text and ids only
	}
	return sha256.Sum256(encoded)
}

// derivedKey is the key of the nth conversation of a start (R19).
func derivedKey(key uuid.UUID, n int) uuid.UUID {
	if n == 0 {
		return key
	}
	return uuid.NewSHA1(key, []byte("conversation "+strconv.Itoa(n)))
}
