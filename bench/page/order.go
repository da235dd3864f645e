package page

import "fmt"

// order watches that the events of a subscription keep what docs/protocol.md
// says: "every later message comes as an event, in the order of the numbers.
// There is no gap between answer and events; a message may come twice". The page
// would mend it; the record holds the server to it.
type order struct {
	subscribed bool
	last       int64
}

func (o *order) begin(last int64) { o.subscribed, o.last = true, last }

func (o *order) end() { o.subscribed = false }

// event says what is wrong with the number of an event, if anything is.
func (o *order) event(seq int64) string {
	if !o.subscribed || seq <= o.last {
		return ""
	}
	expected := o.last + 1
	o.last = seq
	if seq != expected {
		return fmt.Sprintf("the event after %d is %d", expected-1, seq)
	}
	return ""
}
