package broker

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestALongOutageIsSaidAtItsBeginningOnceAMinuteAndAtItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o outage
		if o.back() {
			t.Error("the first connection is called a return")
		}
		time.Sleep(time.Hour)
		said := 0
		for range 300 { // ten minutes
			if o.lost(false) {
				said++
			}
			time.Sleep(maxBackoff)
		}
		if said != 10 {
			t.Errorf("ten minutes were said %d times", said)
		}
		if !o.back() || o.back() {
			t.Error("the end is not said once")
		}
	})
}

func TestALossAfterASteadyConnectionIsSaidAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o outage
		for range 3 {
			if !o.lost(true) || !o.back() {
				t.Error("a loss and a return are not said")
			}
			time.Sleep(2 * steady)
		}
	})
}

// Connections that are made and bring nothing are replaced every few seconds.
func TestConnectionsThatComeAndGoAreSaidOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o outage
		said := 0
		for range 200 { // ten minutes
			if o.lost(false) {
				said++
			}
			if o.back() {
				said++
			}
			time.Sleep(3 * time.Second)
		}
		if said > 2*10 {
			t.Errorf("ten minutes were said %d times", said)
		}
	})
}
