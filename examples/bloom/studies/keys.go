package studies

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Keys measures the filters of several systems with the user's own keys.
func Keys() study.Study {
	file, target, queries := "", 0.01, 20_000
	systems := []string{"guarantee", "bitsandblooms", "leveldb", "rocksdb5", "pebble", "cassandra", "hbase", "parquet"}
	var given func(string) bool
	return study.Study{
		Name:     "keys",
		Question: "What do my own keys need, and what do they get?",
		Next:     "Put your own keys into a file, one a line, and see what each system needs for them.",
		Examples: []string{"--file keys.txt", "--file keys.txt --fpr 0.1%", "--systems guarantee,best,parquet --runs 100"},
		Flags: func(f *study.Flags) {
			given = f.Changed
			f.File(&file, "file", "keys, one a line (without it: 8,000 made-up words)")
			f.Fraction(&target, "fpr", "false-positive rate asked for")
			f.ChoiceList(&systems, "systems", "whose way to size a filter", systemNames()...)
			f.Int(&queries, "queries", "lookups of absent keys in each filter")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			set, name, err := keySet(file)
			if err != nil {
				return study.Report{}, err
			}
			n := set.Distinct()
			if len(systems) == 0 {
				return study.Report{}, fmt.Errorf("%w: --systems is empty, want at least one", bloom.ErrInvalidConfig)
			}
			filters := int(min(200, max(1_000_000/n, 2)))
			base := bloom.Config{Keys: n, Filters: env.RunsOr(filters, max(filters/10, 2)), Queries: lookups(env, queries, given("queries")), Seed: env.Seed}
			sized, err := par.Map(ctx, len(systems), func(ctx context.Context, i int) (bloomplot.KeyFilter, error) {
				return sizedFor(ctx, base, set, target, systems[i])
			})
			if err != nil {
				return study.Report{}, err
			}
			sized, notes := accepted(sized)
			if len(sized) == 0 {
				return study.Report{}, fmt.Errorf("%w: --fpr = %v, which no system takes: %s", bloom.ErrInvalidConfig, target, notes[0])
			}
			return study.Report{
				Answer: ownKeys(name, set, target, sized),
				Table: study.Rows(sized).Show("system", "bits_per_key", "hashes", "fpr_expected_fraction", "fpr_measured_fraction", "fpr_measured_low_fraction", "fpr_measured_high_fraction").
					Head("fpr_expected_fraction", "expected").Head("fpr_measured_fraction", "measured").Head("fpr_measured_low_fraction", "low").Head("fpr_measured_high_fraction", "high"),
				Figure: bloomplot.OwnKeys(name, set, target, sized, base),
				Reading: "Left: the rate that each way of sizing a filter gives with these keys; right of the line it breaks the promise. Right: what it costs. " +
					"Systems that round sizes up to a power of two may spend far more than was asked for. The rings are theory, the dots are lookups of keys that are in none of the filters, made different from all yours. It does not matter what keys look " +
					"like, if the hash is good; it matters how many different ones there are, so do not size for lines with duplicates.",
				Sources: []string{"the systems' rules and their sources: go doc ./bloom Rounding, and --list-presets"},
				Notes:   append(keyNotes(set), notes...), Config: keyConfig{name, n, target, systems, base}, Result: sized,
			}, nil
		},
	}
}

type keyConfig struct {
	Name    string       `json:"keys_from"`
	Keys    uint64       `json:"keys"`
	Target  float64      `json:"fpr_target"`
	Systems []string     `json:"systems"`
	Measure bloom.Config `json:"measurement"`
}

func systemNames() []string {
	var names []string
	for _, r := range bloom.Roundings() {
		names = append(names, r.String())
	}
	return names
}

// keySet reads the keys, or makes some up.
func keySet(path string) (bloom.KeySet, string, error) {
	if path == "" {
		set, err := bloom.ReadKeys(madeUpWords())
		return set, "made-up words", err
	}
	f, err := os.Open(path)
	if err != nil {
		return bloom.KeySet{}, "", err
	}
	defer f.Close()
	set, err := bloom.ReadKeys(f)
	if err != nil {
		return set, "", fmt.Errorf("--file %s: %w", path, err)
	}
	return set, filepath.Base(path), nil
}

// madeUpWords are 8,000 words of three syllables; every 40th line is there twice.
func madeUpWords() io.Reader {
	syllables := strings.Fields("ba ke li mo nu pra ste tri vo zu an el is or ur cha dwe fli gro shu")
	var text strings.Builder
	for i := range 8000 {
		word := syllables[i/400] + syllables[i/20%20] + syllables[i%20] + "\n"
		text.WriteString(word)
		if i%40 == 0 {
			text.WriteString(word)
		}
	}
	return strings.NewReader(text.String())
}

// sizedFor sizes a filter for the keys as a system does, and measures it.
func sizedFor(ctx context.Context, base bloom.Config, set bloom.KeySet, target float64, system string) (bloomplot.KeyFilter, error) {
	var r bloom.Rounding
	if err := r.UnmarshalText([]byte(system)); err != nil {
		return bloomplot.KeyFilter{}, err
	}
	p, rate, err := bloom.Optimal(set.Distinct(), target, r)
	if err != nil {
		return bloomplot.KeyFilter{System: system, Refused: err.Error()}, nil
	}
	c := base
	c.Bits, c.Hashes, c.Layout = p.Bits, p.Hashes, r.Layout()
	switch r {
	case bloom.RoundBitsAndBlooms:
		c.Scheme = filter.BitsAndBlooms
	case bloom.RoundLevelDB, bloom.RoundPebble, bloom.RoundRocksDBLegacy:
		c.Scheme = filter.Double
	case bloom.RoundParquet:
		c.Scheme = filter.Salted
	}
	m, err := bloom.MeasureKeys(ctx, c, set)
	return bloomplot.KeyFilter{
		System: system, BitsPerKey: p.BitsPerKey(), Bits: p.Bits, Hashes: p.Hashes, Layout: c.Layout, Scheme: c.Scheme,
		Expected: rate, Measured: m.FPRMeasured, Low: m.FPRLow, High: m.FPRHigh, FalseNegatives: m.FalseNegatives,
	}, err
}

// accepted are the filters that could be sized, with a note for each other.
func accepted(all []bloomplot.KeyFilter) (sized []bloomplot.KeyFilter, notes []string) {
	for _, f := range all {
		if f.Refused == "" {
			sized = append(sized, f)
			continue
		}
		notes = append(notes, fmt.Sprintf("%s refuses: %s.", f.System, strings.TrimPrefix(f.Refused, bloom.ErrInvalidConfig.Error()+": ")))
	}
	return sized, notes
}

// keyNotes tells what was left out of the keys.
func keyNotes(set bloom.KeySet) []string {
	var notes []string
	if set.Duplicates > 0 {
		notes = append(notes, fmt.Sprintf("%s of %s lines repeat a key and were left out; a filter sized for all lines would be %s larger than it need be.",
			units.FormatCount(float64(set.Duplicates)), units.FormatCount(float64(set.Lines)), units.FormatPercent(float64(set.Duplicates)/float64(set.Distinct()))))
	}
	if set.Empty > 0 {
		notes = append(notes, fmt.Sprintf("%s empty lines were left out.", units.FormatCount(float64(set.Empty))))
	}
	return notes
}

// ownKeys answers with what is promised and what the keys get.
func ownKeys(name string, set bloom.KeySet, target float64, sized []bloomplot.KeyFilter) string {
	over, worst, first := 0, sized[0], sized[0]
	for _, s := range sized {
		if s.Expected > target*(1+1e-9) {
			over++
		}
		if s.Expected > worst.Expected {
			worst = s
		}
	}
	keys := units.FormatCount(float64(set.Distinct())) + " different keys"
	if set.Distinct() == 1 {
		keys = "one key"
	}
	text := fmt.Sprintf("%s for %s (%s) takes %s bits per key by the rule %s, which gets %.3g %% (expected %.3g %%)",
		units.FormatPercent(target), keys, name, units.FormatNumber(first.BitsPerKey), first.System, 100*first.Measured, 100*first.Expected)
	if over == 0 {
		return text + "; no system that was asked breaks the promise."
	}
	return text + fmt.Sprintf("; %d of %d break the promise, the worst is %s with %.3g %%.", over, len(sized), worst.System, 100*math.Min(worst.Expected, 1))
}
