package main

import "testing"

func columnCases(t *testing.T) []rosterCase {
	f := lakeview(t)
	ended := f.with("classes.csv", "Algebra 1,09,c1,A1,scheduled,1,s1,\"f,sp\"", "Algebra 1,09,c1,A1,scheduled,1,s1,old").
		with("academicSessions.csv", "sp,,,Spring", "old,,,Last year,schoolYear,2025-08-01,2026-06-30,,2026\nsp,,,Spring")
	inactive := f.with("users.csv", "g3,,,true", "g3,inactive,,true").with("enrollments.csv", "e3,,", "e3,inactive,")
	accept := []string{"--accept-missing-columns"}
	return []rosterCase{
		{
			name: "email renamed", before: f, after: f.with("users.csv", ",email,", ",emails,"),
			status: 4, says: []string{`users.csv has no column email (the nearest header is "emails"); the last import had it. What is stored of it stays as it is.`, "--accept-missing-columns", "--forget-columns if it has no such column any more"},
		},
		{name: "email renamed, and accepted", before: f, after: f.with("users.csv", ",email,", ",eMail Address,"), args: accept, says: []string{`nearest header is "eMail Address"`}},
		{
			name: "the terms renamed", before: ended, after: ended.with("classes.csv", "termSourcedIds", "sessionSourcedIds"),
			status: 4, says: []string{`classes.csv has no column termSourcedIds (the nearest header is "sessionSourcedIds")`},
		},
		{name: "the terms renamed, and accepted", before: ended, after: ended.with("classes.csv", "termSourcedIds", "sessionSourcedIds"), args: accept},
		{name: "the status of people renamed", before: inactive, after: inactive.with("users.csv", "status", "recordStatus"), status: 4, says: []string{`users.csv has no column status (the nearest header is "recordStatus")`}},
		{name: "the status of people renamed, and accepted", before: inactive, after: inactive.with("users.csv", "status", "recordStatus"), args: accept},
		{name: "the status of enrollments renamed, and accepted", before: inactive, after: inactive.with("enrollments.csv", "status", "x"), args: accept, says: []string{"enrolments: ", "1 left out: they are not stored yet"}},
		{
			name: "the columns are all there are", before: inactive, after: inactive.with("enrollments.csv", "status", "x"), args: []string{"--forget-columns"},
			changes: []string{"+enrolment e3: a2 in k1 as student"},
		},
		{name: "a first import", after: f.with("users.csv", ",email,", ",emails,"), says: []string{`users.csv is imported for the first time, without: preferredGivenName, email (the nearest header is "emails").`}},
		{name: "a first import without what it needs", after: f.with("classes.csv", ",title,", ",name,"), status: 1, says: []string{"classes.csv has no column title", "nothing was changed"}},
		{name: "the classes of enrollments renamed", before: f, after: f.with("enrollments.csv", "classSourcedId", "sectionId"), status: 4, says: []string{`nearest header is "sectionId"`}},
		{name: "the classes of enrollments renamed, and accepted", before: f, after: f.with("enrollments.csv", "classSourcedId", "sectionId"), args: accept},
	}
}
