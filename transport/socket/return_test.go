package socket_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/socket"
)

// slowStore is what a server and its node ask, of people who are all there and
// have nothing unread. Each question takes a while and is counted.
type slowStore struct {
	identity.Store
	conversations
	mu       sync.Mutex
	sessions map[string]identity.Session
	asked    map[string]int
}

type conversations interface{ live.Store }

func (s *slowStore) ask(what string) {
	s.mu.Lock()
	s.asked[what]++
	s.mu.Unlock()
	time.Sleep(5 * time.Millisecond)
}

func (s *slowStore) Epoch(context.Context) (uuid.UUID, error) { return uuid.UUID{15: 1}, nil }

func (s *slowStore) SaveSession(_ context.Context, session identity.Session) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[session.ID] = session
	return nil
}

func (s *slowStore) SignIns(_ context.Context, ids []string, _ time.Time) (list []identity.SignIn, err error) {
	s.ask("sign-ins")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if session, known := s.sessions[id]; known {
			list = append(list, identity.SignIn{Session: session})
		}
	}
	return list, nil
}

func (s *slowStore) People(_ context.Context, _ uuid.UUID, ids []uuid.UUID) (list []roster.Person, err error) {
	s.ask("people")
	for _, id := range ids {
		list = append(list, roster.Person{ID: id, Given: "Rosa", Family: "Vega"})
	}
	return list, nil
}

func (s *slowStore) Heads(context.Context, uuid.UUID, []uuid.UUID) ([]hub.Head, error) {
	s.ask("heads")
	return nil, nil
}

func (s *slowStore) Standings(_ context.Context, _ uuid.UUID, seats []hub.Seat) (list []hub.Standing, err error) {
	s.ask("standings")
	for _, seat := range seats {
		list = append(list, hub.Standing{Seat: seat, LastSeq: 7})
	}
	return list, nil
}

// counted has one district, and counts how often it is asked for.
type counted struct {
	roster.Store
	store *slowStore
}

func (c counted) District(context.Context, uuid.UUID) (roster.District, error) {
	c.store.ask("districts")
	return roster.District{Enabled: true}, nil
}

// everybody is found for Issue.
type everybody struct{ roster.Store }

func (everybody) Person(_ context.Context, _, person uuid.UUID) (roster.Person, error) {
	return roster.Person{ID: person}, nil
}

// A page that comes back is looked up six times: who it is, what they are called,
// whether messaging is on, whether the sign-in is still one, how much is unread, and whether its
// conversation has gone on.
func TestFiveHundredPagesThatComeBackAtOnceCostTheStoreAFewQueries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const pages = 500
		log := slog.New(slog.DiscardHandler)
		store := &slowStore{sessions: map[string]identity.Session{}, asked: map[string]int{}}
		node := live.New(broker.NewInProcess(), store, identity.SignIns{Store: store, Now: time.Now}, live.Options{Log: log})
		service := identity.New(store, everybody{}, nil, node, identity.Options{Log: log})
		ctx, stop := context.WithCancel(context.Background())
		var running, clients sync.WaitGroup
		running.Go(func() { node.Run(ctx) })
		s := socket.New(node, operation.New(hub.New(nil, counted{store: store}, nil, time.Now), nil), service, store, socket.Options{
			PublicURL: "https://homeline.example", Cookie: func(*http.Request) string { return cookieName }, Log: log,
		})
		listener := newPipes()
		web := &http.Server{Handler: s}
		running.Go(func() {
			if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		})
		transport := &http.Transport{DialContext: listener.DialContext, DisableKeepAlives: true}
		district, talk := uuid.New(), uuid.New()
		for range pages {
			token, _, err := service.Issue(t.Context(), district, uuid.New(), time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			clients.Go(func() { comeBack(t, transport, token, talk) })
		}
		clients.Wait()
		store.mu.Lock()
		t.Logf("%d pages came back: %v", pages, store.asked)
		for what, times := range store.asked {
			if times > 25 {
				t.Errorf("%s were asked for %d times", what, times)
			}
		}
		if len(store.asked) != 5 {
			t.Errorf("not all was asked for: %v", store.asked)
		}
		store.mu.Unlock()
		stop()
		_ = web.Close()
		s.Close()
		running.Wait()
	})
}

// comeBack is a page that has all of a conversation, and leaves once it knows.
func comeBack(t *testing.T, transport *http.Transport, token string, talk uuid.UUID) {
	ctx := context.Background()
	ws, _, err := websocket.Dial(ctx, "http://homeline.example/socket", &websocket.DialOptions{
		HTTPClient:   &http.Client{Transport: transport},
		HTTPHeader:   http.Header{"Origin": {"https://homeline.example"}, "Cookie": {cookieName + "=" + token}},
		Subprotocols: []string{socket.Subprotocol},
	})
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = ws.CloseNow() }()
	c := &client{t, ws}
	for _, request := range []object{
		{"id": 1, "type": "subscribe", "channel": "user"},
		{"id": 2, "type": "subscribe", "channel": "conversation:" + talk.String(), "after": 7},
	} {
		c.send(request)
	}
	for _, want := range []string{"welcome", "answer", "answer"} {
		if frame, err := c.tryReceive(); err != nil || frame["type"] != want {
			t.Errorf("instead of a frame of type %s: %v, %v", want, frame, err)
			return
		}
	}
}
