package main

import (
	"math"
	"math/rand/v2"
	"time"
)

// What people do on a morning. Each figure has its source, or is assumed; times
// are those of a real day, before they are pressed.

// morning is from 6:30 to 9:30, assumed: it holds the beginning of school with
// what goes before.
const morning = 3 * time.Hour

// opens is when school begins: the share of public schools (K–12, United States,
// 2020–21) that begin before or in each half hour. NCES, National Teacher and
// Principal Survey, table ntps2021_fl05_s12n; the ends are assumed to be 7:15 and
// 9:15.
var opens = []struct {
	share    float64
	from, to time.Duration // after 6:30
}{
	{0.045, 45 * time.Minute, 60 * time.Minute},
	{0.248, 60 * time.Minute, 90 * time.Minute},
	{0.375, 90 * time.Minute, 120 * time.Minute},
	{0.219, 120 * time.Minute, 150 * time.Minute},
	{0.113, 150 * time.Minute, 165 * time.Minute},
}

// habit is when somebody comes and how long a page of theirs stands open.
type habit struct {
	comes      float64       // share of people who look at all; assumed
	before     time.Duration // school begins, on the average; assumed
	spread     time.Duration // around that, standard deviation; assumed
	stays      time.Duration // on the average, falling off exponentially; assumed
	further    float64       // visits beside the first, on the average; assumed
	allMorning bool          // the page stays open until the end; assumed
}

// habits of each kind of people, all assumed: staff open a tab when they come to
// work and keep it, students open one on the school's device when lessons begin,
// guardians look at their phones while getting everybody ready.
var habits = map[kind]habit{
	staff:    {comes: 0.95, before: 30 * time.Minute, spread: 15 * time.Minute, allMorning: true},
	student:  {comes: 0.6, before: -5 * time.Minute, spread: 10 * time.Minute, stays: time.Hour},
	guardian: {comes: 0.7, before: 35 * time.Minute, spread: 25 * time.Minute, stays: 15 * time.Minute, further: 0.7},
}

const (
	// looksAtInbox and readsFor are the time on a page of each kind before going
	// on, on the average; assumed.
	looksAtInbox = 20 * time.Second
	readsFor     = 45 * time.Second
	// idles is the time between two looks of somebody with nothing to read; assumed.
	idles = 3 * time.Minute

	// A teacher's letters in a morning, assumed (ten a week is what vendors'
	// blogs name, without a study), and to whom they go.
	staffLetters = 2.0
	toNewFamily  = 0.2 // starts a conversation
	toGroup      = 0.3 // goes to the conversation with many families; the rest to one with a family

	// replies is the share of letters of others that somebody answers at all; assumed.
	replies = 0.3

	// The time to a reply: half within 47 minutes, most often 2 minutes (then
	// 90 % are within 8 hours; reported: within a day). Who has left by then
	// replies on a later day. Length: half within 43 words, most often 5 (then
	// 28 % have over 100; reported: 30 %). Kooti et al., "Evolution of
	// Conversations in the Age of Email Overload", WWW 2015, on 16 billion
	// e-mails of 2 million people; that both are log-normal is assumed.
	replyMedian, replyMode = 47 * time.Minute, 2 * time.Minute
	wordsMedian, wordsMode = 43.0, 5.0
	mostWords              = 1200

	// Evening before: each teacher has written to so many families, each of them
	// alone, and to all together; nobody has read it yet. Assumed.
	families     = 12
	groupMembers = 45 // at most: a district's limit is 50
)

// logNormal draws from the log-normal distribution with that median and mode.
func logNormal(r *rand.Rand, median, mode float64) float64 {
	return median * math.Exp(math.Sqrt(math.Log(median/mode))*r.NormFloat64())
}

func exponential(r *rand.Rand, mean time.Duration) time.Duration {
	return time.Duration(r.ExpFloat64() * float64(mean))
}

func drawOpening(r *rand.Rand) time.Duration {
	dice := r.Float64()
	for _, o := range opens {
		if dice < o.share {
			return o.from + time.Duration(r.Float64()*float64(o.to-o.from))
		}
		dice -= o.share
	}
	return opens[len(opens)-1].to
}

func drawReply(r *rand.Rand) time.Duration {
	return time.Duration(logNormal(r, float64(replyMedian), float64(replyMode)))
}

func drawWords(r *rand.Rand) int {
	return max(1, min(mostWords, int(logNormal(r, wordsMedian, wordsMode))))
}
