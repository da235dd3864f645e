package web

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// printView is what a conversation says on paper alone, as a record.
type printView struct {
	School, Started string
	Part            string // which of the letters these are, where not all
	All             string // the address of a page of all of them, where this is not it
}

func (s *Site) printed(ctx context.Context, v *visitor, c hub.Conversation, shown window) (printView, error) {
	school, err := s.schoolOf(ctx, v, c)
	if err != nil {
		return printView{}, err
	}
	p := printView{School: school, Started: v.moment(c.StartedAt).Full}
	if n := len(shown.messages); n > 0 && int64(n) < c.LastSeq {
		p.Part = v.lang.Say("print_part",
			"from", shown.messages[0].Seq, "to", shown.messages[n-1].Seq, "count", c.LastSeq)
		if !shown.print {
			p.All = conversationPath(c.ID) + "?print=1"
		}
	}
	return p, nil
}

// schoolOf is the school to which all staff of a conversation belong, else the
// district.
func (s *Site) schoolOf(ctx context.Context, v *visitor, c hub.Conversation) (string, error) {
	var staff []uuid.UUID
	for _, p := range c.Participants {
		if p.Staff() {
			staff = append(staff, p.Person.ID)
		}
	}
	facts, err := s.opts.Roster.Facts(ctx, v.district.ID, staff, v.now)
	if err != nil {
		return "", fmt.Errorf("school of the conversation: %w", err)
	}
	schools := map[uuid.UUID]bool{}
	for _, id := range staff {
		for _, r := range facts.People[id].Roles {
			if r.Role.Staff() {
				schools[r.Org] = true
			}
		}
	}
	for id := range schools {
		if school, ok := facts.Orgs[id]; ok && len(schools) == 1 && school.Type == typeSchool {
			return school.Name, nil
		}
	}
	return v.district.Name, nil
}

// typeSchool is the OrgType of a school in OneRoster.
const typeSchool = "school"
