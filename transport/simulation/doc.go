// Package simulation holds the guarantees of several nodes in virtual time: real
// nodes (hub, hub/live, transport/socket) over pipes, one store in memory and
// one broker, all of which do what they do at the worst moment, and pages that
// do what the browser's do. A schedule is a seed.
//
//	make simulate SEEDS=5000      # from SEED on, default 1
//	make simulate SEED=4711       # one schedule, again
//
// A seed gives the same schedule of faults and acts again; how goroutines take
// turns within one instant is the scheduler's, and may differ.
//
// A page that is wrong prints all that it was told. The histories of some pages
// replay through the browser's own code in Node: see static/jstest/replay.test.js.
//
// Everything here is a test. Start reading at schedule_test.go. The files
// connection, merge, channels, readmark and inboxlist follow static/js line by
// line; page puts them together.
package simulation
