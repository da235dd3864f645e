package main

import (
	"fmt"
	"os"
	"time"
)

// pressure measures how much of the time something on this machine waited for a
// processor: what is shown late on a machine that is overwhelmed says little.
type pressure struct {
	since time.Time
	total time.Duration
	known bool
}

func startPressure() pressure {
	total, err := waited()
	return pressure{since: time.Now(), total: total, known: err == nil}
}

// share is from 0 to 1, and 0 where the kernel does not tell.
func (p pressure) share() float64 {
	total, err := waited()
	if err != nil || !p.known {
		return 0
	}
	return min(1, float64(total-p.total)/float64(time.Since(p.since)))
}

// waited is the kernel's own measure since it started.
func waited() (time.Duration, error) {
	content, err := os.ReadFile("/proc/pressure/cpu")
	if err != nil {
		return 0, err
	}
	var ten, sixty, more float64
	var micros int64
	_, err = fmt.Sscanf(string(content), "some avg10=%f avg60=%f avg300=%f total=%d", &ten, &sixty, &more, &micros)
	return time.Duration(micros) * time.Microsecond, err
}
