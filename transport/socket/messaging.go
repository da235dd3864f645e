package socket

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/wire"
)

// messagingEvery is how often it is looked whether a district has switched
// messaging on or off.
const messagingEvery = 5 * time.Second

// districts are the connections that were told whether messaging is on in their
// district. While there are any, a timer looks at it.
type districts struct {
	mu    sync.Mutex
	told  map[*connection]struct{}
	timer *time.Timer
	look  func()
}

// add notes what a connection was told, unless that has ended already.
func (d *districts) add(c *connection, on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.over() {
		return
	}
	d.told[c], c.messaging = struct{}{}, on
	if len(d.told) == 1 {
		d.timer = time.AfterFunc(messagingEvery, d.look)
	}
}

func (d *districts) remove(c *connection) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if delete(d.told, c); len(d.told) == 0 && d.timer != nil {
		d.timer.Stop()
	}
}

func (d *districts) again() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.told) > 0 {
		d.timer.Reset(messagingEvery)
	}
}

// all returns the districts of the connections.
func (d *districts) all() map[uuid.UUID]struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	ids := map[uuid.UUID]struct{}{}
	for c := range d.told {
		ids[c.session.Who().District] = struct{}{}
	}
	return ids
}

// tell returns the connections of a district that were told something else.
func (d *districts) tell(district uuid.UUID, on bool) (others []*connection) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for c := range d.told {
		if c.messaging != on && c.session.Who().District == district {
			c.messaging = on
			others = append(others, c)
		}
	}
	return others
}

// lookAtDistricts tells the connections of a district that messaging has been
// switched on or off.
func (s *Server) lookAtDistricts() {
	s.goes(func() {
		ctx, cancel := context.WithTimeout(s.ctx, requestPatience)
		defer cancel()
		for district := range s.districts.all() {
			on, err := s.operations.Messaging(ctx, district)
			if err != nil {
				s.log.Warn("whether messaging is on could not be read", "district", district, "error", err)
				break
			}
			others := s.districts.tell(district, on)
			if frame, err := json.Marshal(wire.MessagingEvent{Type: wire.TypeMessaging, Messaging: on}); err == nil {
				for _, c := range others {
					c.session.Send(frame)
				}
			}
		}
		s.districts.again()
	})
}

// over reports whether the connection has ended.
func (c *connection) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}
