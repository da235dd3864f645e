//go:build !sabotage

package main

// sabotage breaks nothing: what can be broken on purpose is in builds with the
// tag sabotage alone, for `make chaos-proof`.
type sabotage struct{}

func (sabotage) wrap(s store, b closingBroker) (store, closingBroker) { return s, b }
