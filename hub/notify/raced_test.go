//go:build race

package notify_test

// The race detector makes runs in virtual time ten times longer: they are shorter
// with it. `make test` has them once more without.
const raced = true
