package hub

// MaxDraft is the size of a draft in bytes, maxSlot that of its slot.
const (
	MaxDraft = 64 << 10
	maxSlot  = 64
)

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
