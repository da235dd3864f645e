package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"time"
)

// docs/protocol.md, "Staying connected".
const (
	quiet       = 10 * time.Second // of silence, then one asks
	dead        = 20 * time.Second // of silence, then it is dead
	welcomeTime = 15 * time.Second
	answerTime  = 15 * time.Second
	probeTime   = 5 * time.Second
	stood       = 10 * time.Second
	tooMany     = 4003
	crowded     = 30 * time.Second // at least, until one comes back after that
)

// backoff is how long one waits after the n-th failure in a row.
func backoff(n int, random *rand.Rand) time.Duration {
	longest := min(4*time.Second, 500*time.Millisecond<<min(n, 10))
	return time.Duration(random.Float64() * float64(longest))
}

// errLost: the connection went away before the answer came, or was not there.
var errLost = errors.New("lost")

// connection is kept up for as long as the page stands.
type connection struct {
	turn   *turn
	dial   dialer
	token  string
	record *Record
	random *rand.Rand
	on     handlers

	socket      *socket
	up          bool
	epoch       string // of what was told; empty before the first welcome
	stopped     bool
	ended       int // the code of a close after which one does not come back
	since       time.Time
	failures    int
	lastID      int
	waiting     map[int]*waiting
	cancelWatch func()
	cancelRetry func()
}

type handlers struct {
	up    func(another bool) // epoch
	event func(frame)
}

type waiting struct {
	settle func(frame, error)
	cancel func()
}

func newConnection(t *turn, d dialer, token string, record *Record, random *rand.Rand) *connection {
	nothing := func() {}
	return &connection{
		turn: t, dial: d, token: token, record: record, random: random, stopped: true,
		waiting: map[int]*waiting{}, cancelWatch: nothing, cancelRetry: nothing,
	}
}

func (c *connection) start() {
	if c.stopped && c.ended == 0 {
		c.stopped = false
		c.connect()
	}
}

func (c *connection) stop() {
	c.stopped = true
	c.drop()
}

// wake: something says that it is worth a look now.
func (c *connection) wake() {
	switch {
	case c.stopped || c.ended != 0:
	case c.socket == nil:
		c.connect()
	case c.up:
		c.ask(probeTime)
	}
}

// request asks, and calls settle with the answer, or with *Refused or errLost.
func (c *connection) request(kind string, fields map[string]any, settle func(frame, error)) {
	if !c.up {
		settle(frame{}, errLost)
		return
	}
	c.lastID++
	id := c.lastID
	c.waiting[id] = &waiting{settle, c.turn.after(answerTime, func() {
		delete(c.waiting, id)
		settle(frame{}, errLost)
	})}
	c.say(id, kind, fields)
}

func (c *connection) say(id int, kind string, fields map[string]any) {
	all := map[string]any{"id": id, "type": kind}
	maps.Copy(all, fields)
	raw, err := json.Marshal(all)
	if err != nil {
		panic(err) // it holds text and numbers only
	}
	c.record.line("→", raw)
	c.socket.send(raw)
}

func (c *connection) connect() {
	c.cancelRetry()
	s := openSocket(c.turn, c.dial)
	c.socket = s
	c.watch(welcomeTime)
	s.opened = func() {
		c.record.note("open")
		raw, err := json.Marshal(map[string]any{"id": 0, "type": "hello", "token": c.token})
		if err != nil {
			panic(err)
		}
		s.send(raw)
	}
	s.message = func(raw []byte) {
		if c.socket == s {
			c.receive(raw)
		}
	}
	s.closed = func(code int, why error) {
		if c.socket == s {
			c.record.note(fmt.Sprintf("closed %d %v", code, why))
			c.lost(code)
		}
	}
	s.begin()
}

func (c *connection) receive(raw []byte) {
	c.record.line("←", raw)
	f := frame{raw: raw}
	if err := json.Unmarshal(raw, &f); err != nil {
		c.record.Wrong(fmt.Sprintf("a frame that is no JSON: %s", raw))
		return
	}
	if f.Type == "welcome" {
		c.up = true
		c.since = time.Now()
	}
	c.cancelWatch()
	c.cancelWatch = c.turn.after(quiet, func() { c.ask(dead - quiet) })
	switch f.Type {
	case "welcome":
		another := c.epoch != "" && f.Epoch != c.epoch
		c.epoch = f.Epoch
		c.on.up(another)
	case "answer", "error":
		c.settle(f)
	default:
		c.on.event(f)
	}
}

func (c *connection) settle(f frame) {
	var id int
	if err := json.Unmarshal(f.ID, &id); err != nil {
		c.record.Wrong(fmt.Sprintf("an answer to nothing: %s", f.raw))
		return
	}
	w := c.waiting[id]
	if w == nil {
		return
	}
	delete(c.waiting, id)
	w.cancel()
	if f.Type == "answer" {
		w.settle(f, nil)
		return
	}
	refused := new(Refused)
	if err := f.read(refused); err != nil {
		c.record.Wrong(fmt.Sprintf("an error that cannot be read: %s", f.raw))
	}
	w.settle(f, refused)
}

// ask asks for a sign of life within a time.
func (c *connection) ask(within time.Duration) {
	c.request("ping", nil, func(frame, error) {})
	c.watch(within)
}

func (c *connection) watch(d time.Duration) {
	c.cancelWatch()
	c.cancelWatch = c.turn.after(d, func() {
		c.record.note("silent")
		c.lost(0)
	})
}

func (c *connection) lost(code int) {
	if c.up && time.Since(c.since) >= stood {
		c.failures = 0
	}
	c.drop()
	if code >= 4100 && code < 4200 || code >= 4500 && code < 5000 {
		c.ended = code
		c.record.Wrong(fmt.Sprintf("it was told not to come back: %d", code))
		return
	}
	c.failures++
	wait := backoff(c.failures, c.random)
	if code == tooMany {
		wait = crowded + time.Duration(c.random.Float64()*float64(crowded))
	}
	c.cancelRetry = c.turn.after(wait, c.connect)
}

func (c *connection) drop() {
	s := c.socket
	c.socket, c.up = nil, false
	c.cancelWatch()
	c.cancelRetry()
	if s != nil {
		s.close()
	}
	lost := c.waiting
	c.waiting = map[int]*waiting{}
	for _, w := range lost {
		w.cancel()
		w.settle(frame{}, errLost)
	}
}
