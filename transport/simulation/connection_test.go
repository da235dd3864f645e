package simulation_test

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/wire"
)

// What follows is static/js/socket.js, line by line; all in ms.
const (
	quiet   = 10_000
	deadly  = 20_000
	welcome = 15_000
	answer  = 15_000
	probe   = 5_000
	stood   = 10_000
	tooMany = 4003
	crowded = 30_000
)

func backoff(n int, random float64) float64 {
	return random * min(4000, 500*math.Pow(2, float64(n)))
}

// frame is one of the server's.
type frame struct {
	ID           int64           `json:"id"`
	Type         string          `json:"type"`
	Epoch        uuid.UUID       `json:"epoch"`
	Code         string          `json:"code"`
	Channel      string          `json:"channel"`
	Version      int64           `json:"version"`
	Unread       int64           `json:"unread"`
	LastSeq      int64           `json:"last_seq"`
	ReadSeq      int64           `json:"read_seq"`
	Conversation uuid.UUID       `json:"conversation"`
	Message      *wire.Message   `json:"message"`
	Messages     []wire.Message  `json:"messages"`
	Letter       *wire.Letter    `json:"letter"`
	Read         *wire.ReadMark  `json:"read"`
	Sealed       json.RawMessage `json:"sealed"` // true in an answer, a mark in an event of the inbox
}

var errLost = errors.New("lost")

// refused is a refusal by its code.
type refused string

func (r refused) Error() string { return string(r) }

type connection struct {
	*turns
	open    func(c *connection) *webSocket
	random  func() float64
	onUp    func(another bool)
	onEvent func(f frame)

	ws       *webSocket
	up       bool
	stopped  bool
	ended    int
	epoch    uuid.UUID
	failures int
	lastID   int64
	since    float64
	waiting  map[int64]asked

	cancelWatch, cancelRetry func()
}

type asked struct {
	settle func(frame, error)
	cancel func()
}

func newConnection(t *turns) *connection {
	return &connection{
		turns: t, stopped: true, waiting: map[int64]asked{}, cancelWatch: func() {}, cancelRetry: func() {},
	}
}

func (c *connection) start() {
	if !c.stopped || c.ended != 0 {
		return
	}
	c.stopped = false
	c.connect()
}

func (c *connection) stop() {
	c.stopped = true
	c.drop()
}

func (c *connection) woken() {
	switch {
	case c.stopped || c.ended != 0:
	case c.ws == nil:
		c.connect()
	case c.up:
		c.ask(probe)
	}
}

// request calls settle with the answer, in a turn of its own.
func (c *connection) request(kind string, fields map[string]any, settle func(frame, error)) {
	if !c.up {
		c.then(func() { settle(frame{}, errLost) })
		return
	}
	c.lastID++
	id := c.lastID
	cancel := c.after(answer, func() {
		delete(c.waiting, id)
		c.then(func() { settle(frame{}, errLost) })
	})
	c.waiting[id] = asked{settle, cancel}
	all := maps.Clone(fields)
	if all == nil {
		all = map[string]any{}
	}
	all["id"], all["type"] = id, kind
	data, err := json.Marshal(all)
	if err != nil {
		panic(err) // it holds text and numbers
	}
	c.tell(entry{Sent: data})
	c.ws.send(data)
}

func (c *connection) connect() {
	c.cancelRetry()
	c.tell(entry{Opened: true})
	ws := c.open(c)
	c.ws = ws
	c.watch(welcome)
}

// message is ws.onmessage, closes ws.onclose: those of an old socket are nothing.
func (c *connection) message(ws *webSocket, data []byte) {
	c.take(func() {
		if ws == c.ws {
			c.tell(entry{Frame: data})
			c.receive(data)
		}
	})
}

func (c *connection) closes(ws *webSocket, code int) {
	c.take(func() {
		if ws == c.ws {
			c.tell(entry{Closed: &code})
			c.lost(code)
		}
	})
}

func (c *connection) receive(data []byte) {
	var f frame
	if err := json.Unmarshal(data, &f); err != nil {
		panic(err) // a frame of ours
	}
	if f.Type == wire.TypeWelcome {
		c.up = true
		c.since = c.now()
	}
	c.cancelWatch()
	c.cancelWatch = c.after(quiet, func() { c.ask(deadly - quiet) })
	switch f.Type {
	case wire.TypeWelcome:
		another := f.Epoch != c.epoch
		c.epoch = f.Epoch
		c.onUp(another)
	case wire.TypeAnswer, wire.TypeError:
		c.settle(f)
	default:
		c.onEvent(f)
	}
}

func (c *connection) settle(f frame) {
	a, there := c.waiting[f.ID]
	if !there {
		return
	}
	delete(c.waiting, f.ID)
	a.cancel()
	c.then(func() {
		if f.Type == wire.TypeError {
			a.settle(f, refused(f.Code))
		} else {
			a.settle(f, nil)
		}
	})
}

func (c *connection) ask(ms float64) {
	c.request("ping", nil, func(frame, error) {})
	c.watch(ms)
}

func (c *connection) watch(ms float64) {
	c.cancelWatch()
	c.cancelWatch = c.after(ms, func() { c.lost(0) })
}

func (c *connection) lost(code int) {
	if c.up && c.now()-c.since >= stood {
		c.failures = 0
	}
	c.drop()
	if code >= 4100 && code < 4200 || code >= 4500 && code < 5000 {
		c.ended = code
		return
	}
	c.failures++
	random := c.random()
	c.tell(entry{Random: &random})
	wait := backoff(c.failures, random)
	if code == tooMany {
		wait = crowded * (1 + random) // nobody looks
	}
	c.cancelRetry = c.after(wait, c.connect)
}

func (c *connection) drop() {
	ws := c.ws
	c.ws, c.up = nil, false
	c.cancelWatch()
	c.cancelRetry()
	if ws != nil {
		ws.close()
	}
	for _, id := range slices.Sorted(maps.Keys(c.waiting)) {
		a := c.waiting[id]
		a.cancel()
		c.then(func() { a.settle(frame{}, errLost) })
	}
	clear(c.waiting)
}
