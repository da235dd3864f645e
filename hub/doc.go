// Package hub is what the product is: conversations between school and home,
// their messages, who has read what, and the use cases: start, reply, read,
// seal, continue, inbox.
//
// It knows no database, no network and no HTML. What it needs kept it asks of
// a [Store]; what others must hear at once it gives to an [Events]. Who may
// write to whom is decided in hub/roster; how events reach open pages in
// hub/live; who somebody is in hub/identity.
//
// Start reading at message.go, conversation.go and hub.go.
package hub
