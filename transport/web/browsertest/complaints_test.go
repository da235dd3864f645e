package browsertest

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
)

// listen keeps what the page complains of: errors of scripts, what the content
// security policy refused, what could not be loaded.
func (w *window) listen(event any) {
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			w.complain(fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		w.complain(text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			w.complain("console.error")
		}
	}
}

func (w *window) complain(problem string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, problem)
}

// expects says which complaints belong to a test.
func (w *window) expects(words ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = append(w.expected, words...)
}

// expectsOutage is for tests in which the server goes away.
func (w *window) expectsOutage() {
	w.expects("WebSocket connection to", "net::ERR_", "Failed to load resource")
}

func (w *window) report() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, problem := range w.problems {
		if !containsAny(problem, w.expected) {
			w.t.Errorf("the page complained: %s", problem)
		}
	}
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
