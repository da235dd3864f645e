package socket_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/memory"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/socket"
)

// virtual is a school in virtual time, with one conversation between a teacher
// and a student. The student is signed in with the token "leo".
type virtual struct {
	dialler
	node     *live.Node
	store    *memory.Store
	hub      *hub.Hub
	actor    hub.Actor // the student
	teacher  hub.Actor
	talk     uuid.UUID
	listener *pipes

	mu       sync.Mutex
	sessions map[string]identity.Session // by token, which is their id too
}

// known is who is in the roster. What the store has not, nobody asks for here.
type known struct {
	*memory.Store
	unasked
}

type unasked struct{ roster.Store }

// Authenticate and the other methods make it what a server asks.
func (v *virtual) Authenticate(_ context.Context, token string) (identity.Session, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	s, known := v.sessions[token]
	switch {
	case !known:
		return identity.Session{}, identity.ErrNoSession
	case !s.ExpiresAt.IsZero() && !time.Now().Before(s.ExpiresAt):
		return identity.Session{}, identity.ErrExpired
	}
	return s, nil
}

func (v *virtual) Lookup(ctx context.Context, id string) (identity.Session, error) {
	return v.Authenticate(ctx, id)
}

func (v *virtual) Ended(ctx context.Context, who []live.Who) (ended []string, _ error) {
	for _, w := range who {
		if _, err := v.Authenticate(ctx, w.SignIn); err != nil {
			ended = append(ended, w.SignIn)
		}
	}
	return ended, nil
}

func (v *virtual) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *virtual) found() {
	ctx := context.Background()
	district := uuid.New()
	v.must(v.store.CreateDistrict(ctx, roster.District{ID: district, Slug: "d", Name: "d", Enabled: true, Settings: roster.DefaultSettings()}))
	changes := roster.Changes{
		PutOrgs:     []roster.SnapshotOrg{{SourcedID: "school", Name: "School", Type: "school"}},
		PutSections: []roster.SnapshotSection{{SourcedID: "class", Title: "Algebra", Org: "school"}},
	}
	for name, role := range map[string]roster.Role{"ana": roster.Teacher, "leo": roster.Student} {
		changes.PutPeople = append(changes.PutPeople, roster.SnapshotPerson{
			SourcedID: name, Given: name, Roles: []roster.SnapshotRole{{Org: "school", Role: role}},
		})
		changes.PutEnrolments = append(changes.PutEnrolments, roster.SnapshotEnrolment{SourcedID: name, Person: name, Section: "class", Role: role})
	}
	_, err := v.store.Apply(ctx, district, changes, time.Now())
	v.must(err)
	for name, actor := range map[string]*hub.Actor{"ana": &v.teacher, "leo": &v.actor} {
		p, err := v.store.PersonBySourcedID(ctx, district, name)
		v.must(err)
		*actor = hub.Actor{District: district, Person: p.ID}
		v.signIn(name, *actor, time.Time{})
	}
	started, err := v.hub.Start(ctx, v.teacher, hub.StartRequest{
		Key: uuid.New(), Side: roster.AsWorker, Subject: "Trip", Body: "Sign.",
		Recipients: []roster.Recipient{{Person: v.actor.Person, Student: v.actor.Person}},
	})
	v.must(err)
	v.talk = started.Receipts[0].Conversation
}

// signIn makes a session that expires then, or never.
func (v *virtual) signIn(token string, a hub.Actor, expires time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sessions[token] = identity.Session{ID: token, District: a.District, Person: a.Person, ExpiresAt: expires}
}

// raw is an open socket of the student's, without a library, and what it has
// received so far is read and thrown away.
func (v *virtual) raw() net.Conn {
	conn, err := v.listener.DialContext(context.Background(), "", "")
	v.must(err)
	_, err = io.WriteString(conn, "GET /socket HTTP/1.1\r\nHost: homeline.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: homeline.v1\r\n"+
		"Origin: https://homeline.example\r\nCookie: "+cookieName+"=leo\r\n\r\n")
	v.must(err)
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	synctest.Wait()
	return conn
}

// maskedFrame is a short frame of a client's; the mask is zero.
func maskedFrame(first byte, text string) []byte {
	return append([]byte{first, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)
}

// inVirtualSchool runs a server of a virtual school.
func inVirtualSchool(t *testing.T, test func(t *testing.T, v *virtual)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		v := &virtual{store: memory.New(), listener: newPipes(), sessions: map[string]identity.Session{}}
		v.node = live.New(broker.NewInProcess(), v.store, v, live.Options{Log: log})
		v.hub = hub.New(v.store, known{Store: v.store}, v.node, time.Now)
		v.dialler = dialler{t: t, transport: &http.Transport{DialContext: v.listener.DialContext, DisableKeepAlives: true}, token: "leo"}
		v.found()
		ctx, stop := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { v.node.Run(ctx) })
		s := socket.New(v.node, operation.New(v.hub, nil), v, v.store, socket.Options{
			PublicURL: "https://homeline.example", Cookie: func(*http.Request) string { return cookieName }, Log: log,
		})
		web := &http.Server{Handler: s}
		running.Go(func() {
			if err := web.Serve(v.listener); !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		})
		test(t, v)
		stop()
		_ = web.Close() // the listener is closed with it
		s.Close()
		running.Wait()
	})
}
