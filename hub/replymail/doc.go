// Package replymail takes replies by e-mail.
//
// A mail about one conversation may be answered at an [Address] that is signed,
// expires, and is of one person and that mail alone. What comes there lands
// through hub.Hub.Reply as any other reply, and cannot be taken back: so it must
// come from the person's own address, vouched for by the domain that it came
// from. Where nobody vouches, or it came from elsewhere, it is held until the
// person confirms it on a page that is mailed to their own address.
//
// What cannot be taken is answered with one mail that says why: never where that
// could go round in a loop (RFC 3834), nor more often than a few times a day.
// A reply moves no read mark: who answers a mail may not have seen the rest.
package replymail
