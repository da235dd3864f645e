package sqlite

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

const selectStandings = `
SELECT q.conversation, q.person, c.last_seq, q.read_seq,
       EXISTS (SELECT 1 FROM seal WHERE district = c.district AND conversation = c.id)
FROM json_each(?2) e
CROSS JOIN participant q ON q.district = ?1
  AND q.conversation = unhex(substr(e.value, 1, 32)) AND q.person = unhex(substr(e.value, 33))
JOIN conversation c ON c.district = q.district AND c.id = q.conversation`

// Standings implements hub.Store.
func (s *Store) Standings(ctx context.Context, district uuid.UUID, seats []hub.Seat) ([]hub.Standing, error) {
	rows, err := s.reads[selectStandings].QueryContext(ctx, key(district), seatSet(seats))
	standings, err := scanAll(rows, err, func(st *hub.Standing) []any {
		return []any{&st.Conversation, &st.Person, &st.LastSeq, &st.ReadSeq, &st.Sealed}
	})
	if err != nil {
		return nil, fmt.Errorf("standings: %w", readFailure(ctx, err))
	}
	return standings, nil
}

// seatSet is a JSON list of seats, each the conversation's id and the person's
// in one word.
func seatSet(seats []hub.Seat) string {
	words := make([]string, len(seats))
	for i, seat := range seats {
		words[i] = hex.EncodeToString(append(seat.Conversation[:], seat.Person[:]...))
	}
	return listText(words)
}
