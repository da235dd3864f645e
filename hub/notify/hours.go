package notify

import "time"

const day = 24 * time.Hour

// hours are a reader's clock on the wall, with the span in which they are left
// alone.
type hours struct {
	zone        *time.Location
	from, until time.Duration // since midnight, as the clock shows it
}

// hours are the person's own, else the district's.
func (s Standing) hours() hours {
	h := hours{zone: s.Location()}
	quiet := s.District.Settings.Quiet
	if s.Preferences.Quiet != nil {
		quiet = *s.Preferences.Quiet
	}
	from, okFrom := minuteOf(quiet.From)
	until, okUntil := minuteOf(quiet.Until)
	if okFrom && okUntil {
		h.from, h.until = from, until
	}
	return h
}

// Location is the time zone of the reader, else that of the district.
func (s Standing) Location() *time.Location {
	if name := s.Preferences.TimeZone; name != "" && name != "Local" {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc
		}
	}
	return s.District.Settings.Location()
}

// minuteOf reads HH:MM.
func minuteOf(text string) (time.Duration, bool) {
	t, err := time.Parse("15:04", text)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err == nil
}

// quiet says whether the clock on the wall is within the span.
func (h hours) quiet(at time.Time) bool {
	clock := h.clock(at)
	if h.from <= h.until {
		return h.from <= clock && clock < h.until
	}
	return h.from <= clock || clock < h.until
}

// clock is what the clock on the wall shows, since midnight.
func (h hours) clock(at time.Time) time.Duration {
	at = at.In(h.zone)
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute +
		time.Duration(at.Second())*time.Second + time.Duration(at.Nanosecond())
}

// wake is the first moment from at on that is not quiet. The clock may be put
// forward over the end of the span, which then ends there, or back into it.
func (h hours) wake(at time.Time) time.Time {
	for h.quiet(at) {
		end := at.Add((h.until - h.clock(at) + day) % day)
		_, change := at.In(h.zone).ZoneBounds()
		if change.IsZero() || end.Before(change) {
			return end.UTC()
		}
		at = change
	}
	return at.UTC()
}

// daily is the first moment from at on at which the clock on the wall comes to
// an hour: once a day, also where the hour is skipped or comes twice.
func (h hours) daily(at time.Time, hour int) time.Time {
	local := at.In(h.zone)
	for next := 0; ; next++ {
		y, m, d := local.Date()
		wall := time.Date(y, m, d+next, hour, 0, 0, 0, time.UTC)
		if first := h.first(wall); !first.Before(at) {
			return first
		}
	}
}

// first is the first moment at which the clock on the wall shows wall (given as
// if it were UTC), or more.
func (h hours) first(wall time.Time) time.Time {
	at := wall.Add(-2 * day).In(h.zone) // no zone is further off
	for {
		_, offset := at.Zone()
		_, change := at.ZoneBounds()
		moment := wall.Add(-time.Duration(offset) * time.Second)
		if moment.Before(at) {
			moment = at
		}
		if change.IsZero() || moment.Before(change) {
			return moment.UTC()
		}
		at = change
	}
}
