package main

import (
	"math/rand/v2"
	"slices"
	"time"
)

// kind is as what somebody is here.
type kind int

const (
	staff kind = iota
	student
	guardian
)

// visit is from when to when somebody has a page open, after 6:30.
type visit struct{ from, to time.Duration }

// visitsOf draws the visits of somebody whose school opens at a time; none where
// they do not look.
func visitsOf(k kind, opens time.Duration, r *rand.Rand) []visit {
	h := habits[k]
	if r.Float64() >= h.comes {
		return nil
	}
	number := 1
	for left := r.ExpFloat64(); h.further > 0 && left < h.further; left += r.ExpFloat64() {
		number++
	}
	var visits []visit
	for range number {
		from := opens - h.before + time.Duration(r.NormFloat64()*float64(h.spread))
		from = min(max(0, from), morning-time.Minute)
		to := morning
		if !h.allMorning {
			to = min(morning, from+exponential(r, h.stays))
		}
		visits = append(visits, visit{from, to})
	}
	slices.SortFunc(visits, func(a, b visit) int { return int(a.from - b.from) })
	return apart(visits)
}

// apart joins visits that meet: somebody has one device.
func apart(sorted []visit) []visit {
	out := sorted[:1]
	for _, v := range sorted[1:] {
		last := &out[len(out)-1]
		if v.from <= last.to {
			last.to = max(last.to, v.to)
			continue
		}
		out = append(out, v)
	}
	return out
}

// occupancy counts the pages that are open in each minute.
type occupancy [int(morning / time.Minute)]int

func (o *occupancy) add(visits []visit) {
	for _, v := range visits {
		for m := int(v.from / time.Minute); m < len(o) && time.Duration(m)*time.Minute < v.to; m++ {
			o[m]++
		}
	}
}

func (o *occupancy) peak() int { return slices.Max(o[:]) }
