// Package oneroster reads rosters as OneRoster 1.1 and 1.2 CSV, a folder or a
// zip, into a [roster.Snapshot], with a [Report] of every row that was refused
// or mended.
//
// Files come from whoever has the vendor's account, and are read as if a
// stranger had made them: nothing is unpacked to disk, everything has a limit
// (limits.go), and what is not understood is named and takes nothing from
// anybody (R24). Passwords and user profiles are never looked at.
//
// docs/importing.md says which file and column is read, and what is refused and
// mended. Start reading at source.go and read.go.
package oneroster
