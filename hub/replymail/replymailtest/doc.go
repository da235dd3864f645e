// Package replymailtest holds what replies by mail do in a whole school: apart
// from what they are made of, so that its fuzzers start at once.
package replymailtest
