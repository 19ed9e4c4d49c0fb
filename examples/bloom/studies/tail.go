package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/lsm"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Tail asks how many bits per key keep the slow lookups of absent keys from the
// disk.
func Tail() study.Study {
	runs, hit := 5, 0.0
	bits := []float64{5, 8, 10, 12, 13, 14, 16, 18, 20}
	devices := []string{"nvme", "ssd", "hdd", "object-store"}
	return study.Study{
		Name:     "tail",
		Question: "When does looking up a key that is not there cost a disk read at P99?",
		Next:     "With 3 runs less memory is enough. What does a cache of the device's reads (`--cache-hit 90%`) do to P99?",
		Examples: []string{"--sorted-runs 3", "--devices hdd,nvme --cache-hit 90%", "--sorted-runs 20 --bits-per-key 10,14,16,18"},
		Flags: func(f *study.Flags) {
			f.Int(&runs, "sorted-runs", "runs that a lookup asks, each with a filter of its own")
			f.Fraction(&hit, "cache-hit", "share of the block reads that are served from memory")
			f.ChoiceList(&devices, "devices", "where the data lies", "nvme", "ssd", "hdd", "object-store")
			f.FloatList(&bits, "bits-per-key", "rows of the table, in bits per key")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if runs < 1 || runs > 64 || len(devices) == 0 || len(bits) == 0 || !(slices.Min(bits) >= 1) || !(slices.Max(bits) <= 22) {
				return study.Report{}, fmt.Errorf("%w: --sorted-runs = %d, --bits-per-key = %v, want in [1, 64], in [1, 22], and at least one device", bloom.ErrInvalidConfig, runs, bits)
			}
			var media []lsm.Medium
			for _, name := range devices {
				media = append(media, medium[name])
			}
			step, high := 0.1, 22.0
			if env.Quick {
				step, high = 0.5, 20
			}
			engine, err := bloomplot.SweepTail(ctx, lsm.Pebble(), runs, hit, media, and(stepped(4, high, 1), bits))
			if err != nil {
				return study.Report{}, err
			}
			ideal, err := bloomplot.SweepTail(ctx, lsm.Engine{}, runs, hit, media, and(stepped(4, high, step), bits, edges(runs, hit, 4, high)))
			if err != nil {
				return study.Report{}, err
			}
			rows := tailRows(bits, ideal, engine)
			cells, err := measuredEngine()
			return study.Report{
				Answer: cliffs(runs, hit, media, engine),
				Table:  study.Rows(rows).Head("independent_at_least_1_fraction", "independent: 1 read or more").Head("shared_at_least_1_fraction", "shared hash: 1 read or more"),
				Figure: bloomplot.Tail(runs, hit, ideal, engine, cells),
				Reading: "The mean hides it: a lookup of an absent key costs either nothing but a microsecond of filters, or a whole read. A quantile is therefore a cliff: " +
					"P99 falls off it where fewer than 1 % of the lookups read anything. Dashed: Pebble, which asks all filters with one hash of 32 bits: a key that passes one " +
					"passes others, and a few keys set so few bits that more memory hardly helps. The bars at the bottom right show that this, and not independence, is what " +
					"the engine does. Service times are assumptions, the shape is not.",
				Sources: []string{
					"Pebble v2.1.7: lookups counted through its filters, up to 2,000,000 a cell: bloom/lsm/testdata/pebble.csv; model: bloom/bloom.go of the engine",
					"cliff: go doc ./bloom/lsm CliffRate; device times: go doc ./bloom/lsm Media (assumptions)",
				},
				Notes:  []string{"Pebble's Get skips the filters of the last level, so a store that is fully compacted reads once for every absent key."},
				Config: tailConfig{runs, hit, media}, Result: rows,
			}, err
		},
	}
}

var medium = map[string]lsm.Medium{"nvme": lsm.NVMe(), "ssd": lsm.SATASSD(), "hdd": lsm.HDD(), "object-store": lsm.ObjectStore()}

type tailConfig struct {
	Runs     int          `json:"sorted_runs"`
	CacheHit float64      `json:"cache_hit_fraction"`
	Media    []lsm.Medium `json:"media"`
}

// tailRow is the reads of an absent key with one size of filters.
type tailRow struct {
	BitsPerKey     float64 `json:"bits_per_key"`
	Mean           float64 `json:"mean_reads"`
	AtLeast1       float64 `json:"independent_at_least_1_fraction"`
	P99            int     `json:"p99_reads"`
	P999           int     `json:"p99.9_reads"`
	SharedMean     float64 `json:"shared_mean_reads"`
	SharedAtLeast1 float64 `json:"shared_at_least_1_fraction"`
	SharedP99      int     `json:"shared_p99_reads"`
	SharedP999     int     `json:"shared_p99.9_reads"`
}

// tailRows are the points of those sizes.
func tailRows(bits []float64, ideal, engine []bloomplot.TailPoint) []tailRow {
	at := func(points []bloomplot.TailPoint, b float64) lsm.IODistribution {
		return points[slices.IndexFunc(points, func(p bloomplot.TailPoint) bool { return p.BitsPerKey == b })].Reads
	}
	var rows []tailRow
	for _, b := range bits {
		i, e := at(ideal, b), at(engine, b)
		rows = append(rows, tailRow{b, i.Mean(), i.AtLeast(1), i.Quantile(0.99), i.Quantile(0.999), e.Mean(), e.AtLeast(1), e.Quantile(0.99), e.Quantile(0.999)})
	}
	return rows
}

// cliffs answers with the bits per key from which on P99 reads nothing.
func cliffs(runs int, hit float64, media []lsm.Medium, engine []bloomplot.TailPoint) string {
	worst := slices.MaxFunc(media, func(a, b lsm.Medium) int { return int(a.Mean - b.Mean) })
	which := fmt.Sprintf("%d independent runs", runs)
	if runs == 1 {
		which = "one run"
	}
	text := fmt.Sprintf("With %s, below %.4g bits per key: there 1 %% of the lookups wait for a whole read (%s: about %s), above they wait for none; P99.9 needs %.4g",
		which, lsm.CliffBits(runs, hit, 0.99), strings.ReplaceAll(worst.Name, "object store", "an object store"), units.FormatDuration(worst.Mean), lsm.CliffBits(runs, hit, 0.999))
	if lsm.CliffBits(runs, hit, 0.99) == 0 {
		text = fmt.Sprintf("Never with %s and so many reads from memory: less than 1 %% of the lookups wait for the device even without filters; P99.9 needs %.4g bits per key", which, lsm.CliffBits(runs, hit, 0.999))
	}
	from := slices.IndexFunc(engine, func(p bloomplot.TailPoint) bool { return p.Reads.AtLeast(1) <= 0.01 })
	if from < 0 {
		last := engine[len(engine)-1]
		return text + fmt.Sprintf("; where all filters share one hash, as in Pebble, %.2g %% still read with %g bits per key.", 100*last.Reads.AtLeast(1), last.BitsPerKey)
	}
	return text + fmt.Sprintf("; where all filters share one hash, as in Pebble, P99 needs %g bits per key.", engine[from].BitsPerKey)
}

// edges are points on both sides of each cliff, which make it steep.
func edges(runs int, hit, low, high float64) []float64 {
	var xs []float64
	for _, q := range []float64{0.5, 0.99, 0.999} {
		if b := lsm.CliffBits(runs, hit, q); b > low+0.01 && b < high-0.01 {
			xs = append(xs, b-0.001, b+0.001)
		}
	}
	return xs
}

// and merges lists in rising order.
func and(lists ...[]float64) []float64 {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(lists...))))
}

func stepped(low, high, step float64) []float64 {
	var xs []float64
	for i := 0; low+float64(i)*step <= high+1e-9; i++ {
		xs = append(xs, math.Min(low+float64(i)*step, high))
	}
	return xs
}

// measuredEngine is what Pebble v2.1.7 was counted to do (bloom/lsm/testdata/
// pebble.csv), beside both models.
func measuredEngine() ([]bloomplot.EngineCell, error) {
	cells := []bloomplot.EngineCell{
		{Runs: 3, BitsPerKey: 10, Shares: []float64{0.96653, 0.03208, 1.19e-3, 2.03e-4}},
		{Runs: 3, BitsPerKey: 14, Shares: []float64{0.98853, 0.01026, 9.81e-4, 2.22e-4}},
	}
	for i := range cells {
		if err := cells[i].Solve(lsm.Pebble()); err != nil {
			return nil, err
		}
	}
	return cells, nil
}
