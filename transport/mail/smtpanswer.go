package mail

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"regexp"

	"github.com/homeline/homeline/hub/notify"
)

// code is what a server answered, 0 where it did not.
func code(err error) int {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}

// told is an error as it may be repeated: what a server says quotes addresses.
func told(ctx context.Context, err error) error {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return fmt.Errorf("%d %s", answer.Code, discreet(answer.Msg))
	}
	return ended(ctx, err)
}

// enhanced is a status code of RFC 3463 in an answer.
var enhanced = regexp.MustCompile(`\b5\.\d{1,3}\.\d{1,3}\b`)

// badAddress are those that speak of the recipient: bad mailbox, system or
// syntax, moved, mailbox disabled, and a directory that does not list it. 5.1.7
// and 5.1.8 are the sender's.
var badAddress = regexp.MustCompile(`\b5\.(1\.([01234569]|10)|2\.1|4\.1)\b`)

// mailbox are those for now that speak of the recipient's mailbox, at whichever
// command.
var mailbox = regexp.MustCompile(`\b4\.2\.\d{1,3}\b`)

// unanswered is what all commands before the end of the message have in common:
// what was not answered for good was not taken.
func unanswered(ctx context.Context, err error, about string) error {
	switch c := code(err); {
	case c == 0:
		return &notify.LaterError{Err: fmt.Errorf("the connection ended before the message: %w", told(ctx, err))}
	case c < 500:
		return &notify.LaterError{
			Recipient: mailbox.MatchString(err.Error()),
			Err:       fmt.Errorf("the mail server does not take %s for now: %w", about, told(ctx, err)),
		}
	case c == 530 || c == 534 || c == 535 || c == 538:
		return &notify.LaterError{Err: fmt.Errorf("the mail server wants another sign-in: %w: mend HOMELINE_SMTP_URL", told(ctx, err))}
	}
	return nil
}

// ofSender: all but the size of a message is ours to mend, and holds for every
// message.
func ofSender(ctx context.Context, err error) error {
	const about = "HOMELINE_MAIL_FROM"
	if e := unanswered(ctx, err, about); e != nil {
		return e
	}
	if code(err) == 552 {
		return &notify.RefusedError{Err: fmt.Errorf("the message is too large for the mail server: %w", told(ctx, err))}
	}
	return &notify.LaterError{Err: fmt.Errorf("the mail server does not take %s: %w: write an address that its user may send as", about, told(ctx, err))}
}

// ofRecipient: an address that does not exist is so for good, but a server that
// does not pass mail on for us is to be mended.
func ofRecipient(ctx context.Context, err error) error {
	if e := unanswered(ctx, err, "the address"); e != nil {
		var later *notify.LaterError
		if c := code(err); errors.As(e, &later) && 400 <= c && c < 500 && c != 421 { // 421: the server closes
			later.Recipient = true
		}
		return e
	}
	status := enhanced.FindString(err.Error())
	bare := status == ""
	switch c := code(err); {
	case isFull(c, status, err.Error()):
		return fullMailbox(ctx, err)
	case badAddress.MatchString(status), bare && (c == 501 || c == 550 || c == 551 || c == 553):
		return &notify.RefusedError{Address: true, Err: fmt.Errorf("the mail server knows no such address: %w", told(ctx, err))}
	case bare, policy.MatchString(status):
		return &notify.LaterError{
			Recipient: true, // servers also say so of single addresses
			Err:       fmt.Errorf("the mail server passes no mail on for us: %w: let it, or mend HOMELINE_SMTP_URL", told(ctx, err)),
		}
	}
	return &notify.RefusedError{Err: fmt.Errorf("the mail server refuses the address: %w", told(ctx, err))}
}

// policy are policies: not authorised, relaying denied; policyWords what servers say of
// one that give no code.
var (
	policy      = regexp.MustCompile(`^5\.7\.`)
	policyWords = regexp.MustCompile(`(?i)\b(?:spam|policy|blocked|block ?list|blacklist|reputation|dmarc|spf|dkim|rbl|relay(?:ing)? (?:denied|access))\b`)
)

// isFull reports whether a server says that a mailbox takes no more for now. It is the
// reader's to mend, and no fault of the address.
func isFull(code int, status, said string) bool {
	switch {
	case status == "5.2.2":
		return true
	case status != "" && status != "5.2.0" && status != "5.0.0":
		return false
	}
	return code == 552 && !tooLarge.MatchString(said) || fullWords.MatchString(said)
}

var (
	fullWords = regexp.MustCompile(`(?i)(?:mailbox|mail box|inbox|account|quota|storage|disk).{0,40}(?:\bfull\b|exceeded|over ?quota|out of (?:storage|space))|over ?quota|insufficient (?:system )?storage`)
	tooLarge  = regexp.MustCompile(`(?i)(?:message|mail|size).{0,30}(?:too (?:large|big)|exceeds|size limit|maximum)`)
)

func fullMailbox(ctx context.Context, err error) error {
	return &notify.LaterError{Recipient: true, Err: fmt.Errorf("the mailbox takes no more for now: %w", told(ctx, err))}
}

// ofContent is of DATA and of what follows it. Some servers look at the address
// only then.
func ofContent(ctx context.Context, err error) error {
	if e := unanswered(ctx, err, "the message"); e != nil {
		return e
	}
	switch status := enhanced.FindString(err.Error()); {
	case isFull(code(err), status, err.Error()):
		return fullMailbox(ctx, err)
	case policy.MatchString(status):
		return &notify.LaterError{Recipient: true, Err: fmt.Errorf("the mail server has something against the message or its sender: %w", told(ctx, err))}
	}
	return &notify.RefusedError{
		Address: badAddress.MatchString(enhanced.FindString(err.Error())),
		Err:     fmt.Errorf("the mail server refuses the message: %w", told(ctx, err)),
	}
}
