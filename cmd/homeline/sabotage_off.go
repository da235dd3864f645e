//go:build !sabotage

package main

import "github.com/homeline/homeline/hub/notify"

// sabotage breaks nothing: what can be broken on purpose is in builds with the
// tag sabotage alone, for `make chaos-proof` and `make mailproof`.
type sabotage struct{}

func (sabotage) wrap(s store, b closingBroker) (store, closingBroker) { return s, b }

func (sabotage) wrapMail(s notify.Store, m notify.Mailer) (notify.Store, notify.Mailer) { return s, m }
