package studies

import (
	"context"
	"math"
	"time"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
)

const mebibit = (1 << 20) / 8 // the published table's Mb is 2^20 bit; bytes/s

// realGuest is a guest known by its measured dirty curve, and what is asked
// of it.
type realGuest struct {
	set             func(flag string) bool
	curve           string
	memory, nonZero int64
	bandwidths      []float64
	limits          []time.Duration
}

// cell is a migration of the table.
type cell struct {
	Bandwidth float64    `json:"bandwidth_bytes_per_s"`
	Limit     float64    `json:"limit_s"` // 0 = unlimited
	Outcome   lm.Outcome `json:"outcome"`
	Rounds    int        `json:"rounds"`
	Total     float64    `json:"total_s"`
	Downtime  float64    `json:"downtime_s"`
	Sent      int64      `json:"sent_bytes"`
	Published float64    `json:"published_s"` // whole seconds, 0 = never
	Known     bool       `json:"is_published"`
}

// vm is the measured memcached guest, or the user's.
func (in realGuest) vm() (lm.VM, error) {
	vm, err := lm.MemcachedVM()
	if err != nil {
		return vm, err
	}
	if in.set("memory") {
		vm.Memory = in.memory
	}
	if in.curve != "" {
		vm.NonZero = vm.Memory
	}
	if in.set("nonzero") {
		vm.NonZero = in.nonZero
	}
	if in.curve != "" {
		vm.Workload, err = readCurve(in.curve, vm.NonZero)
	}
	return vm, err
}

// config is a migration by the predictor's rule: rounds until the next fits,
// pages with a header of 8 bytes, and an hour at most. No limit is stop and copy.
func (in realGuest) config(vm lm.VM, bandwidth float64, limit time.Duration) lm.Config {
	m := lm.Plain(limit)
	m.PageHeader, m.MaxTime = 8, time.Hour
	if limit == 0 {
		m.Strategy = lm.Offline
	}
	return lm.Config{VM: vm, Link: lm.Wire(bandwidth), Method: m}
}

// cells is the table, with what was published beside it.
func (in realGuest) cells(ctx context.Context, vm lm.VM) ([]cell, error) {
	published, err := lm.MemcachedPredictions()
	if err != nil {
		return nil, err
	}
	limits := append(append([]time.Duration{}, in.limits...), 0)
	return par.Map(ctx, len(in.bandwidths)*len(limits), func(_ context.Context, i int) (cell, error) {
		bandwidth, limit := in.bandwidths[i/len(limits)], limits[i%len(limits)]
		r, err := lm.Simulate(in.config(vm, bandwidth, limit))
		c := cell{
			Bandwidth: bandwidth, Limit: limit.Seconds(), Outcome: r.Outcome, Rounds: r.Rounds, Total: r.Total, Downtime: r.Downtime, Sent: r.SentBytes,
		}
		for _, p := range published {
			if p.Bandwidth == bandwidth && p.Limit == limit && !in.own() {
				c.Published, c.Known = p.Total, true
			}
		}
		return c, err
	})
}

// own tells whether the guest is another than the published one.
func (in realGuest) own() bool { return in.curve != "" || in.set("memory") || in.set("nonzero") }

// sweeps is every limit over links that span the table.
func (in realGuest) sweeps(ctx context.Context, vm lm.VM, env study.Env) ([]migrationplot.LinkSweep, error) {
	points := 400
	if env.Quick {
		points = 40
	}
	low, high := math.Inf(1), 0.0
	for _, b := range in.bandwidths {
		low, high = math.Min(low, b), math.Max(high, b)
	}
	if low == high {
		low, high = low/2, high*2
	}
	limits := append(append([]time.Duration{}, in.limits...), 0)
	return par.Map(ctx, len(limits), func(_ context.Context, i int) (migrationplot.LinkSweep, error) {
		sweep := migrationplot.LinkSweep{Limit: limits[i]}
		for p := range points {
			b := low * math.Pow(high/low, float64(p)/float64(points-1))
			r, err := lm.Simulate(in.config(vm, b, limits[i]))
			if err != nil {
				return sweep, err
			}
			sweep.Results = append(sweep.Results, r)
		}
		return sweep, nil
	})
}

// published are the published cells that the table asks for.
func (in realGuest) published(cells []cell) []lm.Prediction {
	var list []lm.Prediction
	for _, c := range cells {
		if c.Known {
			list = append(list, lm.Prediction{Bandwidth: c.Bandwidth, Limit: time.Duration(c.Limit * 1e9), Total: c.Published})
		}
	}
	return list
}

// agreement counts the published cells, and those that come out.
func agreement(cells []cell) (same, known int) {
	for _, c := range cells {
		ours := 0.0
		if c.Outcome == lm.Converged {
			ours = math.Ceil(c.Total)
		}
		if c.Known {
			known++
		}
		if c.Known && ours == c.Published {
			same++
		}
	}
	return same, known
}

// cellTable prints what ended and what did not in words.
func cellTable(cells []cell) study.Table {
	t := study.NewTable("bandwidth", "limit", "outcome", "total_s", "published", "downtime_s", "rounds", "sent_bytes")
	for _, c := range cells {
		limit, published := "unlimited", ""
		if c.Limit > 0 {
			limit = chart.Seconds(c.Limit)
		}
		switch {
		case c.Known && c.Published == 0:
			published = "never"
		case c.Known:
			published = chart.Seconds(c.Published)
		}
		if c.Outcome != lm.Converged {
			t.Add(bitRate(c.Bandwidth), limit, "never ends", nil, published, nil, nil, nil)
			continue
		}
		t.Add(bitRate(c.Bandwidth), limit, c.Outcome.String(), c.Total, published, c.Downtime, c.Rounds, c.Sent)
	}
	return t
}

// bitRate writes bytes a second as bits, in the published table's units where
// they come out even.
func bitRate(b float64) string {
	if m := b / mebibit; m == math.Trunc(m) {
		return chart.Thousands(m) + " Mibit/s"
	}
	return chart.BitRate(8 * b)
}
