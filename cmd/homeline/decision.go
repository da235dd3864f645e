package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

// author is who decides something for a district.
type author struct {
	By string `help:"Who decided it; default the user who runs the command." placeholder:"NAME"`
}

// name is that of the flag, or of the user of this machine.
func (a author) name() (string, error) {
	if name := cmp.Or(a.By, os.Getenv("SUDO_USER")); name != "" {
		return name, nil
	}
	me, err := user.Current()
	if err != nil || me.Username == "" {
		return "", errors.New("--by: name who decided it, since the user who runs this command has no name")
	}
	return me.Username, nil
}

// untilDay is the day of a flag --until, which must be one to come.
func untilDay(text string, today roster.Date) (roster.Date, error) {
	until, err := roster.ParseDate(text)
	switch {
	case err != nil:
		return roster.NoDate, fmt.Errorf("--until: %w", err)
	case until != roster.NoDate && until <= today:
		return roster.NoDate, fmt.Errorf("--until: %s is not after today: it would never hold", until)
	}
	return until, nil
}

func untilInWords(until roster.Date) string {
	if until == roster.NoDate {
		return ""
	}
	return ", until " + until.String()
}

// ended is a further column of a list of all.
func ended(all bool, words string) string {
	if !all {
		return ""
	}
	return "\t" + words
}

// endInWords says when a row was ended and by whom, empty where it was not.
func endInWords(d roster.District, at time.Time, by string) string {
	if at.IsZero() {
		return ""
	}
	return strings.TrimSuffix(fmt.Sprintf("%s by %s", d.Today(at), by), " by ")
}

// oneLine keeps a text with line breaks in its row of a table.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
