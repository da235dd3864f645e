// Package broker carries events between nodes. [Bus] does it within one process,
// for an installation of one node and for tests of several; [Redis] between
// processes.
//
// Every broker passes the suite in brokertest.
package broker
