// Package page is what a browser does with a page of Homeline, without the
// browser: the counterpart of static/js, file by file, with its times, its
// merging and its patience, and no cleverer. It knows docs/protocol.md and
// nothing of the program. What differs: it signs in with a token, and what a
// page has from its HTML it asks the JSON API for.
//
// Everything that a page was told goes into the [Record] of its device.
package page
