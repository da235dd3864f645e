package notify_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// judged is when somebody is mailed whose message is due at that moment.
func judged(t interface{ Fatalf(string, ...any) }, s notify.Standing, due time.Time) time.Time {
	s.Unread = []notify.Unread{{Conversation: trip, LastSeq: 1, Fresh: 1, FreshSeq: 1, FreshSince: due.Add(-s.District.Settings.MailDelay())}}
	switch v := notify.Judge(s, due); {
	case len(v.Parts) == 1:
		return due
	case v.Why == notify.WhyWaiting && v.Next.After(due):
		if then := notify.Judge(s, v.Next); len(then.Parts) != 1 {
			t.Fatalf("due at %v, but then the verdict is %+v", v.Next, then)
		}
		return v.Next
	default:
		t.Fatalf("the verdict is %+v", v)
	}
	return time.Time{}
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestQuietHoursPutAMailOffUntilTheyEnd(t *testing.T) {
	const newYork, madrid, lordHowe, cairo = "America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Africa/Cairo"
	for _, c := range []struct{ says, zone, from, until, due, mailed string }{
		{"before them", newYork, "21:00", "07:00", "2026-06-10T20:59:59-04:00", "2026-06-10T20:59:59-04:00"},
		{"as they begin", newYork, "21:00", "07:00", "2026-06-10T21:00:00-04:00", "2026-06-11T07:00:00-04:00"},
		{"after midnight", newYork, "21:00", "07:00", "2026-06-11T00:00:01-04:00", "2026-06-11T07:00:00-04:00"},
		{"as they end", newYork, "21:00", "07:00", "2026-06-11T07:00:00-04:00", "2026-06-11T07:00:00-04:00"},
		{"within a day", madrid, "13:30", "16:00", "2026-06-11T15:59:00+02:00", "2026-06-11T16:00:00+02:00"},
		{"until midnight", madrid, "22:00", "00:00", "2026-12-31T23:00:00+01:00", "2027-01-01T00:00:00+01:00"},
		{"from midnight", madrid, "00:00", "06:30", "2027-01-01T00:00:00+01:00", "2027-01-01T06:30:00+01:00"},
		{"over a leap day", newYork, "21:00", "07:00", "2028-02-28T23:00:00-05:00", "2028-02-29T07:00:00-05:00"},
		{"after a leap day", newYork, "21:00", "07:00", "2028-02-29T23:00:00-05:00", "2028-03-01T07:00:00-05:00"},
		{"both the same are none", newYork, "07:00", "07:00", "2026-06-11T07:00:00-04:00", "2026-06-11T07:00:00-04:00"},
		{"what is no time is none", newYork, "late", "07:00", "2026-06-11T03:00:00-04:00", "2026-06-11T03:00:00-04:00"},

		{"a night of nine hours", newYork, "21:00", "07:00", "2026-03-07T21:30:00-05:00", "2026-03-08T07:00:00-04:00"},
		{"a night of eleven", newYork, "21:00", "07:00", "2026-10-31T21:30:00-04:00", "2026-11-01T07:00:00-05:00"},
		{"in Madrid in spring", madrid, "21:00", "07:00", "2026-03-28T21:30:00+01:00", "2026-03-29T07:00:00+02:00"},
		{"in Madrid in autumn", madrid, "21:00", "07:00", "2026-10-24T21:30:00+02:00", "2026-10-25T07:00:00+01:00"},
		{"half an hour forward", lordHowe, "21:00", "07:00", "2026-10-03T21:30:00+10:30", "2026-10-04T07:00:00+11:00"},
		{"half an hour back", lordHowe, "21:00", "07:00", "2026-04-04T21:30:00+11:00", "2026-04-05T07:00:00+10:30"},
		{"their end is skipped", newYork, "21:00", "02:30", "2026-03-08T01:59:00-05:00", "2026-03-08T03:00:00-04:00"},
		{"their end is skipped by half an hour", lordHowe, "21:00", "02:10", "2026-10-04T01:59:00+10:30", "2026-10-04T02:30:00+11:00"},
		{"their beginning is skipped", newYork, "02:30", "05:00", "2026-03-08T03:00:00-04:00", "2026-03-08T05:00:00-04:00"},
		{"all of them are skipped", newYork, "02:10", "02:50", "2026-03-08T01:59:59-05:00", "2026-03-08T01:59:59-05:00"},
		{"all of them are skipped, after", newYork, "02:10", "02:50", "2026-03-08T03:00:00-04:00", "2026-03-08T03:00:00-04:00"},
		{"their end comes twice", newYork, "21:00", "01:30", "2026-11-01T01:10:00-04:00", "2026-11-01T01:30:00-04:00"},
		{"their end comes again", newYork, "21:00", "01:30", "2026-11-01T01:10:00-05:00", "2026-11-01T01:30:00-05:00"},
		{"they come twice", newYork, "01:10", "01:30", "2026-11-01T01:15:00-05:00", "2026-11-01T01:30:00-05:00"},
		{"midnight is skipped", cairo, "22:00", "00:30", "2026-04-23T23:00:00+02:00", "2026-04-24T01:00:00+03:00"},
		{"a day is skipped", "Pacific/Apia", "21:00", "07:00", "2011-12-29T22:00:00-10:00", "2011-12-31T07:00:00+14:00"},
	} {
		t.Run(c.says, func(t *testing.T) {
			s := standing()
			s.Preferences.TimeZone = c.zone
			s.Preferences.Quiet = &roster.Quiet{From: c.from, Until: c.until}
			if got, want := judged(t, s, instant(t, c.due)), instant(t, c.mailed); !got.Equal(want) {
				t.Errorf("due at %s, mailed at %s, not at %s", c.due, got.In(want.Location()), want)
			}
		})
	}
}

func TestQuietHoursAreOnesOwnElseTheDistricts(t *testing.T) {
	s := standing()
	s.District.Settings.Quiet = roster.Quiet{From: "20:00", Until: "08:00"}
	evening := instant(t, "2026-06-10T20:30:00-04:00")
	if got, want := judged(t, s, evening), instant(t, "2026-06-11T08:00:00-04:00"); !got.Equal(want) {
		t.Errorf("by the district's: %v", got)
	}
	s.Preferences.TimeZone = "America/Los_Angeles"
	if got := judged(t, s, evening); !got.Equal(evening) {
		t.Errorf("by the district's, where it is 17:30: %v", got)
	}
	s.Preferences.TimeZone = "Not/AZone"
	if got, want := judged(t, s, evening), instant(t, "2026-06-11T08:00:00-04:00"); !got.Equal(want) {
		t.Errorf("in a zone that nobody knows: %v", got)
	}
	s.Preferences = identity.Preferences{Quiet: &roster.Quiet{From: "20:00", Until: "21:00"}}
	if got, want := judged(t, s, evening), instant(t, "2026-06-10T21:00:00-04:00"); !got.Equal(want) {
		t.Errorf("by one's own: %v", got)
	}
	s.Preferences = identity.Preferences{Quiet: &roster.Quiet{}}
	if got := judged(t, s, evening); !got.Equal(evening) {
		t.Errorf("with none of one's own: %v", got)
	}
}

func TestWhoWantsOneMailADayIsMailedAtTheirHour(t *testing.T) {
	for _, c := range []struct {
		says, zone  string
		hour        int
		due, mailed string
	}{
		{"today", "Europe/Madrid", 17, "2026-06-10T16:59:59+02:00", "2026-06-10T17:00:00+02:00"},
		{"at the hour", "Europe/Madrid", 17, "2026-06-10T17:00:00+02:00", "2026-06-10T17:00:00+02:00"},
		{"tomorrow", "Europe/Madrid", 17, "2026-06-10T17:00:00.000001+02:00", "2026-06-11T17:00:00+02:00"},
		{"on another day than in UTC", "Australia/Lord_Howe", 7, "2026-06-10T21:30:00Z", "2026-06-11T20:30:00Z"},
		{"at midnight", "America/New_York", 0, "2026-06-10T12:00:00-04:00", "2026-06-11T00:00:00-04:00"},
		{"on a leap day", "America/New_York", 8, "2028-02-28T12:00:00-05:00", "2028-02-29T08:00:00-05:00"},
		{"a day of 23 hours", "America/New_York", 17, "2026-03-07T17:30:00-05:00", "2026-03-08T17:00:00-04:00"},
		{"a day of 25 hours", "America/New_York", 17, "2026-10-31T17:30:00-04:00", "2026-11-01T17:00:00-05:00"},
		{"the hour is skipped", "America/New_York", 2, "2026-03-08T00:30:00-05:00", "2026-03-08T03:00:00-04:00"},
		{"the hour was skipped", "America/New_York", 2, "2026-03-08T03:00:01-04:00", "2026-03-09T02:00:00-04:00"},
		{"the hour comes twice", "America/New_York", 1, "2026-11-01T00:30:00-04:00", "2026-11-01T01:00:00-04:00"},
		{"it comes again the same day", "America/New_York", 1, "2026-11-01T01:20:00-04:00", "2026-11-02T01:00:00-05:00"},
		{"midnight is skipped", "Africa/Cairo", 0, "2026-04-23T12:00:00+02:00", "2026-04-24T01:00:00+03:00"},
		{"a day is skipped", "Pacific/Apia", 8, "2011-12-29T09:00:00-10:00", "2011-12-31T00:00:00+14:00"},
	} {
		t.Run(c.says, func(t *testing.T) {
			s := standing()
			s.Preferences = identity.Preferences{TimeZone: c.zone, Mail: identity.MailDaily, DailyAt: c.hour}
			if got, want := judged(t, s, instant(t, c.due)), instant(t, c.mailed); !got.Equal(want) {
				t.Errorf("due at %s, mailed at %s, not at %s", c.due, got.In(want.Location()), want)
			}
		})
	}
}

func TestWhoWantsOneMailADayDoesNotWaitLonger(t *testing.T) {
	s := standing(mailed(trip, 3, 24*time.Hour-time.Second, time.Hour, 6)) // a second later than its hour, yesterday
	s.Preferences = identity.Preferences{TimeZone: "UTC", Mail: identity.MailDaily, DailyAt: 12}
	if got := notify.Judge(s, noon); len(got.Parts) != 1 || got.Parts[0].Step != 4 {
		t.Errorf("the verdict is %+v", got)
	}
}

func TestTheHourOfTheDayWaitsForTheEndOfQuietHours(t *testing.T) {
	s := standing()
	s.Preferences = identity.Preferences{
		TimeZone: "Europe/Madrid", Mail: identity.MailDaily, DailyAt: 6, Quiet: &roster.Quiet{From: "22:00", Until: "07:30"},
	}
	if got, want := judged(t, s, instant(t, "2026-06-10T09:00:00+02:00")), instant(t, "2026-06-11T07:30:00+02:00"); !got.Equal(want) {
		t.Errorf("mailed at %v", got)
	}
}

var zones = []string{
	"America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Africa/Cairo", "America/St_Johns", "Asia/Kathmandu",
	"America/Santiago", "Pacific/Chatham", "Africa/Casablanca", "UTC",
}

// anybody is somebody with quiet hours, somewhere, and a moment of theirs, often
// one near to a change of their clocks.
func anybody(t *rapid.T) (notify.Standing, time.Time) {
	zone := rapid.SampledFrom(zones).Draw(t, "zone")
	clock := func(name string) string {
		minute := rapid.OneOf(rapid.IntRange(0, 24*60-1), rapid.IntRange(0, 4*60)).Draw(t, name)
		return time.Time{}.Add(time.Duration(minute) * time.Minute).Format("15:04")
	}
	s := standing()
	s.Preferences.TimeZone = zone
	s.Preferences.Quiet = &roster.Quiet{From: clock("from"), Until: clock("until")}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 3*366*24*3600).Draw(t, "seconds")) * time.Second)
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	if _, change := at.In(loc).ZoneBounds(); !change.IsZero() && rapid.Bool().Draw(t, "near a change") {
		at = change.Add(time.Duration(rapid.Int64Range(-30*3600, 3*3600).Draw(t, "from the change")) * time.Second)
	}
	return s, at
}

// quietBy says by the words on the clock whether it is a quiet hour.
func quietBy(q roster.Quiet, at time.Time) bool {
	clock := at.Format("15:04")
	if q.From <= q.Until {
		return q.From <= clock && clock < q.Until
	}
	return q.From <= clock || clock < q.Until
}

func TestAMailComesAtTheFirstMomentThatIsNotQuiet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, due := anybody(t)
		got, quiet := judged(t, s, due).In(s.Location()), *s.Preferences.Quiet
		if quietBy(quiet, got) {
			t.Fatalf("mailed at %v, which is quiet", got)
		}
		for at := due.In(got.Location()); at.Before(got); at = at.Add(time.Minute) {
			if !quietBy(quiet, at) {
				t.Fatalf("mailed at %v, though %v was not quiet", got, at)
			}
		}
	})
}

func TestWhoWantsOneMailADayGetsNoTwo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, due := anybody(t)
		s.Preferences.Quiet = &roster.Quiet{}
		s.Preferences.Mail, s.Preferences.DailyAt = identity.MailDaily, rapid.IntRange(0, 23).Draw(t, "hour")
		first := judged(t, s, due)
		second := judged(t, s, first.Add(time.Microsecond))
		for _, at := range []time.Time{first, second} {
			local := at.In(s.Location())
			before := local.Add(-time.Second)
			if local.Hour() < s.Preferences.DailyAt || before.Day() == local.Day() && before.Hour() >= s.Preferences.DailyAt {
				t.Fatalf("mailed at %v", local)
			}
		}
		if y, m, d := first.In(s.Location()).Date(); slices.Equal([]int{y, int(m), d}, ymd(second.In(s.Location()))) {
			t.Fatalf("mailed at %v and at %v", first.In(s.Location()), second.In(s.Location()))
		}
		if gap := second.Sub(first); gap < 22*time.Hour || gap > 26*time.Hour || first.Sub(due) > 26*time.Hour {
			t.Fatalf("due at %v, mailed at %v and at %v", due, first, second)
		}
	})
}

func ymd(at time.Time) []int {
	y, m, d := at.Date()
	return []int{y, int(m), d}
}
