package memory

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// Epoch implements hub.Store.
func (s *Store) Epoch(ctx context.Context) (uuid.UUID, error) {
	return call(ctx, s, "Epoch", func() (uuid.UUID, error) { return s.epoch, nil })
}

// RenewEpoch implements hub.Store.
func (s *Store) RenewEpoch(ctx context.Context, known uuid.UUID) (uuid.UUID, error) {
	return call(ctx, s, "RenewEpoch", func() (uuid.UUID, error) {
		if s.epoch == known {
			s.epoch = uuid.New()
		}
		return s.epoch, nil
	})
}

// Move gives the store another epoch, as a database has one that finds itself at
// another place.
func (s *Store) Move() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch = uuid.New()
}

// Backup is everything that a store held at one moment.
type Backup struct {
	districts map[uuid.UUID]*district
	epoch     uuid.UUID
}

// Backup returns a copy of everything.
func (s *Store) Backup() Backup {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Backup{copied(s.districts), s.epoch}
}

// Restore takes the store back to a backup: what was committed since is lost, as
// after a failover to a server that lacked it. The epoch is that of the backup.
func (s *Store) Restore(b Backup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.districts, s.epoch = copied(b.districts), b.epoch
}

func copied(districts map[uuid.UUID]*district) map[uuid.UUID]*district {
	all := make(map[uuid.UUID]*district, len(districts))
	for id, d := range districts {
		all[id] = d.copy()
	}
	return all
}

// copy returns a district of which nothing that changes is shared.
func (d *district) copy() *district {
	out := *d
	says := &out.says
	says.Orgs, says.Terms, says.Sections = slices.Clone(says.Orgs), slices.Clone(says.Terms), slices.Clone(says.Sections)
	says.People, says.Enrolments = slices.Clone(says.People), slices.Clone(says.Enrolments)
	says.Guardianships = slices.Clone(says.Guardianships)
	out.ids, out.people, out.bars = maps.Clone(d.ids), maps.Clone(d.people), slices.Clone(d.bars)
	out.started, out.drafts = maps.Clone(d.started), maps.Clone(d.drafts)
	out.preferences, out.notices = maps.Clone(d.preferences), maps.Clone(d.notices)
	out.marked, out.nonces = maps.Clone(d.marked), maps.Clone(d.nonces)
	out.heads = map[uuid.UUID]*hub.Head{}
	for person, head := range d.heads {
		h := *head
		out.heads[person] = &h
	}
	out.conversations = map[uuid.UUID]*conversation{}
	for id, c := range d.conversations {
		out.conversations[id] = c.copy()
	}
	out.sent = map[usedKey]*sent{}
	for key, one := range d.sent {
		out.sent[key] = &sent{out.conversations[one.conversation.ID], one.Message}
	}
	out.mails, out.unsettled = map[uuid.UUID]*mail{}, map[uuid.UUID]*mail{}
	for id, one := range d.mails {
		m := *one
		out.mails[id] = &m
		if d.unsettled[id] != nil {
			out.unsettled[id] = &m
		}
	}
	return &out
}

func (c *conversation) copy() *conversation {
	out := *c
	out.messages = slices.Clone(c.messages)
	out.members = make([]*member, len(c.members))
	for i, m := range c.members {
		one := *m
		out.members[i] = &one
	}
	return &out
}
