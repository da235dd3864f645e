// Package inbound takes what Mailgun's routes bring: replies to mails of ours,
// as the raw message that came in, since only over that can a signature of its
// domain be verified.
//
// [Handler] answers the calls; message.go reads a mail, vouch.go says whether it
// is from whom it says, visible.go finds what the person wrote in it.
package inbound
