package roster

import "strings"

// reasons are the verdicts that refuse, in English.
var reasons = map[Code]string{
	NotYourself:    "that is the sender",
	NoSuchPerson:   "no such person in this district",
	PersonGone:     "no longer on the roster",
	NotTied:        "neither that student nor a guardian of theirs",
	Barred:         "the district keeps this guardian from this student",
	TooYoung:       "students of this grade are not written to in this district",
	NoGuardian:     "this student has no active guardian, and guardians are always in a conversation with a student in this district",
	StudentAlone:   "a student is not written to alone: no guardian of theirs is among the recipients",
	NoReach:        "no role and no section of the sender reaches this student today",
	NotStaff:       "the sender has no role of staff today",
	NotFamily:      "the sender is no student and nobody's guardian",
	StaffToStaff:   "staff do not write to each other",
	NotTeacherNow:  "does not teach this student today",
	NotYourStudent: "not a student of the sender's family",
}

// String says the verdict in English, for logs, commands and integrators: for
// example "allowed: Algebra 1, period 3, until 20 December", where the day is
// Until, the first on which the reason no longer holds. Pages translate by Code.
func (v Verdict) String() string {
	if !v.Allowed {
		return "refused: " + reasons[v.Code]
	}
	var why []string
	if v.Code == ByGrant {
		why = append(why, "access given by the district")
	}
	if v.Org != "" {
		why = append(why, v.Org)
	}
	if v.Section != "" {
		why = append(why, v.Section)
	}
	if v.Period != "" {
		why = append(why, periodInWords(v.Period))
	}
	if v.Until != NoDate {
		why = append(why, "until "+v.Until.Time().Format("2 January"))
	}
	return strings.TrimSuffix("allowed: "+strings.Join(why, ", "), ": ")
}

func periodInWords(period string) string {
	if strings.HasPrefix(strings.ToLower(period), "period") {
		return period
	}
	return "period " + period
}
