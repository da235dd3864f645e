package inbound

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

// saidLines are lines that people write, and that read like something of a program's.
var saidLines = []string{
	"Yes.", "No", "ok", "👍", ":-)", "?", "✓", "1", "…", "He needs at school:", "> inhaler at 10", "> no peanuts", "--", "- one", "1) three", "a | b", "<3", ">> x",
	"From: 8:00", "To: 9:30", "Date: Friday", "Subject: the dentist", "De: lunes", "Fecha: 12/01/2026", "Tel: 555 0100", "Sent: yesterday", "From: my mother <g@example.org>",
	"On Monday 23 Nov, Dr Hart <hart@clinic.example> wrote:", "he may come back on Monday", "> and no sports", "Sent by post yesterday.", "Sent with Leo", "Best regards,", "Rosa Vega",
	"please sign the form by Thursday? I did.", "Thursday", "yes or no", "Dear Ms Ortiz,", "https://docs.example/other", "Is it at 7:45: or 8:00:", "My answers below:", "10:30 on 12/01/2026:",
	"Write to homeline@mg.school.example", "(homeline@mg.school.example)", "<rosa@example.org>", "Unsubscribe from school lunch?", "I did not find where to reply above this line.",
}

// saidBy is what somebody writes at random, with a last line of its own.
func saidBy(rng *rand.Rand) (lines []string) {
	for range 1 + rng.IntN(5) {
		lines = append(lines, saidLines[rng.IntN(len(saidLines))])
		if rng.IntN(3) == 0 {
			lines = append(lines, "")
		}
	}
	return append(lines, fmt.Sprint("That is all, ", rng.IntN(1000)))
}

// TestNoLineThatAPersonWritesIsLostWhereverItStands has people write at random above,
// below and within what any program quotes of our email.
func TestNoLineThatAPersonWritesIsLostWhereverItStands(t *testing.T) {
	const seed, replies = 7, 700
	rng := rand.New(rand.NewPCG(seed, seed))
	programs := quotings()
	for _, level := range []roster.Reveals{roster.RevealsNames, roster.RevealsSubject, roster.RevealsFull} {
		letter := writtenLetter(level)
		r := readingOf(t, letter)
		sent, err := testNotices(t).Write(letter)
		if err != nil {
			t.Fatal(err)
		}
		texts := []string{sent.Text, textOf(sent.HTML)}
		addresses := []string{"homeline@mg.school.example", testAddresses.Of(letter)}
		for range replies {
			q := programs[rng.IntN(len(programs))]
			announced, lines := q.of(sent, addresses[rng.IntN(2)], texts[rng.IntN(2)])
			at := []int{0, len(lines), 1 + rng.IntN(len(lines))}[rng.IntN(3)]
			above, within := saidBy(rng), saidBy(rng)
			if at == 0 { // all of it stands above
				above, within = append(above, within...), nil
			}
			mail := strings.Join(slices.Concat(above, []string{"", announced, ""}, lines[:at], []string{""}, within, []string{""}, lines[at:]), "\n")
			got := "\n" + r.visible(mail) + "\n"
			for _, line := range slices.Concat(above, within) {
				if !strings.Contains(got, "\n"+line+"\n") {
					t.Errorf("%s, %s: %q is lost in\n%s\nof\n%s", level, q.name, line, got, mail)
				}
			}
		}
	}
}
