package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/page"
)

// writeFirst writes to some families of one's own, each alone and all together,
// and gives them.
func (p *person) writeFirst(ctx context.Context) ([]page.Family, error) {
	all, err := p.device.Families(ctx)
	if err != nil {
		return nil, fmt.Errorf("whom a teacher reaches: %w", err)
	}
	if len(all) == 0 {
		return nil, nil
	}
	p.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var recipients []page.Recipient
	for _, f := range all[:min(families, len(all))] {
		next := recipientsOf(f)
		if len(recipients)+len(next) > groupMembers {
			break
		}
		recipients = append(recipients, next...)
		p.families = append(p.families, f)
	}
	recipients = unique(recipients)
	for _, mode := range []string{"per_family", "together"} {
		s := page.Start{Key: uuid.New(), Side: "staff", Mode: mode, Subject: "Tomorrow", Body: p.words(), Recipients: recipients}
		if err := p.device.Start(ctx, s); err != nil {
			return nil, fmt.Errorf("the evening before, %s: %w", mode, err)
		}
	}
	started := p.device.Record.Take().Started
	if last := started[len(started)-1].Conversations; len(last) == 1 {
		p.group = last[0]
	}
	return p.families, nil
}

// unique leaves out who is there already.
func unique(recipients []page.Recipient) (out []page.Recipient) {
	seen := map[page.Recipient]bool{}
	for _, r := range recipients {
		if !seen[r] {
			seen[r] = true
			out = append(out, r)
		}
	}
	return out
}
