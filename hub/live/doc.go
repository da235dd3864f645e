// Package live brings what was committed to the pages that are open.
//
// A [Node] is one process of an installation. It tells the others of commits
// through a [Broker], hears of theirs, and hands each event to the [Session]s of
// the people it is for. The broker may lose, delay, double and reorder: nothing
// depends on it but speed. Messages go by their number, inboxes by their
// version, and what does not add up is read from the [Store].
//
// Start reading at node.go and session.go; deliver.go is the way of an event,
// subscribe.go that of a subscription, reconcile.go and catchup.go find what
// was lost, and beat.go and peer.go notice that something was.
package live
