package web

import (
	"fmt"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// mailWords says which mails somebody will get, by what they chose and what the
// district decided.
func mailWords(v *visitor, a notify.Address) string {
	switch {
	case !v.district.Enabled:
		return v.lang.Say("mails_messaging_off")
	case v.prefs.Mail == identity.MailOff:
		return v.lang.Say("mails_off")
	case a.Email == "":
		return v.lang.Say("mails_no_address")
	case a.State != notify.AddressFine:
		return v.lang.Say("mails_" + string(a.State))
	}
	quiet := v.district.Settings.Quiet
	if v.prefs.Quiet != nil {
		quiet = *v.prefs.Quiet
	}
	if v.prefs.Mail == identity.MailDaily {
		return v.lang.Say("mails_daily", "time", dailyTime(v.prefs.DailyAt, quiet))
	}
	delay := span(v.lang, v.district.Settings.MailDelay())
	if noQuiet(quiet) {
		return v.lang.Say("mails_on", "delay", delay)
	}
	return v.lang.Say("mails_on_quiet", "delay", delay, "from", quiet.From, "until", quiet.Until)
}

// noQuiet says whether a span leaves nobody alone at any time.
func noQuiet(q roster.Quiet) bool { return q.From == q.Until }

// dailyTime is when a daily mail goes out: quiet hours push it to their end.
func dailyTime(hour int, q roster.Quiet) string {
	at := clockOf(hour) // HH:MM sort as they follow one another
	after, before := q.From <= at, at < q.Until
	if q.From < q.Until && after && before || q.From > q.Until && (after || before) {
		return q.Until
	}
	return at
}

func clockOf(hour int) string { return fmt.Sprintf("%02d:00", hour) }

// span is a length of time in the largest unit in which it is whole.
func span(lang *words.Language, d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d%day == 0:
		return lang.Count("span_days", int64(d/day))
	case d%time.Hour == 0:
		return lang.Count("span_hours", int64(d/time.Hour))
	}
	return lang.Count("span_minutes", int64(d/time.Minute))
}
