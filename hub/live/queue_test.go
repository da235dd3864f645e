package live

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAQueueGivesBackWhatItWasGivenInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		var want []frame
		for n := range rapid.IntRange(1, 200).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0, 1, 2:
				f := frame{bytes: make([]byte, n), inbox: rapid.Bool().Draw(t, "inbox")}
				q.push(f)
				want = append(want, f)
			case 3, 4:
				if len(want) == 0 {
					continue
				}
				if got := q.pop(); len(got.bytes) != len(want[0].bytes) {
					t.Fatalf("frame %d, not %d", len(got.bytes), len(want[0].bytes))
				}
				want = want[1:]
			case 5:
				q.dropInboxes()
				var rest []frame
				for _, f := range want {
					if !f.inbox {
						rest = append(rest, f)
					}
				}
				want = rest
			}
			bytes, inboxes := 0, 0
			for _, f := range want {
				bytes += len(f.bytes)
				if f.inbox {
					inboxes++
				}
			}
			if q.empty() != (len(want) == 0) || q.bytes != bytes || q.inboxes != inboxes {
				t.Fatalf("%+v, with %d waiting", q, len(want))
			}
		}
	})
}

func TestAQueueThatIsNeverEmptyDoesNotGrow(t *testing.T) {
	var q queue
	q.push(frame{})
	for range 10_000 {
		q.push(frame{})
		q.pop()
	}
	if cap(q.frames) > 16 {
		t.Errorf("room for %d frames", cap(q.frames))
	}
}
