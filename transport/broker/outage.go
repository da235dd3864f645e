package broker

import "time"

// sayAgain is how often it is said that the broker is away, while it lasts or
// while connections come and go.
const sayAgain = time.Minute

// outage decides what of a broker's losses and returns goes into the log. Of the
// goroutine that keeps the connection.
type outage struct {
	said time.Time // that it is away; zero if never
	open bool      // its end has not been said
}

// lost says whether to log a loss; steady, that the connection had been good.
func (o *outage) lost(steady bool) bool {
	if !steady && !o.said.IsZero() && time.Since(o.said) < sayAgain {
		return false
	}
	o.said, o.open = time.Now(), true
	return true
}

// back says whether to log a return.
func (o *outage) back() bool {
	open := o.open
	o.open = false
	return open
}
