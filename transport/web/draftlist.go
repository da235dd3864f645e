package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// draftsPage lists what somebody has begun to write, to be continued or
// discarded.
type draftsPage struct {
	frame
	Drafts []draftView
}

type draftView struct {
	Slot, Path, Subject, To, Text string
	Reply                         bool
	When                          words.Moment
}

// draftsLink leads from another page to the drafts.
type draftsLink struct {
	Count int
	Full  bool // one more is not kept
}

// draftsLink counts the drafts besides the one in a slot.
func (s *Site) draftsLink(ctx context.Context, v *visitor, but string) (draftsLink, error) {
	all, err := s.opts.Drafts.Drafts(ctx, v.district.ID, v.person.ID, false)
	if err != nil {
		return draftsLink{}, fmt.Errorf("drafts: %w", err)
	}
	link := draftsLink{Count: len(all), Full: len(all) >= hub.MaxDrafts}
	for _, d := range all {
		if d.Slot == but {
			link.Count, link.Full = link.Count-1, false
		}
	}
	return link, nil
}

func (s *Site) drafts(w http.ResponseWriter, r *http.Request, v *visitor) error {
	all, err := s.opts.Drafts.Drafts(r.Context(), v.district.ID, v.person.ID, true)
	if err != nil {
		return fmt.Errorf("drafts: %w", err)
	}
	p := &draftsPage{}
	p.Title, p.Section = v.lang.Say("drafts_title"), messagesTab(v)
	names, err := s.draftRecipients(r, v, all)
	if err != nil {
		return err
	}
	for _, d := range all {
		view, ok, err := s.draftView(r.Context(), v, d, names)
		if err != nil {
			return err
		}
		if ok {
			p.Drafts = append(p.Drafts, view)
		}
	}
	return s.show(w, r, v, http.StatusOK, "drafts", p)
}

// draftView is a draft in the list; not ok if there is nothing to go on with.
func (s *Site) draftView(ctx context.Context, v *visitor, d hub.Draft, names map[roster.Recipient]string) (draftView, bool, error) {
	form := composed(d)
	view := draftView{
		Slot: d.Slot, Path: form.path(), Subject: strings.TrimSpace(form.Subject), Text: beginning(form.Body),
		When: v.moment(d.SavedAt),
	}
	if conversation, ok := idIn(d.Slot, replySlot); ok {
		c, err := s.opts.Hub.Conversation(ctx, v.actor(), conversation)
		if hub.CodeOf(err) == hub.CodeNotFound {
			return view, false, nil
		}
		if err != nil {
			return view, false, fmt.Errorf("drafts: %w", err)
		}
		if !form.Continuing() {
			view.Reply, view.Subject, view.Path = true, c.Subject, conversationPath(conversation)+"#reply"
		}
	}
	var to []string
	for _, recipient := range form.To {
		if name := names[recipient]; name != "" {
			to = append(to, name)
		}
	}
	view.To = v.lang.ShortParts(to, mostNamed)
	return view, true, nil
}

// composed is what a draft holds, empty if it is not readable.
func composed(d hub.Draft) composeForm {
	written := draft{}
	if json.Unmarshal(d.Content, &written) != nil {
		written = draft{}
	}
	form := readCompose(url.Values(written))
	if id, ok := idIn(d.Slot, composeSlot); ok {
		form.Draft = id
	}
	return form
}

// draftRecipients names the recipients of drafts, those whom the writer may be
// shown.
func (s *Site) draftRecipients(r *http.Request, v *visitor, all []hub.Draft) (map[roster.Recipient]string, error) {
	named := map[roster.Recipient]string{}
	for _, side := range []roster.Side{roster.AsWorker, roster.AsFamily} {
		joint := composeForm{Side: side, Key: uuid.New()}
		for _, d := range all {
			if form := composed(d); sideOf(v, string(form.Side)) == side {
				for _, to := range form.To {
					joint.add(to)
				}
			}
		}
		if len(joint.To) == 0 {
			continue
		}
		joint.To = joint.To[:min(len(joint.To), mostTo)]
		preview, err := s.opts.Hub.Preview(r.Context(), v.actor(), joint.request())
		if hub.CodeOf(err) != "" {
			continue // nobody can be written to now, and nobody is named
		}
		if err != nil {
			return nil, fmt.Errorf("drafts: %w", err)
		}
		views, err := s.recipients(r.Context(), v, joint, preview.Refused)
		if err != nil {
			return nil, err
		}
		for _, view := range views {
			if to, ok := parseRecipient(view.Value); ok {
				named[to] = view.Words
			}
		}
	}
	return named, nil
}

// beginning is the first words of a text.
func beginning(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > 120 {
		return string(runes[:119]) + "…"
	}
	return string(runes)
}

// discardDraft is the button in the list.
func (s *Site) discardDraft(w http.ResponseWriter, r *http.Request, v *visitor) error {
	slot, err := s.slot(r, v)
	if err != nil {
		return err
	}
	if err := s.forgetDraft(r.Context(), v, slot); err != nil {
		return err
	}
	s.flash(w, saidDiscarded, 0)
	http.Redirect(w, r, "/drafts", http.StatusSeeOther)
	return nil
}

// discard is the button of the page on which a message is written.
func (s *Site) discard(w http.ResponseWriter, r *http.Request, v *visitor, slot string) error {
	if err := s.forgetDraft(r.Context(), v, slot); err != nil {
		return err
	}
	s.flash(w, saidDiscarded, 0)
	goOn(w, r, "/inbox")
	return nil
}
