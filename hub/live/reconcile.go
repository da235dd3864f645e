package live

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// passes are the reconciliations that are due.
type passes struct {
	wake chan struct{}

	mu   sync.Mutex
	all  map[Cause]struct{} // why all districts are to be reconciled, if they are
	gaps map[uuid.UUID]bool // districts of which an event seems to be missing
}

func newPasses() *passes {
	return &passes{wake: make(chan struct{}, 1), all: map[Cause]struct{}{}, gaps: map[uuid.UUID]bool{}}
}

// soon asks for a district to be reconciled if its gap does not close.
func (p *passes) soon(district uuid.UUID) {
	p.mu.Lock()
	p.gaps[district] = true
	p.mu.Unlock()
	p.signal()
}

// everything asks for all districts to be reconciled.
func (p *passes) everything(why Cause) {
	p.mu.Lock()
	p.all[why] = struct{}{}
	p.mu.Unlock()
	p.signal()
}

func (p *passes) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *passes) take() (all map[Cause]struct{}, gaps map[uuid.UUID]bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	all, gaps = p.all, p.gaps
	p.all, p.gaps = map[Cause]struct{}{}, map[uuid.UUID]bool{}
	return all, gaps
}

// reconcileAll compares, until ctx ends, what sessions were told with what the
// store says: every so often, and when something is noticed to be missing.
func (n *Node) reconcileAll(ctx context.Context) {
	// A node that dies before this one has heard of it is missed by nobody here:
	// once all who live have been heard, everything is compared.
	acquainted := time.Now().Add(silence + beatInterval)
	next, due := acquainted, CauseInterval
	for {
		timer := time.NewTimer(time.Until(next))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
			n.passes.everything(due)
		case <-n.passes.wake:
			if !sleep(ctx, moment) {
				return
			}
		}
		timer.Stop()
		all, gaps := n.passes.take()
		ok := n.pass(ctx, all, gaps)
		if len(all) > 0 {
			next, due = time.Now().Add(reconcileInterval), CauseInterval
		}
		if time.Now().Before(acquainted) {
			next = acquainted
		}
		if quick := time.Now().Add(awayInterval); (!ok || n.uneasy()) && quick.Before(next) {
			next, due = quick, CauseAway
			if !ok {
				due = CauseStore
			}
		}
	}
}

// uneasy says whether events cannot be trusted to arrive.
func (n *Node) uneasy() bool {
	if n.peers.uneasy() || n.unheardNow().any() {
		return true
	}
	for _, ch := range n.channels.all() {
		if ch.sessions.Load() > 0 && ch.refused.Load() {
			return true
		}
	}
	return false
}

// pass reconciles all districts where there is a cause, else those of which an
// event is still missing.
func (n *Node) pass(ctx context.Context, causes map[Cause]struct{}, gaps map[uuid.UUID]bool) bool {
	ok, all := true, len(causes) > 0
	for why := range causes {
		n.counters.ran(why)
	}
	sessions := n.registry.byDistrict()
	for district, ch := range n.channels.all() {
		if district == beats || !(all || gaps[district] && n.peers.missing(district)) {
			continue
		}
		if all && ch.sessions.Load() == 0 {
			n.unlisten(ctx, district, ch)
			continue
		}
		if !all {
			n.counters.ran(CauseGap)
		}
		if err := n.reconcile(ctx, district, sessions[district]); err != nil && ctx.Err() == nil {
			n.log.Warn("reconciling failed and is tried again", "district", district, "error", err)
			ok = false
		}
	}
	return ok
}

// reconcile brings the sessions of a district what they have missed, with one
// query for each kind of it.
func (n *Node) reconcile(ctx context.Context, district uuid.UUID, sessions []*Session) error {
	ctx, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	marks := n.peers.mark(district)
	if len(sessions) > 0 {
		n.listen(ctx, district)
	}
	if err := n.endSignedOut(ctx, sessions); err != nil {
		return err
	}
	if err := n.reconcileInboxes(ctx, district, sessions); err != nil {
		return err
	}
	if err := n.reconcileConversations(ctx, district, sessions); err != nil {
		return err
	}
	n.peers.settle(district, marks)
	return nil
}

func (n *Node) endSignedOut(ctx context.Context, sessions []*Session) error {
	if len(sessions) == 0 {
		return nil
	}
	who := make([]Who, len(sessions))
	for i, s := range sessions {
		who[i] = s.Who()
	}
	ended, err := endedOf(ctx, n.signIns, who)
	if err != nil {
		return fmt.Errorf("sign-ins: %w", err)
	}
	for i, s := range sessions {
		if _, is := ended[who[i]]; is && s.Who() == who[i] { // not renewed meanwhile
			n.counters.signIns.Add(1)
			s.End(CloseSignedOut)
		}
	}
	return nil
}

func (n *Node) reconcileInboxes(ctx context.Context, district uuid.UUID, sessions []*Session) error {
	as := n.history.known()
	subscribed := map[uuid.UUID][]*Session{}
	told := map[uuid.UUID]int64{} // versions, as of before the store is asked
	var people []uuid.UUID
	for _, s := range sessions {
		if s.hasInbox() {
			if subscribed[s.who.Person] == nil {
				people = append(people, s.who.Person)
			}
			subscribed[s.who.Person] = append(subscribed[s.who.Person], s)
			told[s.who.Person] = max(told[s.who.Person], s.delivered())
		}
	}
	if len(people) == 0 {
		return nil
	}
	heads, err := n.store.Heads(ctx, district, people)
	if err != nil {
		return fmt.Errorf("heads: %w", err)
	}
	if less(told, heads, func(h hub.Head) (uuid.UUID, int64) { return h.Person, h.Version }) {
		n.wentBack(ctx, as)
	}
	for _, head := range heads {
		for _, s := range subscribed[head.Person] {
			s.showInbox(head)
		}
	}
	return nil
}

// less reports whether the store has less than what was told, or nothing, of one
// of the keys. What was told was committed by then, so that it was lost.
func less[V any](told map[uuid.UUID]int64, stored []V, read func(V) (key uuid.UUID, number int64)) bool {
	have := make(map[uuid.UUID]int64, len(stored))
	for _, v := range stored {
		key, number := read(v)
		have[key] = number
	}
	for key, number := range told {
		if have[key] < number {
			return true
		}
	}
	return false
}

func (s *Session) hasInbox() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inbox != nil
}

// showInbox gives the session the state of its inbox as the store has it.
func (s *Session) showInbox(head hub.Head) {
	s.mu.Lock()
	if c := s.inbox; c != nil && !c.opening && head.Version > c.version {
		s.node.counters.inboxes.Add(1)
	}
	ok := s.takeInbox(inboxEvent{head.Version, head.Unread, encodeInboxState(head.Version, head.Unread)})
	s.mu.Unlock()
	s.endIfSlow(ok)
}

func (n *Node) reconcileConversations(ctx context.Context, district uuid.UUID, sessions []*Session) error {
	as := n.history.known()
	subscribed := map[uuid.UUID][]*Session{}
	told := map[uuid.UUID]int64{} // numbers, as of before the store is asked
	var ids []uuid.UUID
	for _, s := range sessions {
		for _, id := range s.openConversations() {
			if subscribed[id] == nil {
				ids = append(ids, id)
			}
			subscribed[id] = append(subscribed[id], s)
			told[id] = max(told[id], s.lastOf(id))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	tails, err := n.store.Tails(ctx, district, ids)
	if err != nil {
		return fmt.Errorf("tails: %w", err)
	}
	if less(told, tails, func(t hub.Tail) (uuid.UUID, int64) { return t.Conversation, t.LastSeq }) {
		n.wentBack(ctx, as)
	}
	var failed []error
	for _, tail := range tails {
		behind := subscribed[tail.Conversation][:0]
		for _, s := range subscribed[tail.Conversation] {
			if s.isBehind(tail) {
				behind = append(behind, s)
			}
		}
		failed = append(failed, n.catchUp(ctx, tail.Conversation, behind))
	}
	return errors.Join(failed...)
}
