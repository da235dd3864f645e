package sample

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
	"github.com/homeline/homeline/transport/oneroster"
)

// Slug is the short name of the district.
const Slug = "lincoln"

// Store is where the district is founded.
type Store interface {
	hub.Store
	roster.Store
	MarkAddress(ctx context.Context, district uuid.UUID, email string, s notify.AddressState, now time.Time) error
}

// Found makes the district in an empty store the way an operator would: the
// roster through the importer, the letters through the hub, as of the instant now.
func Found(ctx context.Context, store Store, now time.Time) error {
	d := roster.District{ID: uuid.Must(uuid.NewV7()), Slug: Slug, Name: DistrictName, Enabled: true, Settings: roster.DefaultSettings()}
	if err := store.CreateDistrict(ctx, d); err != nil {
		return fmt.Errorf("sample district: %w", err)
	}
	if err := enrol(ctx, store, d, now); err != nil {
		return fmt.Errorf("sample roster: %w", err)
	}
	for _, l := range Letters() {
		w := writer{store: store, district: d.ID, now: now}
		if err := w.write(ctx, l); err != nil {
			return fmt.Errorf("sample letter %q: %w", l.Subject, err)
		}
	}
	p, err := store.PersonBySourcedID(ctx, d.ID, bounces)
	if err != nil {
		return fmt.Errorf("%s of the sample: %w", bounces, err)
	}
	return store.MarkAddress(ctx, d.ID, p.Email, notify.AddressBounced, now)
}

func enrol(ctx context.Context, store Store, d roster.District, now time.Time) error {
	today := d.Today(now)
	source, err := oneroster.OpenFS(Roster(today), "sample")
	if err != nil {
		return err
	}
	defer source.Close()
	snapshot, _, err := oneroster.Read(ctx, source, oneroster.Options{Today: today})
	if err != nil {
		return err
	}
	school := control.Local{Hub: at(store, now), Store: store, Now: func() time.Time { return now }}
	_, err = control.Import{School: school, District: d, Snapshot: snapshot, Today: today}.Run(ctx)
	return err
}

// at is a hub at an instant. No page is open yet: nobody hears of anything.
func at(store Store, t time.Time) *hub.Hub {
	return hub.New(store, store, unheard{}, func() time.Time { return t })
}

type unheard struct{}

func (unheard) Publish(context.Context, hub.Event) {}

// writer writes one letter with its replies.
type writer struct {
	store         Store
	district      uuid.UUID
	now           time.Time
	conversations []hub.Receipt // the last letter of each
}

func (w *writer) write(ctx context.Context, l Letter) error {
	if err := w.start(ctx, l); err != nil {
		return err
	}
	for _, r := range l.Replies {
		if err := w.reply(ctx, r); err != nil {
			return fmt.Errorf("reply of %s: %w", r.From, err)
		}
	}
	for _, reader := range l.ReadBy {
		if err := w.read(ctx, reader); err != nil {
			return fmt.Errorf("read by %s: %w", reader, err)
		}
	}
	return nil
}

func (w *writer) start(ctx context.Context, l Letter) error {
	from, err := w.actor(ctx, l.From)
	if err != nil {
		return err
	}
	request := hub.StartRequest{Key: uuid.New(), Side: l.Side, Mode: l.Mode, Subject: l.Subject, Body: l.Body}
	for _, to := range l.To {
		recipient, err := w.actor(ctx, to.Person)
		if err != nil {
			return err
		}
		student, err := w.actor(ctx, to.Student)
		if err != nil {
			return err
		}
		request.Recipients = append(request.Recipients, roster.Recipient{Person: recipient.Person, Student: student.Person})
	}
	started, err := at(w.store, w.now.Add(-l.Ago)).Start(ctx, from, request)
	w.conversations = started.Receipts
	return err
}

func (w *writer) reply(ctx context.Context, r Reply) error {
	from, err := w.actor(ctx, r.From)
	if err != nil {
		return err
	}
	h := at(w.store, w.now.Add(-r.Ago))
	for i, c := range w.conversations {
		_, err := h.MarkRead(ctx, from, c.Conversation, c.Seq) // who answers has read
		if errors.Is(err, hub.ErrNotFound) {
			continue // they are in another of these conversations
		}
		if err != nil {
			return err
		}
		receipt, err := h.Reply(ctx, from, c.Conversation, uuid.New(), r.Body)
		w.conversations[i] = receipt
		return err
	}
	return hub.ErrNotFound
}

func (w *writer) read(ctx context.Context, sourcedID string) error {
	reader, err := w.actor(ctx, sourcedID)
	if err != nil {
		return err
	}
	for _, c := range w.conversations {
		_, err := at(w.store, w.now).MarkRead(ctx, reader, c.Conversation, c.Seq)
		if err != nil && !errors.Is(err, hub.ErrNotFound) {
			return err
		}
	}
	return nil
}

func (w *writer) actor(ctx context.Context, sourcedID string) (hub.Actor, error) {
	p, err := w.store.PersonBySourcedID(ctx, w.district, sourcedID)
	if err != nil {
		return hub.Actor{}, fmt.Errorf("%s: %w", sourcedID, err)
	}
	return hub.Actor{District: w.district, Person: p.ID}, nil
}
