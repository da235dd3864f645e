package words

import (
	"strconv"
	"time"
)

// Moment is an instant in words, in the reader's zone.
type Moment struct {
	ISO      string // RFC 3339 in UTC, for <time datetime>
	Relative string // 12 minutes ago; empty where it is more than a day ago
	Exact    string // Tue 14 Oct, 15:20; with the year where it is not this one
	Full     string // with year and zone, for records
}

// Said is what stands first: relative for a day, then exact.
func (m Moment) Said() string {
	if m.Relative != "" {
		return m.Relative
	}
	return m.Exact
}

// Moment says t for somebody who reads it now, in the zone loc.
func (l *Language) Moment(t, now time.Time, loc *time.Location) Moment {
	t, now = t.In(loc), now.In(loc)
	m := Moment{ISO: t.UTC().Format(time.RFC3339), Relative: l.ago(now.Sub(t)), Exact: l.exact(t, "time_exact")}
	if t.Year() != now.Year() {
		m.Exact = l.exact(t, "time_exact_year")
	}
	m.Full = l.Say("time_zone", "time", l.exact(t, "time_exact_year"), "zone", t.Format("MST"))
	return m
}

func (l *Language) ago(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return ""
	case d >= time.Hour:
		return l.Count("js_hours_ago", int64(d/time.Hour))
	case d >= time.Minute:
		return l.Count("js_minutes_ago", int64(d/time.Minute))
	}
	return l.Say("js_just_now") // clocks of nodes differ: a little in the future is now
}

func (l *Language) exact(t time.Time, key string) string {
	return l.Say(key,
		"weekday", l.Say("weekday_short_"+strconv.Itoa(int(t.Weekday()))),
		"day", t.Day(),
		"month", l.Say("month_short_"+strconv.Itoa(int(t.Month()))),
		"year", t.Year(),
		"time", t.Format("15:04"))
}

// Day says the day of t as one says it today: 15:20 for today, Tuesday within
// the week, else 14 Oct or 14 Oct 2025.
func (l *Language) Day(t, now time.Time, loc *time.Location) string {
	t, now = t.In(loc), now.In(loc)
	days := daysBetween(t, now)
	switch {
	case days <= 0:
		return t.Format("15:04")
	case days < 7:
		return l.Say("weekday_" + strconv.Itoa(int(t.Weekday())))
	}
	return l.Date(t.Year(), t.Month(), t.Day(), now.Year())
}

// Date says a day of the calendar, with its year where that is not thisYear.
func (l *Language) Date(year int, month time.Month, day, thisYear int) string {
	key := "date"
	if year != thisYear {
		key = "date_year"
	}
	return l.Say(key, "day", day, "month", l.Say("month_short_"+strconv.Itoa(int(month))), "year", year)
}

func daysBetween(a, b time.Time) int {
	midnight := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(b).Sub(midnight(a)) / (24 * time.Hour))
}
