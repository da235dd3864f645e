package control

import (
	"context"
	"errors"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// failure is an error on its way through the socket: what it says, and which of
// the errors that a command acts on it is.
type failure struct {
	Message string     `json:"message"`
	Name    string     `json:"name,omitempty"` // a key of named
	Refusal *hub.Error `json:"refusal,omitempty"`
}

// named are the errors that commands tell apart.
var named = map[string]error{
	"no_district": roster.ErrNoDistrict,
	"slug_taken":  roster.ErrSlugTaken,
	"no_person":   roster.ErrNoPerson,
	"no_bar":      roster.ErrNoBar,
	"no_grant":    roster.ErrNoGrant,
	"no_org":      roster.ErrNoOrg,
	"no_section":  roster.ErrNoSection,
	"stale":       roster.ErrStale,
	"no_session":  identity.ErrNoSession,
	"cancelled":   context.Canceled,
}

func failureOf(err error) failure {
	f := failure{Message: err.Error()}
	errors.As(err, &f.Refusal)
	for name, is := range named {
		if errors.Is(err, is) {
			f.Name = name
		}
	}
	return f
}

// Error says what it said where it happened.
func (f failure) Error() string { return f.Message }

// Unwrap gives the error back that it was there.
func (f failure) Unwrap() error {
	if f.Refusal != nil {
		return f.Refusal
	}
	return named[f.Name]
}
