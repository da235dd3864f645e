package copying

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/homeline/homeline/store/postgres"
)

// kind is what a column holds. Between the two databases a value is nil, a bool,
// an int64, a [16]byte, a []byte, a string or a []string.
type kind struct {
	take func(v any) (any, error)            // what SQLite holds; the error says why PostgreSQL cannot
	give func(v any) any                     // as COPY takes it
	read func() (into any, value func() any) // what PostgreSQL holds
	as   string                              // the cast to read it
}

var (
	id           = kind{take: takeID, give: giveID, read: readID}
	flag         = kind{take: takeFlag, give: asItIs, read: readFlag}
	small        = kind{take: within(math.MinInt32, math.MaxInt32, "a number of four bytes"), give: asItIs, read: readNumber}
	number       = kind{take: within(math.MinInt64, math.MaxInt64, ""), give: asItIs, read: readNumber}
	instant      = kind{take: within(firstInstant, math.MaxInt64, "an instant"), give: giveInstant, read: readInstant}
	maybeInstant = kind{take: orNone(instant.take), give: giveMaybe, read: readInstant}
	bytes        = kind{take: takeBytes, give: asItIs, read: readBytes}
	text         = kind{take: takeText, give: giveText, read: readText} // of people; any bytes
	word         = kind{take: takeWord, give: asItIs, read: readWord}   // of the program
	list         = kind{take: takeList, give: giveList, read: readList} // JSON in SQLite
	settings     = kind{take: takeSettings, give: asItIs, read: readSettings, as: "::text"}
)

// firstInstant is the first that PostgreSQL has, in microseconds since 1970: the
// beginning of the Julian days.
const firstInstant = -210866803200 * 1_000_000

func asItIs(v any) any { return v }

func unexpected(v any) error { return fmt.Errorf("it is a %T", v) }

func takeID(v any) (any, error) {
	b, ok := v.([]byte)
	switch {
	case v == nil:
		return nil, nil
	case !ok:
		return nil, unexpected(v)
	case len(b) != 16:
		return nil, fmt.Errorf("it has %d bytes, an identifier 16", len(b))
	}
	return [16]byte(b), nil
}

func giveID(v any) any {
	if v == nil {
		return nil
	}
	return pgtype.UUID{Bytes: v.([16]byte), Valid: true}
}

func readID() (any, func() any) {
	into := new(pgtype.UUID)
	return into, func() any {
		if !into.Valid {
			return nil
		}
		return into.Bytes
	}
}

func takeFlag(v any) (any, error) {
	switch v {
	case int64(0):
		return false, nil
	case int64(1):
		return true, nil
	}
	return nil, fmt.Errorf("%v is neither 0 nor 1", v)
}

func readFlag() (any, func() any) {
	into := new(bool)
	return into, func() any { return *into }
}

func within(least, most int64, what string) func(v any) (any, error) {
	return func(v any) (any, error) {
		n, ok := v.(int64)
		switch {
		case !ok:
			return nil, unexpected(v)
		case n < least || n > most:
			return nil, fmt.Errorf("%d is too far for %s", n, what)
		}
		return n, nil
	}
}

func readNumber() (any, func() any) {
	into := new(int64)
	return into, func() any { return *into }
}

func giveInstant(v any) any {
	return pgtype.Timestamptz{Time: time.UnixMicro(v.(int64)).UTC(), Valid: true}
}

func readInstant() (any, func() any) {
	into := new(pgtype.Timestamptz)
	return into, func() any {
		if !into.Valid {
			return nil
		}
		if into.InfinityModifier != pgtype.Finite {
			return into.InfinityModifier.String() // never the same as an instant
		}
		return into.Time.UnixMicro()
	}
}

// orNone takes NULL as well.
func orNone(take func(any) (any, error)) func(any) (any, error) {
	return func(v any) (any, error) {
		if v == nil {
			return nil, nil
		}
		return take(v)
	}
}

func giveMaybe(v any) any {
	if v == nil {
		return nil
	}
	return giveInstant(v)
}

func takeBytes(v any) (any, error) {
	b, ok := v.([]byte)
	switch {
	case v == nil:
		return nil, nil
	case !ok:
		return nil, unexpected(v)
	}
	return append([]byte{}, b...), nil // no bytes are not NULL
}

func readBytes() (any, func() any) {
	into := new([]byte)
	return into, func() any {
		if *into == nil {
			return nil
		}
		return *into
	}
}

func takeText(v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, unexpected(v)
	}
	return s, nil
}

func giveText(v any) any { return postgres.Kept(v.(string)) }

func readText() (any, func() any) {
	into := new(string)
	return into, func() any { return postgres.Plain(*into) }
}

func takeWord(v any) (any, error) {
	s, ok := v.(string)
	switch {
	case !ok:
		return nil, unexpected(v)
	case strings.IndexByte(s, 0) >= 0:
		return nil, errors.New("it holds NUL, which PostgreSQL does not take")
	case !utf8.ValidString(s):
		return nil, errors.New("it is not UTF-8")
	}
	return s, nil
}

func readWord() (any, func() any) {
	into := new(string)
	return into, func() any { return *into }
}

// takeList reads a list as the program does, to which none is an empty one.
func takeList(v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, unexpected(v)
	}
	words := []string{}
	if err := json.Unmarshal([]byte(s), &words); err != nil {
		return nil, fmt.Errorf("it is no list: %w", err)
	}
	return words, nil
}

func giveList(v any) any { return mapped(v.([]string), postgres.Kept) }

func readList() (any, func() any) {
	into := new([]string)
	return into, func() any { return mapped(*into, postgres.Plain) }
}

func mapped(words []string, each func(string) string) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = each(w)
	}
	return all
}

// takeSettings writes them in one way: PostgreSQL orders names by itself.
func takeSettings(v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, unexpected(v)
	}
	same, err := canonical(s)
	switch {
	case err != nil:
		return nil, fmt.Errorf("it is no JSON: %w", err)
	case strings.Contains(same, `\u0000`):
		return nil, errors.New("it holds NUL, which PostgreSQL does not take")
	}
	return same, nil
}

func readSettings() (any, func() any) {
	into := new(string)
	return into, func() any {
		same, err := canonical(*into)
		if err != nil {
			return *into
		}
		return same
	}
}

func canonical(text string) (string, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return "", err
	}
	same, err := json.Marshal(v)
	return string(same), err
}
