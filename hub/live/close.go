package live

// Close is how a connection ends. Codes from 4000 to 4499 say come back, those
// from 4100 to 4199 with a new token, from 4500 to 4999 do not; docs/protocol.md
// explains each.
type Close struct {
	Code   int
	Reason string
}

// The ways in which a connection ends.
var (
	CloseStopping    = Close{4000, "the server stops"}
	CloseSlow        = Close{4001, "too slow"}
	CloseBusy        = Close{4002, "try again"}
	CloseTooMany     = Close{4003, "too many connections"}
	CloseEpoch       = Close{4004, "another epoch"}
	CloseExpired     = Close{4100, "token expired"}
	CloseBadProtocol = Close{4500, "bad protocol"}
	CloseSignedOut   = Close{4501, "signed out"}
	CloseOut         = Close{4502, "no longer on the roster"}
	// CloseGone is for a connection that is broken already: nobody hears a code.
	CloseGone = Close{}
)
