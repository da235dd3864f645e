package web

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// window is the part of a conversation that a page shows.
type window struct {
	messages []hub.Message
	print    bool // the page was asked for to be printed
}

const (
	pageLetters  = 50  // letters on a page
	printLetters = 500 // letters on a page to print
	readBefore   = 3   // letters already read that stand before the first unread one
)

// window takes the letters that the address asks for, else, to be printed, the
// first ones; else those around the first unread one, else the last. Numbers
// have no gaps, so that all of these are the last ones before a number.
func (s *Site) window(r *http.Request, v *visitor, c hub.Conversation) (window, error) {
	me, _ := c.Participant(v.person.ID)
	query := r.URL.Query()
	w := window{print: query.Get("print") != ""}
	size := int64(pageLetters)
	if w.print {
		size = printLetters
	}
	end := c.LastSeq + 1
	switch {
	case query.Has("before"):
		end = number(query.Get("before"))
	case query.Has("after"):
		end = number(query.Get("after")) + size + 1
	case w.print:
		end = size + 1
	case me.Unread(c.LastSeq) > 0:
		end = me.ReadSeq - readBefore + pageLetters + 1
	}
	end = min(max(end, 2), c.LastSeq+1)
	for after := max(end-size-1, 0); after < end-1; {
		limit := min(end-1-after, atOnce)
		messages, err := s.opts.Hub.Messages(r.Context(), v.actor(), c.ID, hub.Range{After: after, Limit: int(limit)})
		if err != nil {
			return window{}, fmt.Errorf("conversation: %w", err)
		}
		w.messages = append(w.messages, messages...)
		after += limit
	}
	return w, nil
}

// atOnce is how many letters are read at once.
const atOnce = 100

// number is what stands in an address, 0 for anything else.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (w window) older(id uuid.UUID) string {
	if len(w.messages) == 0 || w.messages[0].Seq == 1 {
		return ""
	}
	return fmt.Sprintf("%s?before=%d%s", conversationPath(id), w.messages[0].Seq, w.kind())
}

func (w window) newer(c hub.Conversation) string {
	if len(w.messages) == 0 || w.newest(c) {
		return ""
	}
	return fmt.Sprintf("%s?after=%d%s", conversationPath(c.ID), w.messages[len(w.messages)-1].Seq, w.kind())
}

// kind is what the addresses of the pages before and after add to be of the
// same kind.
func (w window) kind() string {
	if w.print {
		return "&print=1"
	}
	return ""
}

// newest says whether the page shows the conversation's last letter.
func (w window) newest(c hub.Conversation) bool {
	return len(w.messages) > 0 && w.messages[len(w.messages)-1].Seq >= c.LastSeq
}
