// Package postgres keeps everything in PostgreSQL 15 or newer, for any number
// of nodes. It implements hub.Store, roster.Store and identity's stores; start
// reading at db.go, then post.go.
//
// The tables are made by [Migrate], as their owner; the program opens them with
// [Open] as a role that owns nothing. What is never changed (R8, R9) is refused
// by privileges and by triggers, and [Store.Verify] finds what an owner did.
package postgres
