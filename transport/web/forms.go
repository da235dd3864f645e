package web

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"
)

func badForm(err error) error { return fmt.Errorf("%w: %w", errBadForm, err) }

// keyOf is the idempotency key that a form carries. A form without one gets a
// new one: it cannot be a repetition.
func keyOf(typed string) uuid.UUID {
	key, err := uuid.Parse(typed)
	if err != nil || key == uuid.Nil {
		return uuid.New()
	}
	return key
}

// goOn leads to the next page once something is done. The browser client, which
// would follow a redirect out of sight, is told where to go instead.
func goOn(w http.ResponseWriter, r *http.Request, path string) {
	if byScript(r) {
		w.Header().Set("Location", path)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
}

// maxLine bounds what is searched for.
const maxLine = 200

// clip cuts a line that no honest search has.
func clip(s string) string {
	if runes := []rune(s); len(runes) > maxLine {
		return string(runes[:maxLine])
	}
	return s
}
