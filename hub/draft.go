package hub

import "time"

// MaxDraft is the size of a draft in bytes, maxSlot that of its slot, and
// MaxDrafts how many one person has.
const (
	MaxDraft  = 64 << 10
	MaxDrafts = 50
	maxSlot   = 64
)

// Draft is what a user is writing.
type Draft struct {
	Slot    string
	SavedAt time.Time
	Content []byte // nil unless asked for
}

// ErrDraftsFull is the answer to one draft more than MaxDrafts.
var ErrDraftsFull error = &Error{Code: CodeTooLong, Field: "drafts", Limit: MaxDrafts, Got: MaxDrafts}

// CheckDraft says what no store keeps as a draft.
func CheckDraft(slot string, content []byte) error {
	switch {
	case len(content) > MaxDraft:
		return &Error{Code: CodeTooLong, Field: "draft", Limit: MaxDraft, Got: len(content)}
	case slot == "" || len(slot) > maxSlot:
		return &Error{Code: CodeInvalid, Field: "slot"}
	}
	return nil
}
