package store

import (
	"fmt"

	"cloudconcepts/internal/stats"
)

// Result is what happened to a store. Times are in seconds.
type Result struct {
	Config Config `json:"config"`

	Writes        int64 `json:"writes"`         // = acked + failed + refused + pending
	WritesAcked   int64 `json:"writes_acked"`   // W replicas had it in time
	WritesFailed  int64 `json:"writes_failed"`  // timed out; what arrived stays
	WritesRefused int64 `json:"writes_refused"` // fewer than W replicas were up: not tried
	WritesPending int64 `json:"writes_pending"` // under way when MaxEvents ended the run
	Reads         int64 `json:"reads"`          // = done + failed + refused + pending
	ReadsDone     int64 `json:"reads_done"`
	ReadsFailed   int64 `json:"reads_failed"`
	ReadsRefused  int64 `json:"reads_refused"`
	ReadsPending  int64 `json:"reads_pending"`

	// StaleReads returned something older than the newest version that had been acknowledged when they began.
	StaleReads        int64   `json:"stale_reads"`
	StaleFraction     float64 `json:"stale_fraction"`      // of the reads done
	StaleVersionsMean float64 `json:"stale_versions_mean"` // acknowledged versions that a stale read missed (of the last 256)
	StaleVersionsMax  int64   `json:"stale_versions_max"`
	StaleMean         float64 `json:"stale_mean_s"` // since the first of them was acknowledged
	StaleP99          float64 `json:"stale_p99_s"`
	// Inversions are reads that returned an older version than another read had that was over when they began: no single
	// copy does that. InFlightInversions are those of them that were not stale: the newer version was still being written, one
	// reader saw it and the next did not. They are what R + W > N does not prevent.
	Inversions         int64 `json:"inversions"`
	InFlightInversions int64 `json:"in_flight_inversions"`

	ReadMean  float64 `json:"read_mean_s"`
	ReadP99   float64 `json:"read_p99_s"`
	ReadP999  float64 `json:"read_p999_s"`
	WriteMean float64 `json:"write_mean_s"`
	WriteP99  float64 `json:"write_p99_s"`
	WriteP999 float64 `json:"write_p999_s"`

	RepairsSent     int64   `json:"repairs_sent"` // to replicas, by reads
	HintsStored     int64   `json:"hints_stored"` // = replayed + pending + lost
	HintsReplayed   int64   `json:"hints_replayed"`
	HintsPending    int64   `json:"hints_pending"`
	HintsLost       int64   `json:"hints_lost"`       // with the spare that held them (Wipe)
	HintsRefused    int64   `json:"hints_refused"`    // the replica had been down for longer than the window
	Levelled        int64   `json:"levelled"`         // copies brought up to date by anti-entropy
	MessagesLost    int64   `json:"messages_lost"`    // arrived at a replica that was down
	Crashes         int64   `json:"crashes"`          // outages included
	DivergentCopies int64   `json:"divergent_copies"` // copies at home replicas older than their key's newest acknowledged version, at the end
	LostWrites      int64   `json:"lost_writes"`      // keys whose newest acknowledged version no home replica has, nor a newer one, at the end
	Events          int64   `json:"events"`
	Warnings        []error `json:"-"`
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%d writes, %d acknowledged; %d reads, %.3g %% stale, %d inversions; read %.4g s p99, write %.4g s p99; %d copies behind at the end",
		r.Writes, r.WritesAcked, r.Reads, 100*r.StaleFraction, r.Inversions, r.ReadP99, r.WriteP99, r.DivergentCopies)
}

// tallies are what the run collects besides the counters of the result.
type tallies struct {
	read, write, age stats.Histogram // ns
	missed           int64
}

func (s *store) finish() Result {
	r := s.result
	r.Config = s.c
	if r.ReadsDone > 0 {
		r.StaleFraction = float64(r.StaleReads) / float64(r.ReadsDone)
	}
	if r.StaleReads > 0 {
		r.StaleVersionsMean = float64(s.missed) / float64(r.StaleReads)
	}
	r.StaleMean, r.StaleP99 = s.age.Mean()*1e-9, s.age.Quantile(0.99)*1e-9
	r.ReadMean, r.ReadP99, r.ReadP999 = times(&s.read)
	r.WriteMean, r.WriteP99, r.WriteP999 = times(&s.write)
	for i := range s.hints {
		r.HintsPending += int64(s.hints[i].Len())
	}
	r.HintsPending += s.hintsUnderWay
	for _, o := range s.ops {
		if o.open && o.write {
			r.WritesPending++
		} else if o.open {
			r.ReadsPending++
		}
	}
	s.compare(&r)
	if s.result.Events >= s.c.MaxEvents {
		r.Warnings = append(r.Warnings, fmt.Errorf("store: the run ended at %d events (MaxEvents), %v after its start", r.Events, s.clock()))
	}
	if r.WritesRefused+r.ReadsRefused > 0 {
		r.Warnings = append(r.Warnings, fmt.Errorf("store: %d writes and %d reads refused: too few replicas were up", r.WritesRefused, r.ReadsRefused))
	}
	return r
}

func times(h *stats.Histogram) (mean, p99, p999 float64) {
	return h.Mean() * 1e-9, h.Quantile(0.99) * 1e-9, h.Quantile(0.999) * 1e-9
}

// compare looks at what the home replicas have at the end.
func (s *store) compare(r *Result) {
	for key := range s.c.Keys {
		want, best := s.keys[key].committed, int64(0)
		for node := range s.c.N {
			v := s.copies[node*s.c.Keys+key]
			best = max(best, v)
			if v < want {
				r.DivergentCopies++
			}
		}
		if best < want {
			r.LostWrites++
		}
	}
}
