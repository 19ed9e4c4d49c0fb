package studies

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/bloom/lsm"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Allocation divides the filter memory of an LSM tree among its levels.
func Allocation() study.Study {
	tree := lsm.Tree{SizeRatio: 10, Levels: 5, Policy: lsm.Levelling}
	keys, bits, lookups, policy := int64(200_000), 10.0, 400_000, "levelling"
	var given func(string) bool
	return study.Study{
		Name:     "allocation",
		Question: "Where should a database put its filter memory?",
		Next:     "Halve the memory: what remains of the gain? With `--bits-per-key 0.4` the largest level loses its filter; with `--policy lazy` the gain is largest.",
		Examples: []string{"--bits-per-key 5", "--policy tiering --size-ratio 4 --levels 3", "--bits-per-key 0.4", "--policy lazy"},
		Flags: func(f *study.Flags) {
			given = f.Changed
			f.Float(&bits, "bits-per-key", "filter memory, as a mean over all keys")
			f.Float(&tree.SizeRatio, "size-ratio", "how many times as many keys each level holds")
			f.Int(&tree.Levels, "levels", "levels of the tree")
			f.Choice(&policy, "policy", "how runs are merged", "levelling", "tiering", "lazy")
			f.Count(&keys, "keys", "keys in all levels")
			f.Int(&lookups, "lookups", "lookups of absent keys in each simulation")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			n := lookups
			if env.Quick && !given("lookups") {
				n /= 10
			}
			if !(bits >= 0.01 && bits <= 50) || keys > 50_000_000 {
				return study.Report{}, fmt.Errorf("%w: --bits-per-key = %g, --keys = %d, want in [0.01, 50] and at most 50,000,000", bloom.ErrInvalidConfig, bits, keys)
			}
			tree.Keys = float64(keys)
			if err := tree.Policy.UnmarshalText([]byte(policy)); err != nil {
				return study.Report{}, err
			}
			s, err := shareOut(ctx, env, tree, bits, n)
			if err != nil {
				return study.Report{}, err
			}
			rows := s.Levels()
			return study.Report{
				Answer: whereTo(s, rows),
				Table: study.Rows(rows).Head("uniform_bits_per_key", "uniform: bits/key").Head("uniform_fpr_fraction", "false positives").
					Head("monkey_bits_per_key", "Monkey: bits/key").Head("monkey_fpr_fraction", "false positives"),
				Figure: bloomplot.Allocation(s),
				Reading: "A wasted read costs the same on every level, but a bit per key is cheap where there are few keys. So the small levels get more bits: " +
					"ln T/(ln 2)^2 more for each level up, until the chance of a wasted read is proportional to a run's size. The reads then hardly grow with the " +
					"number of levels. The largest level gives up a little, and loses its filter altogether where memory is short. The dots have whole numbers of hashes, the lines do not, which is why some dots lie a little above.",
				Sources: []string{
					"N. Dayan, M. Athanassoulis and S. Idreos, Monkey, SIGMOD 2017 (abstract), its equations as in github.com/IntersectMBO/lsm-tree, src-monkey/Monkey.hs",
					"closed form for many levels: github.com/BU-DiSC/endure, cost_function.py",
				},
				Config: struct {
					Tree lsm.Tree `json:"tree"`
					Bits float64  `json:"bits_per_key"`
				}{tree, bits},
				Result: struct {
					Levels   []bloomplot.LevelShare    `json:"levels"`
					Reads    bloomplot.BudgetReads     `json:"reads_per_absent_lookup"`
					Measured []bloomplot.MeasuredReads `json:"measured"`
				}{rows, s.At(), s.Measured},
			}, nil
		},
	}
}

// shareOut divides the memory both ways, over a range of budgets, and looks
// keys up in real filters at some of them.
func shareOut(ctx context.Context, env study.Env, tree lsm.Tree, bits float64, lookups int) (bloomplot.SharedMemory, error) {
	runs, err := tree.Runs()
	if err != nil {
		return bloomplot.SharedMemory{}, err
	}
	s := bloomplot.SharedMemory{Tree: tree, Runs: runs, BitsPerKey: bits, Seed: env.Seed, Lookups: lookups}
	top := math.Max(16, 1.25*bits)
	for i := range 161 {
		s.Budgets = append(s.Budgets, top*float64(i)/160)
	}
	dots := 9
	if env.Quick {
		dots = 4
	}
	var done atomic.Int64
	s.Measured, err = par.Map(ctx, 2*dots, func(ctx context.Context, i int) (bloomplot.MeasuredReads, error) {
		m, err := readsWith(ctx, runs, top*float64(i/2)/float64(dots), lsm.Sharing(i%2), lookups, env.Seed)
		if env.Progress != nil {
			env.Progress(int(done.Add(1)), 2*dots)
		}
		return m, err
	})
	if err != nil {
		return s, err
	}
	return s, s.Solve()
}

// readsWith looks absent keys up in runs with real filters.
func readsWith(ctx context.Context, runs []lsm.Run, bits float64, by lsm.Sharing, lookups int, seed uint64) (bloomplot.MeasuredReads, error) {
	var keys float64
	for _, r := range runs {
		keys += r.Keys
	}
	a, err := lsm.Allocate(runs, bits*keys, by)
	if err != nil {
		return bloomplot.MeasuredReads{}, err
	}
	c := lsm.Config{Layout: filter.Classic, Scheme: filter.Independent, Lookups: lookups, Seed: seed}
	for i, r := range runs {
		f := lsm.RunFilter{Keys: max(1, int(math.Round(r.Keys))), BitsPerKey: math.Min(a.BitsPerKey[i], 80)}
		if f.BitsPerKey*float64(f.Keys) < 1 {
			f.BitsPerKey = 0
		} else {
			f.Hashes = min(bloom.OptimalHashes(f.BitsPerKey), int(math.Min(f.BitsPerKey*float64(f.Keys), bloom.MaxHashes)))
		}
		c.Runs = append(c.Runs, f)
	}
	r, err := lsm.Measure(ctx, c)
	return bloomplot.NewMeasuredReads(by, bits, r), err
}

// whereTo answers with the ends of the tree and with what the reads become.
func whereTo(s bloomplot.SharedMemory, rows []bloomplot.LevelShare) string {
	at := s.At()
	first, last := rows[0], rows[len(rows)-1]
	if len(rows) == 1 || at.Monkey > 0.999*at.Uniform {
		return fmt.Sprintf("It makes no difference here: an absent key costs %s reads with %s bits per key however they are divided among the runs.",
			units.FormatNumber(at.Uniform), units.FormatNumber(s.BitsPerKey))
	}
	ends := fmt.Sprintf("%s bits per key on level %d and %s on level %d", units.FormatNumber(first.MonkeyBits), first.Level, units.FormatNumber(last.MonkeyBits), last.Level)
	if last.MonkeyBits == 0 {
		ends = fmt.Sprintf("%s bits per key on level %d and no filter at all on level %d", units.FormatNumber(first.MonkeyBits), first.Level, last.Level)
	}
	return fmt.Sprintf("Into the small levels: with %s instead of %s everywhere, an absent key costs %s reads instead of %s, %.3g times fewer for the same memory; the same reads would take %.3g bits per key less.",
		ends, units.FormatNumber(s.BitsPerKey), units.FormatNumber(at.Monkey), units.FormatNumber(at.Uniform), at.Uniform/at.Monkey, at.Saved)
}
