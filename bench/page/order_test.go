package page

import "testing"

func TestAnEventThatLeavesOneOutIsNoticed(t *testing.T) {
	for name, test := range map[string]struct {
		events []int64
		wrong  bool
	}{
		"in order":        {[]int64{4, 5, 6}, false},
		"again":           {[]int64{4, 4, 3, 5}, false},
		"one left out":    {[]int64{4, 6}, true},
		"a gap at first":  {[]int64{5}, true},
		"nothing at all":  {nil, false},
		"back and a leap": {[]int64{4, 3, 6}, true},
	} {
		var o order
		o.begin(3)
		wrong := false
		for _, seq := range test.events {
			wrong = wrong || o.event(seq) != ""
		}
		if wrong != test.wrong {
			t.Errorf("%s: wrong is %t", name, wrong)
		}
	}
}

func TestEventsBeforeASubscriptionIsAnsweredBelongToTheOneBefore(t *testing.T) {
	var o order
	o.begin(3)
	o.end()
	if wrong := o.event(9); wrong != "" {
		t.Error(wrong)
	}
	o.begin(9)
	if wrong := o.event(10); wrong != "" {
		t.Error(wrong)
	}
}
