package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
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
	if slices.Min(in.limits) <= 0 {
		return lm.VM{}, fmt.Errorf("%w: --downtime-limit %v, want more than 0", lm.ErrInvalidConfig, slices.Min(in.limits))
	}
	vm, err := hypervisor.MemcachedVM()
	if err != nil {
		return vm, err
	}
	if in.set("memory") {
		vm.Memory = in.memory
	}
	vm.NonZero = min(vm.NonZero, vm.Memory)
	if in.curve != "" {
		vm.NonZero = vm.Memory
	}
	if in.set("nonzero") {
		vm.NonZero = in.nonZero
	}
	if in.curve != "" {
		vm.Workload, err = readCurve(in.curve, vm.NonZero)
	} else if curve, ok := vm.Workload.(lm.Empirical); ok {
		curve.Limit = vm.NonZero
		vm.Workload = curve
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
	published, err := hypervisor.MemcachedPredictions()
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

// predicted is every limit over links that span the table and what the limits
// take, and the link that each limit takes.
func (in realGuest) predicted(ctx context.Context, vm lm.VM, cells []cell, env study.Env) (migrationplot.Predicted, error) {
	points, borders := 600, 120
	if env.Quick {
		points, borders = 60, 30
	}
	p := migrationplot.Predicted{
		Guest:     fmt.Sprintf("%s guest, %s of it not zero, %v", units.FormatBytes(float64(vm.Memory)), units.FormatBytes(float64(vm.NonZero)), vm.Workload),
		Published: in.published(cells),
	}
	if curve, ok := vm.Workload.(lm.Empirical); ok {
		p.Curve = curve.Points
	}
	limits := slices.Sorted(slices.Values(in.limits))
	needs, err := in.needs(ctx, vm, limits)
	if err != nil {
		return p, err
	}
	low, high := slices.Min(in.bandwidths), slices.Max(append(needs, in.bandwidths...))
	low, high = min(low, high/4), max(high, 1.5*slices.Max(needs))
	for i, limit := range append(limits, 0) {
		sweep := migrationplot.LinkSweep{Limit: limit}
		if limit > 0 {
			sweep.Need = needs[i]
		}
		sweep.Results, err = par.Map(ctx, points, func(_ context.Context, k int) (lm.Result, error) {
			return lm.Simulate(in.config(vm, low*math.Pow(high/low, float64(k)/float64(points-1)), limit))
		})
		if err != nil {
			return p, err
		}
		p.Sweeps = append(p.Sweeps, sweep)
	}
	const longest = 2000 * time.Second // the longest limit there is
	span := logDurations(limits[0]/2, min(max(4*limits[len(limits)-1], 8*limits[0]), longest), borders)
	needs, err = in.needs(ctx, vm, span)
	for i, need := range needs {
		p.Border = append(p.Border, migrationplot.LinkNeed{Limit: span[i].Seconds(), Bandwidth: need})
	}
	return p, err
}

// needs are the bandwidths from which on the limits end.
func (in realGuest) needs(ctx context.Context, vm lm.VM, limits []time.Duration) ([]float64, error) {
	return par.Map(ctx, len(limits), func(_ context.Context, i int) (float64, error) { return in.need(vm, limits[i]) })
}

// need is the bandwidth from which on a limit ends, found by bisection between
// one that needs more than the predictor's hour for the first copy and one that
// copies all within the limit.
func (in realGuest) need(vm lm.VM, limit time.Duration) (float64, error) {
	low, high := float64(vm.NonZero)/4000+float64(vm.Memory)/3e7, math.Min(2*float64(vm.Memory)/limit.Seconds(), 1e15)
	for range 40 {
		middle := math.Sqrt(low * high)
		r, err := lm.Simulate(in.config(vm, middle, limit))
		if err != nil {
			return 0, err
		}
		if r.Outcome == lm.Converged {
			high = middle
		} else {
			low = middle
		}
	}
	return high, nil
}

// published are the published cells that the table asks for.
func (in realGuest) published(cells []cell) []hypervisor.Prediction {
	var list []hypervisor.Prediction
	for _, c := range cells {
		if c.Known {
			list = append(list, hypervisor.Prediction{Bandwidth: c.Bandwidth, Limit: time.Duration(c.Limit * 1e9), Total: c.Published})
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

// cellTable is a line for each link and a column for each limit, with the
// published cell in brackets, which the head says; the CSV has the numbers too.
func cellTable(cells []cell) study.Table {
	t := study.NewTable("link", "bandwidth_bytes_per_s")
	t.Columns[1].Hidden = true
	for _, c := range cells {
		if c.Bandwidth != cells[0].Bandwidth {
			break
		}
		name, words := "unlimited", "unlimited"
		if c.Limit > 0 {
			words = units.FormatSeconds(c.Limit)
			name = "limit_" + strings.ReplaceAll(words, " ", "_")
		}
		if c.Known {
			words += " (published)"
		}
		t.Columns = append(t.Columns, study.Column{Name: name, Header: words}, study.Column{Name: name + "_total_s", Hidden: true},
			study.Column{Name: name + "_published_s", Hidden: true}, study.Column{Name: name + "_downtime_s", Hidden: true})
	}
	perLink := (len(t.Columns) - 2) / 4
	for i := 0; i < len(cells); i += perLink {
		row := []any{bitRate(cells[i].Bandwidth), cells[i].Bandwidth}
		for _, c := range cells[i : i+perLink] {
			row = append(row, c.columns()...)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// columns are the cell in words, its total and published time and its pause.
func (c cell) columns() []any {
	words, total, published, pause := "never", any(nil), any(nil), any(nil)
	if c.Outcome == lm.Converged {
		words, total, pause = units.FormatSeconds(c.Total), c.Total, c.Downtime
	}
	switch {
	case c.Known && c.Published == 0:
		words += " (never)"
	case c.Known:
		words, published = words+" ("+units.FormatSeconds(c.Published)+")", c.Published
	}
	return []any{words, total, published, pause}
}

// bitRate writes bytes a second as bits.
func bitRate(b float64) string { return chart.BitRate(8 * b) }
