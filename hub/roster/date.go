package roster

import (
	"fmt"
	"time"
)

// Date is a day of the calendar without a time zone, in days since 1970-01-01.
// NoDate, its zero value, means that nothing was given; 1970-01-01 itself
// cannot be told from it, and no roster needs it.
type Date int32

// NoDate is a date that was not given.
const NoDate Date = 0

const secondsPerDay = 24 * 60 * 60

// DateOf is the day that t falls on in the zone of t.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return NewDate(y, m, d)
}

// NewDate is the day of that year, month and day.
func NewDate(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// ParseDate reads 2006-01-02; the empty string is NoDate.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return NoDate, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return NoDate, fmt.Errorf("not a date as 2006-01-02: %q", s)
	}
	return DateOf(t), nil
}

// Time is midnight UTC at the beginning of the day.
func (d Date) Time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// String is 2006-01-02, or the empty string for NoDate.
func (d Date) String() string {
	if d == NoDate {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}
