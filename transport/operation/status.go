package operation

import (
	"net/http"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
)

// Status is the HTTP status that goes with the code of an error, on pages and in
// the JSON API alike; 500 for what is no code.
func Status(code hub.Code) int {
	if status, listed := statuses[code]; listed {
		return status
	}
	return http.StatusInternalServerError
}

var statuses = map[hub.Code]int{
	hub.CodeInvalid:           http.StatusBadRequest,
	hub.CodeRequired:          http.StatusUnprocessableEntity,
	hub.CodeTooLong:           http.StatusUnprocessableEntity,
	hub.CodeTooManyRecipients: http.StatusUnprocessableEntity,
	hub.CodeNotAllowed:        http.StatusForbidden,
	hub.CodeNotFound:          http.StatusNotFound,
	hub.CodeMessagingOff:      http.StatusForbidden,
	hub.CodeOut:               http.StatusForbidden,
	hub.CodeSealed:            http.StatusConflict,
	hub.CodeKeyReused:         http.StatusConflict,
	hub.CodeRateLimited:       http.StatusTooManyRequests,
	hub.CodeBusy:              http.StatusServiceUnavailable,
	wire.CodeUnknownType:      http.StatusBadRequest,
	wire.CodeBadRequest:       http.StatusBadRequest,
	wire.CodeTooLarge:         http.StatusRequestEntityTooLarge,
	wire.CodeMethodNotAllowed: http.StatusMethodNotAllowed,
	wire.CodeAnotherEpoch:     http.StatusConflict,
	wire.CodeUnauthenticated:  http.StatusUnauthorized,
	wire.CodeExpired:          http.StatusUnauthorized,
	wire.CodeMediaType:        http.StatusUnsupportedMediaType,
}
