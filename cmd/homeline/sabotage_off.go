//go:build !sabotage

package main

import (
	"time"

	"github.com/homeline/homeline/hub/notify"
)

// sabotage breaks nothing: what can be broken on purpose is in builds with the
// tag sabotage alone, for `make chaos-proof` and `make mailproof`.
type sabotage struct{}

func (sabotage) wrap(s store, b closingBroker) (store, closingBroker) { return s, b }

func (sabotage) wrapMail(o notify.Options) notify.Options { return o }

func (sabotage) machine() time.Time { return time.Now() }

func (sabotage) followsNobody() bool { return false }
