// Package sqlite keeps everything in one SQLite file: the embedded default. It
// is a hub.Store, a roster.Store and an identity.Store in one.
//
// One connection writes, in immediate transactions with full durability; a
// small pool reads. The model is explained in migrations/, beside the tables.
// Start reading at db.go, then post.go.
package sqlite
