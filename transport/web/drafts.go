package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/transport/strict"
)

// composeSlot is where a new letter is kept while it is written. A reply, and
// the letter that goes on from a sealed conversation, are kept under that
// conversation's number: what was typed as a reply while somebody sealed it is
// there when one continues.
const (
	composeSlot = "compose"
	replySlot   = "reply:"
)

func slotOf(conversation uuid.UUID) string { return replySlot + conversation.String() }

// draft is what a form held. It is kept as a JSON object of field to value or
// values.
type draft url.Values

func (d draft) get(field string) string { return url.Values(d).Get(field) }

// draftAt is when the browser client saved a draft, by its own clock in
// milliseconds; it compares that with what it kept itself.
func draftAt(d draft) string {
	return strconv.FormatInt(number(d.get("at")), 10)
}

// UnmarshalJSON takes a value or a list of values for each field.
func (d *draft) UnmarshalJSON(b []byte) error {
	var raw map[string]any
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*d = draft{}
	for field, value := range raw {
		switch value := value.(type) {
		case string:
			(*d)[field] = []string{value}
		case []any:
			for _, v := range value {
				if text, ok := v.(string); ok {
					(*d)[field] = append((*d)[field], text)
				}
			}
		}
	}
	return nil
}

// draft returns an empty one where there is none, and where what is kept is not
// readable.
func (s *Site) draft(ctx context.Context, v *visitor, slot string) (draft, error) {
	b, err := s.opts.Drafts.Draft(ctx, v.district.ID, v.person.ID, slot)
	if err != nil {
		return nil, fmt.Errorf("draft: %w", err)
	}
	d := draft{}
	if len(b) > 0 && json.Unmarshal(b, &d) != nil {
		return draft{}, nil
	}
	return d, nil
}

// saveDraft keeps what fits; what is too large is still on the page that is
// shown next.
func (s *Site) saveDraft(ctx context.Context, v *visitor, slot string, d draft) error {
	b, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	if len(b) > hub.MaxDraft {
		return nil
	}
	if err := s.opts.Drafts.SaveDraft(ctx, v.district.ID, v.person.ID, slot, b, v.now.UTC()); err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	return nil
}

func (s *Site) forgetDraft(ctx context.Context, v *visitor, slot string) error {
	if err := s.opts.Drafts.DropDraft(ctx, v.district.ID, v.person.ID, slot); err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	return nil
}

// slot is the slot that a request names.
func (s *Site) slot(r *http.Request, v *visitor) (string, error) {
	slot := mux.Vars(r)["slot"]
	return slot, s.maySlot(r, v, slot)
}

// maySlot says whether somebody has such a slot. A reply's is only there for who
// is in the conversation: nobody fills the store with slots of their own making.
func (s *Site) maySlot(r *http.Request, v *visitor, slot string) error {
	if slot == composeSlot {
		return nil
	}
	id, err := uuid.Parse(strings.TrimPrefix(slot, replySlot))
	if err != nil || slot != slotOf(id) {
		return errNoPage
	}
	_, err = s.opts.Hub.Conversation(r.Context(), v.actor(), id)
	return err
}

func (s *Site) putDraft(w http.ResponseWriter, r *http.Request, v *visitor) error {
	slot, err := s.slot(r, v)
	if err != nil {
		return err
	}
	var d draft
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, hub.MaxDraft))
	if err != nil {
		return badForm(err)
	}
	if err := strict.Object(body, nil, nil); err != nil {
		return badForm(err)
	}
	if err := json.Unmarshal(body, &d); err != nil {
		return badForm(err)
	}
	if ofOthers(v, d.get(readerField)) {
		return s.refuseOthers(w, r, v)
	}
	if err := s.saveDraft(r.Context(), v, slot, d); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Site) dropDraft(w http.ResponseWriter, r *http.Request, v *visitor) error {
	slot, err := s.slot(r, v)
	if err != nil {
		return err
	}
	if err := s.forgetDraft(r.Context(), v, slot); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
