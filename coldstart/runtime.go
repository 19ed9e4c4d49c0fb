package coldstart

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudconcepts/internal/des"
)

// Runtime names measured times of INIT and of the first call, of a "hello world" with 1,024 MB: "java21-zip-x86". Empty is none.
// See Runtimes for all.
//
// Source: lambda-perf by Maxime David (github.com/maxday/lambda-perf, Apache License 2.0), commit 6070b79 of 2026-08-22, all
// days from 2026-07-01 to 2026-08-22 pooled, about 500 cold starts each. Init is the Init Duration that Lambda reports:
// sandbox and download are not in it, so that it is less than what a client sees. It does not depend on the memory.
type Runtime string

// lambdaPerf has a row for each runtime: mean of init; its least value, percentiles 1, 5, 25, 50, 75, 90, 95, 99 and greatest
// value, as far as known; the standard deviation of its logarithm; the mean time of the first call. In ms.
//
//go:embed runtimes.csv
var lambdaPerf string

// memoryEffect has the mean init and first call of some runtimes for four sizes. In ms.
//
//go:embed memory.csv
var memoryEffect string

// RuntimeStats are the numbers of a preset, in seconds.
type RuntimeStats struct {
	Runtime   Runtime   `json:"runtime"`
	Mean      float64   `json:"mean_s"`
	LogSD     float64   `json:"log_sd"`       // standard deviation of ln(init)
	FirstCall float64   `json:"first_call_s"` // mean, 1,024 MB
	Shares    []float64 `json:"shares"`       // of the knots below
	Times     []float64 `json:"times_s"`      // the quantiles of init at the shares
	// Published tells whether all knots are. Of the other rows only the mean and percentiles 50, 90, 95 and 99 are: the least
	// value and percentile 25 are put where they lie on average in the rows with all, percentile 75 where the mean wants it.
	Published bool `json:"published"`
}

// Runtimes are all presets, by name.
func Runtimes() []RuntimeStats {
	rows := table(lambdaPerf)
	list := make([]RuntimeStats, len(rows))
	for i, row := range rows {
		list[i] = statsOf(row)
	}
	return list
}

// Stats are the numbers of the preset.
func (r Runtime) Stats() (RuntimeStats, error) {
	all := Runtimes()
	if i := slices.IndexFunc(all, func(s RuntimeStats) bool { return s.Runtime == r }); i >= 0 {
		return all[i], nil
	}
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = string(s.Runtime)
	}
	return RuntimeStats{}, fmt.Errorf("runtime %q, want one of %s", string(r), strings.Join(names, ", "))
}

// Quantile is that of init, in seconds, by straight lines between the knots.
func (s RuntimeStats) Quantile(p float64) float64 {
	i := 1
	for i < len(s.Shares)-1 && p > s.Shares[i] {
		i++
	}
	low, high := s.Shares[i-1], s.Shares[i]
	part := min(max((p-low)/(high-low), 0), 1)
	return s.Times[i-1] + part*(s.Times[i]-s.Times[i-1])
}

// MemoryPoint is what one size of environment does to a runtime, in seconds.
type MemoryPoint struct {
	MemoryMB  int     `json:"memory_mb"`
	Init      float64 `json:"init_mean_s"`
	FirstCall float64 `json:"first_call_mean_s"`
}

// MemoryEffect are measured means for 128, 256, 512 and 1,024 MB, of the source above; nil for runtimes without.
func (r Runtime) MemoryEffect() (list []MemoryPoint) {
	for _, row := range table(memoryEffect) {
		if row[0] == string(r) {
			x := numbers(row[1:])
			list = append(list, MemoryPoint{int(x[0]), x[1] / 1e3, x[2] / 1e3})
		}
	}
	return list
}

// FirstCall is the mean time of the first call for a size: what was measured, by straight lines between the logarithms; beyond
// it, and for runtimes without such a table, in inverse proportion to the size up to one vCPU.
func (r Runtime) FirstCall(memoryMB int) (time.Duration, error) {
	s, err := r.Stats()
	if err != nil {
		return 0, err
	}
	points := r.MemoryEffect()
	if len(points) == 0 {
		points = []MemoryPoint{{1024, 0, s.FirstCall}}
	}
	m := float64(min(max(memoryMB, 1), vCPU))
	first, last := points[0], points[len(points)-1]
	if m <= float64(first.MemoryMB) {
		return inverse(first, m), nil
	}
	for i, b := range points[1:] {
		a := points[i]
		if m > float64(b.MemoryMB) {
			continue
		}
		part := math.Log(m/float64(a.MemoryMB)) / math.Log(float64(b.MemoryMB)/float64(a.MemoryMB))
		return time.Duration(des.Nanoseconds(a.FirstCall * math.Pow(b.FirstCall/a.FirstCall, part))), nil
	}
	return inverse(last, m), nil
}

func inverse(p MemoryPoint, memory float64) time.Duration {
	return time.Duration(des.Nanoseconds(p.FirstCall * float64(p.MemoryMB) / memory))
}

// table reads an embedded file without its header.
func table(text string) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	rows, _ := r.ReadAll() // tested
	return rows[1:]
}

// numbers are those of the fields, NaN for empty ones.
func numbers(fields []string) []float64 {
	list := make([]float64, len(fields))
	for i, f := range fields {
		x, err := strconv.ParseFloat(f, 64)
		if err != nil {
			x = math.NaN()
		}
		list[i] = x
	}
	return list
}

// statsOf reads a row, and puts in what it lacks.
func statsOf(row []string) RuntimeStats {
	x := numbers(row[1:])
	s := RuntimeStats{Runtime: Runtime(row[0]), Mean: x[0] / 1e3, LogSD: x[11], FirstCall: x[12] / 1e3, Published: !math.IsNaN(x[1])}
	shares := []float64{0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1}
	if s.Published {
		s.Shares, s.Times = shares, x[1:11]
	} else {
		s.Shares, s.Times = slices.Delete(shares, 1, 3), slices.Delete(slices.Clone(x[1:11]), 1, 3)
		s.fill(x[0], strings.Contains(row[0], "-image-"))
	}
	for i := range s.Times {
		s.Times[i] /= 1e3
	}
	return s
}

// fill puts in the least value, percentiles 25 and 75 and the greatest value (times 0, 1, 3 and 7), in ms.
func (s *RuntimeStats) fill(mean float64, image bool) {
	t := s.Times
	least, quarter := 0.73, 0.955
	if image {
		least, quarter = 0.61, 0.87
	}
	t[0], t[1], t[3], t[7] = least*t[2], quarter*t[2], 0, 1.25*t[6]
	sum := 0.0
	for i := 1; i < len(t); i++ {
		sum += (s.Shares[i] - s.Shares[i-1]) * (t[i] + t[i-1]) / 2
	}
	weight := (s.Shares[4] - s.Shares[2]) / 2
	t[3] = min(max((mean-sum)/weight, t[2]), t[4])
}

// initTable is a runtime ready for drawing.
type initTable struct {
	stats     RuntimeStats
	firstCall int64
}

func newInitTable(r Runtime, memoryMB int) initTable {
	if r == "" {
		return initTable{}
	}
	s, _ := r.Stats() // Validate has looked
	first, _ := r.FirstCall(memoryMB)
	return initTable{s, int64(first)}
}

func (t *initTable) draw(r *rand.Rand) int64 {
	if len(t.stats.Shares) == 0 {
		return 0
	}
	return int64(t.stats.Quantile(r.Float64())*1e9 + 0.5)
}
