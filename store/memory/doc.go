// Package memory is a store that keeps everything in memory: for tests that
// need a whole store in virtual time, where a database would be real time and
// real files. It passes the conformance suite for conversations; of a roster it
// has what conversations need. Nothing in it is made to be fast or to last.
//
// It can be told to do what stores do at the worst moment: see [Fault].
//
// Start reading at store.go; post.go is the way of a message.
package memory
