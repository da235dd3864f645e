// Package roster holds who is who at the schools of a district, and who may
// write to whom.
//
// It is pure: no clock, no database, no files. [Facts] are what a store knows
// today, [Facts.Judge] says whether one person may write to another and why,
// [Compare] says what a new [Snapshot] would change.
//
// Start reading at person.go and judge.go.
package roster
