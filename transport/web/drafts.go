package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/transport/strict"
)

// Every new message is kept in a slot of its own while it is written. A reply,
// and the message that continues a closed conversation, are kept under that
// conversation's id: what was typed as a reply while the conversation was closed
// is there when one continues.
const (
	composeSlot = "compose:"
	replySlot   = "reply:"
)

func newSlot(draft uuid.UUID) string { return composeSlot + draft.String() }

func slotOf(conversation uuid.UUID) string { return replySlot + conversation.String() }

// idIn is the id in a slot of a kind.
func idIn(slot, kind string) (uuid.UUID, bool) {
	id, err := uuid.Parse(strings.TrimPrefix(slot, kind))
	return id, err == nil && slot == kind+id.String()
}

// draft is what a form held. It is kept as a JSON object of field to value or
// values.
type draft url.Values

// blank says whether nothing in it would be missed.
func (d draft) blank() bool {
	return strings.TrimSpace(d.get("body")) == "" && strings.TrimSpace(d.get("subject")) == "" && len(d["to"]) == 0
}

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
	defer func() { plainNames(url.Values(*d)) }()
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

// keepDraft saves what fits; what is too large, or one draft too many, is still
// on the page that is shown next.
func (s *Site) keepDraft(ctx context.Context, v *visitor, slot string, d draft) error {
	if err := s.saveDraft(ctx, v, slot, d); err != nil && hub.CodeOf(err) != hub.CodeTooLong {
		return err
	}
	return nil
}

// saveDraft saves a draft. One in which there is nothing is none.
func (s *Site) saveDraft(ctx context.Context, v *visitor, slot string, d draft) error {
	if d.blank() {
		return s.forgetDraft(ctx, v, slot)
	}
	b, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("draft: %w", err)
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
	if _, isNew := idIn(slot, composeSlot); isNew {
		return nil
	}
	id, ok := idIn(slot, replySlot)
	if !ok {
		return errNoPage
	}
	_, err := s.opts.Hub.Conversation(r.Context(), v.actor(), id)
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
	late, err := s.tooLate(r, v, slot, d)
	if err != nil {
		return err
	}
	if late {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if err := s.saveDraft(r.Context(), v, slot, d); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// tooLate says whether a draft that an earlier page left in the browser is older
// than what is kept here, or has been sent since.
func (s *Site) tooLate(r *http.Request, v *visitor, slot string, d draft) (bool, error) {
	if d.get("left") == "" {
		return false, nil
	}
	kept, err := s.draft(r.Context(), v, slot)
	if err != nil || number(kept.get("at")) >= number(d.get("at")) {
		return true, err
	}
	key, err := uuid.Parse(d.get("key"))
	if err != nil {
		return false, nil
	}
	if conversation, ok := idIn(slot, replySlot); ok {
		return s.replied(r, v, conversation, key)
	}
	sent, err := s.opts.Hub.StartedWith(r.Context(), v.actor(), key)
	return len(sent) > 0, err
}

// replied says whether one of the last messages has that key.
func (s *Site) replied(r *http.Request, v *visitor, conversation, key uuid.UUID) (bool, error) {
	last, err := s.opts.Hub.Messages(r.Context(), v.actor(), conversation, hub.Range{Before: math.MaxInt64, Limit: atOnce})
	sent := slices.ContainsFunc(last, func(m hub.Message) bool { return m.Sender == v.person.ID && m.Key == key })
	return sent, err
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
