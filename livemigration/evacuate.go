package livemigration

import (
	"math"

	"cloudconcepts/internal/check"
)

// Evacuation is the migration of many equal guests over one link.
type Evacuation struct {
	Makespan  float64 `json:"makespan_s"` // until the last has moved
	Downtime  float64 `json:"downtime_s"` // of each guest
	SentBytes int64   `json:"sent_bytes"` // of all
	Each      Result  `json:"-"`          // one of them
	Batches   int     `json:"batches"`
	Parallel  int     `json:"parallel"`
}

// Evacuate moves guests equal guests, parallel of them at a time, each with an
// equal share of the link. Equal guests that share the link equally end
// together, so the batches follow one another; a last batch that is not full
// gets larger shares. An outcome that is not a switch makes the makespan +Inf.
func Evacuate(c Config, guests, parallel int) (Evacuation, error) {
	v := checks{check.Of(ErrInvalidConfig)}
	check.Count(&v.List, "guests", guests, 1, 1_000_000)
	check.Count(&v.List, "parallel", parallel, 1, 1000)
	if !v.OK() {
		return Evacuation{}, v.Err()
	}
	e := Evacuation{Parallel: parallel}
	for left := guests; left > 0; left -= parallel {
		if e.Batches > 0 && left >= parallel {
			n := left / parallel
			e.addBatches(n, parallel)
			left -= (n - 1) * parallel
			continue
		}
		share := min(left, parallel)
		c.Link.Share = share
		r, err := Simulate(c)
		if err != nil {
			return Evacuation{}, err
		}
		if e.Batches == 0 {
			e.Each = r
		}
		e.add(r, share)
	}
	return e, nil
}

func (e *Evacuation) add(r Result, guests int) {
	e.Batches++
	e.Downtime = math.Max(e.Downtime, r.Downtime)
	e.SentBytes += r.SentBytes * int64(guests)
	e.Makespan += r.Total
	if r.Outcome == Diverged || r.Outcome == Aborted {
		e.Makespan = math.Inf(1)
	}
}

func (e *Evacuation) addBatches(n, guests int) {
	for range n {
		e.add(e.Each, guests)
	}
}
