// Package notify mails those who stay unread: once, whichever node dies (G6).
//
// A message starts a notice for everybody else in its conversation: a row a
// person, which says when they are next due. A [Worker] on each node claims what
// is due. In one transaction, under the lock of the person's inbox, the store
// asks [Judge] what to do with what is unread now, marks what is mailed, and
// keeps the intent: a [Mail] with an identifier of its own, leased to the worker.
// Only then the provider is called, and what it said is settled under the lease's
// token. A mail whose call may or may not have been made is asked about before it
// is tried again.
//
// What is decided is decided by read, never by online.
//
// Start reading at judge.go; worker.go takes what is due, deliver.go brings one
// mail on its way, doubt.go is for those of which nobody knows.
package notify
