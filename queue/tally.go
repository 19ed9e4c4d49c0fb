package queue

import (
	"cloudconcepts/internal/arrival"
	"cloudconcepts/internal/des"
	"cloudconcepts/internal/stats"
)

// Counts are messages after the warm-up, by what became of them: Offered = Served + Rejected + Dropped + Expired +
// InSystem.
type Counts struct {
	Offered  int64 `json:"offered"`
	Accepted int64 `json:"accepted"`  // let in: all but the rejected
	Rejected int64 `json:"rejected"`  // refused at the door
	Dropped  int64 `json:"dropped"`   // thrown out of the line by drop-oldest or CoDel
	Expired  int64 `json:"expired"`   // thrown out by the discipline expire
	Served   int64 `json:"served"`    // to the end, the late ones too
	Late     int64 `json:"late"`      // served, but started after the deadline
	InSystem int64 `json:"in_system"` // at the end of the run
}

// tally is what is known of the messages of one kind.
type tally struct {
	Counts
	wait, sojourn stats.Histogram
	means         groups // of the wait
}

// run is what a simulation leaves behind for the result. Areas and departures are those of the window, from the arrival
// of the first counted message to the last arrival or the end of the duration.
type run struct {
	config     Config
	events     bool // computed event by event
	total      tally
	classes    []tally
	from, to   int64     // the window, ns
	end        int64     // of the last event, ns
	waiting    stats.Sum // messages waiting x ns
	busy       stats.Sum // servers busy x ns
	departures int64
	punctual   int64 // departures of messages that started in time
	blocked    int64 // ns for which the producer had to hold a message
	rows       []Row
	cutRows    bool
}

// window is its length in ns.
func (r *run) window() int64 { return max(r.to-r.from, 0) }

// start counts a message that starts after a wait, and ends before the end of the run or not.
func (t *tally) start(wait, work int64, ends, late bool) {
	t.wait.Add(wait)
	t.means.add(wait)
	if !ends {
		return
	}
	t.sojourn.Add(wait + work)
	t.Served++
	if late {
		t.Late++
	}
}

// started is how many messages began to be served.
func (t *tally) started() int64 { return int64(t.wait.Count()) }

// close finds those that are still there.
func (t *tally) close() {
	t.Accepted = t.Offered - t.Rejected
	t.InSystem = t.Accepted - t.Dropped - t.Expired - t.Served
}

// horizon is when a run ends whatever happens.
func horizon(c Config) int64 {
	if c.Duration > 0 {
		return int64(c.Duration)
	}
	return des.Forever
}

// lateAfter is the longest wait that is not late.
func lateAfter(c Config) int64 {
	if c.Deadline > 0 {
		return int64(c.Deadline)
	}
	return arrival.TooLate
}
