package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/wire"
)

var (
	errUnauthenticated = &hub.Error{Code: wire.CodeUnauthenticated}
	errExpired         = &hub.Error{Code: wire.CodeExpired}
)

// admit says who asks. A cookie counts for writing only from our own origin; a
// token is not sent by a browser without being told to.
func (a *api) admit(r *http.Request) (hub.Actor, error) {
	token, bearer := bearerToken(r)
	if !bearer {
		cookie, err := r.Cookie(a.options.Cookie(r))
		if err != nil || a.foreign.Check(r) != nil {
			return hub.Actor{}, errUnauthenticated
		}
		token = cookie.Value
	}
	session, err := a.auth.Authenticate(r.Context(), token)
	if errors.Is(err, identity.ErrExpired) {
		return hub.Actor{}, errExpired
	}
	if errors.Is(err, identity.ErrNoSession) || err == nil && !chosen(session) {
		return hub.Actor{}, errUnauthenticated
	}
	if err != nil {
		return hub.Actor{}, err
	}
	return actorOf(session), nil
}

func bearerToken(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}
