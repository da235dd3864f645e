package main

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestNobodyHasTwoPagesOpenAtOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for n := range 1000 {
		before := time.Duration(-1)
		for _, v := range visitsOf(kind(n%3), drawOpening(r), r) {
			if v.from <= before || v.to < v.from || v.to > morning {
				t.Fatalf("a visit from %s to %s, after one until %s", v.from, v.to, before)
			}
			before = v.to
		}
	}
}

func TestRepliesAreAsTheStudyHasThem(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var within, long int
	var times []time.Duration
	const draws = 20_000
	for range draws {
		d := drawReply(r)
		times = append(times, d)
		if d < 24*time.Hour {
			within++
		}
		if drawWords(r) > 100 {
			long++
		}
	}
	slices.Sort(times)
	if median := times[draws/2]; median < 44*time.Minute || median > 50*time.Minute {
		t.Errorf("the median is %s", median)
	}
	if share := float64(within) / draws; share < 0.9 {
		t.Errorf("%.2f are within a day", share)
	}
	if share := float64(long) / draws; share < 0.25 || share > 0.35 {
		t.Errorf("%.2f have over 100 words", share)
	}
}

func TestSchoolsOpenWhenTheSurveySays(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var sum, late time.Duration
	const draws = 20_000
	for range draws {
		at := drawOpening(r)
		sum += at
		late = max(late, at)
	}
	// The survey's mean is 8:13.
	if mean := sum / draws; mean < 98*time.Minute || mean > 108*time.Minute || late >= morning {
		t.Errorf("%s after 6:30 on the average, and %s at the latest", mean, late)
	}
}
