package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/homeline/homeline/hub/roster"
)

type districtList struct{ installation }

// Run lists the districts.
func (l districtList) Run(ctx context.Context, c console) error {
	school, closer, err := l.school(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	all, err := school.Districts(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SLUG\tNAME\tMESSAGING\tSETTINGS")
	for _, d := range all {
		messaging := "off"
		if d.Enabled {
			messaging = "on"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", d.Slug, d.Name, messaging, settingsLine(d.Settings))
	}
	return w.Flush()
}

// settingsLine says settings by the names of their flags.
func settingsLine(s roster.Settings) string {
	said := []string{
		"time-zone=" + s.TimeZone, "language=" + s.Language,
		fmt.Sprintf("recipient-limit=%d", s.RecipientLimit),
		fmt.Sprintf("mail-delay=%d", s.MailDelayMinutes), "mail-reveals=" + string(s.MailReveals),
	}
	if s.Quiet != (roster.Quiet{}) {
		said = append(said, "quiet-from="+s.Quiet.From, "quiet-until="+s.Quiet.Until)
	}
	if s.GuardiansAlways {
		said = append(said, "guardians-always")
	}
	if s.StudentsFrom != "" {
		said = append(said, "students-from="+s.StudentsFrom)
	}
	return strings.Join(said, " ")
}
