// Package browsertest opens the pages in a real browser, as the people of a
// small school: its tests go through what the product promises to them, with and
// without script, in every language, and let axe-core look at every page.
//
// school_test.go starts everything in this process on a store of its own, and
// window_test.go is a window of the browser with what a person does in one.
// Chromium has to be installed, and static/node_modules (npm ci in static).
package browsertest
