package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

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

// bodyField is the field of a message's text.
const bodyField = "body"

// bodyFieldOf is the name under which a page has the field of a message's text:
// with the message's key in it. A browser that fills a page anew with what was
// typed does so by the names of the fields, so that the text of one message
// never comes into the box of the next, and never goes without its key.
func bodyFieldOf(key uuid.UUID) string { return bodyField + "." + key.String() }

// plainNames gives fields that have a key in their names their own names, and
// the form that key.
func plainNames(form url.Values) {
	for name, values := range form {
		typed, ok := strings.CutPrefix(name, bodyField+".")
		key, err := uuid.Parse(typed)
		if !ok || err != nil || len(values) == 0 {
			continue
		}
		delete(form, name)
		form.Set(bodyField, values[0])
		form.Set("key", key.String())
	}
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
