package studies

import (
	"context"
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
)

// Docscheck compares what public documentation says with what is true.
func Docscheck() study.Study {
	keys, queries := int64(100_000), 100_000
	var given func(string) bool
	return study.Study{
		Name:     "docscheck",
		Question: "Is it true what the documentation says?",
		Next:     "Small filters make it worse: `--keys 1000 --runs 200`.",
		Examples: []string{"--keys 1000 --runs 200", "--runs 100"},
		Flags: func(f *study.Flags) {
			given = f.Changed
			f.Count(&keys, "keys", "different keys in each filter that is measured")
			f.Int(&queries, "queries", "lookups of absent keys in each of them")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if keys < 100 {
				return study.Report{}, fmt.Errorf("%w: --keys = %d, want at least 100: in smaller filters the rounding to whole words decides", bloom.ErrInvalidConfig, keys)
			}
			base := bloom.Config{Keys: uint64(keys), Scheme: filter.Independent, Filters: env.RunsOr(20, 3), Queries: lookups(env, queries, given("queries")), Seed: env.Seed}
			claims, err := claimsOn(uint64(keys))
			if err != nil {
				return study.Report{}, err
			}
			claims, err = par.Map(ctx, len(claims), func(ctx context.Context, i int) (bloomplot.Claim, error) {
				c, shape := claims[i], claims[i].Shape
				if shape.Bits == 0 {
					return c, nil
				}
				config := base
				config.Bits, config.Hashes, config.Layout = shape.Bits, shape.Hashes, c.Layout
				r, err := bloom.Measure(ctx, config)
				c.Measured, c.Low, c.High = r.FPRMeasured, r.FPRLow, r.FPRHigh
				return c, err
			})
			if err != nil {
				return study.Report{}, err
			}
			t := study.NewTable("who", "statement", "says", "is", "measured", "unit", "says_value", "true_value", "measured_value", "measured_low", "measured_high", "source").
				Show("who", "statement", "says", "is", "measured")
			for _, c := range claims {
				t.Add(c.Who, c.Statement, c.Write(c.Said), c.Write(c.True), c.Write(c.Measured), c.Unit, c.Said, c.True, c.Measured, c.Low, c.High, c.Source)
			}
			return study.Report{
				Answer: trueOrNot(claims), Table: t, Figure: bloomplot.Claims(claims, base),
				Reading: "Each line runs from what is said (1) to what is true. Rates far to the right mean more false positives than promised. " +
					"Three causes return: a formula for one kind of filter used for another (split blocks, cache lines), whole numbers of hashes, and prose that nobody " +
					"compared with the code. The hollow dots are filters built here and measured.",
				Sources: sourcesOf(claims),
				Config:  base, Result: claims,
			}, nil
		},
	}
}

// claimsOn are the statements, with the truth about filters of so many keys.
func claimsOn(keys uint64) ([]bloomplot.Claim, error) {
	memory, err := memoryClaims(keys)
	if err != nil {
		return nil, err
	}
	rates, err := rateClaims(keys)
	return append(memory, rates...), err
}

// memoryClaims are those about the size of filters.
func memoryClaims(keys uint64) ([]bloomplot.Claim, error) {
	tenth, _, err := bloom.Optimal(keys, 0.1, bloom.RoundCassandra)
	if err != nil {
		return nil, err
	}
	hundredth, _, err := bloom.Optimal(keys, 0.01, bloom.RoundCassandra)
	return []bloomplot.Claim{
		{
			Who: "Cassandra", Statement: "memory for 1 % against 10 %", Said: 3, True: float64(hundredth.Bits) / float64(tenth.Bits), Unit: "times",
			Source: "Cassandra documentation, bloom_filter_fp_chance (\"about three times\"); truth: BloomCalculations.java, 10 and 5 bits per key",
		},
		{
			Who: "DataStax", Statement: "memory saved by 10 % for 1 %", Said: 1. / 3, True: 1 - float64(tenth.Bits)/float64(hundredth.Bits), Unit: "fraction",
			Source: "DataStax documentation (\"about one third\"); truth: the same table",
		},
		{
			Who: "Redis", Statement: "bits per key for 1 %", Said: 10.08, True: bloom.IdealBits(0.01), Unit: "bits",
			Source: "BF.RESERVE before redis/docs pull request 962 (two formulas swapped); truth: log2(1/p)/ln 2",
		},
	}, err
}

// rateClaims are those about false-positive rates.
func rateClaims(keys uint64) ([]bloomplot.Claim, error) {
	var first error
	sized := func(fpr float64, r bloom.Rounding) (bloom.Params, float64) {
		p, rate, err := bloom.Optimal(keys, fpr, r)
		if first == nil {
			first = err
		}
		return p, rate
	}
	half, halfRate := sized(0.5, bloom.RoundScylla)
	estimates, estimatesRate := sized(0.01, bloom.RoundBitsAndBlooms)
	blocks := func(bits float64) (bloom.Params, float64) {
		p := bloom.Params{Bits: uint64(math.Ceil(bits*float64(keys)/256)) * 256, Keys: keys, Hashes: 8}
		return p, bloom.SplitBlockExact(p.Bits, keys)
	}
	naive, naiveRate := blocks(bloom.NaiveSplitBlockBits(0.01))
	efficient, efficientRate := blocks(11.54)
	rocks := bloom.Params{Bits: (10*keys + bloom.LineBits - 1) / bloom.LineBits * bloom.LineBits, Keys: keys, Hashes: bloom.RocksDBHashes(10)}
	rocksRate := bloom.BlockedExact(rocks.Bits, keys, bloom.LineBits, rocks.Hashes, bloom.InnerExact)
	comment := bloom.Blocked(10, bloom.LineBits, 6, bloom.InnerClassical)
	return []bloomplot.Claim{
		{
			Who: "Parquet", Statement: "rate of the size formula for 1 %", Said: 0.01, True: naiveRate, Unit: "fraction", Shape: naive, Layout: filter.SplitBlock,
			Source: "older parquet-format BloomFilter.md and arrow-rs documentation, -8/ln(1 - p^(1/8)); truth: go doc ./bloom SplitBlock",
		},
		{
			Who: "Parquet", Statement: "rate of 11.54 bits per key", Said: 0.005, True: efficientRate, Unit: "fraction", Shape: efficient, Layout: filter.SplitBlock,
			Source: "parquet-format BloomFilter.md (\"about 0.5 %\"); truth: go doc ./bloom SplitBlock",
		},
		{
			Who: "often said", Statement: "rate of RocksDB's default", Said: bloom.Classical(10, 1, 7), True: rocksRate, Unit: "fraction", Shape: rocks, Layout: filter.Blocked,
			Source: "the textbook's 7 hashes in an unblocked filter; truth: 6 hashes in 512-bit lines, RocksDB util/bloom_impl.h (its own measurement: 0.955 %, pull request 6007)",
		},
		{
			Who: "RocksDB", Statement: "rate of 512-bit lines, 10 bits", Said: 0.009535, True: comment, Unit: "fraction",
			Source: "RocksDB util/bloom_impl.h (\"theoretical best\", classical formula inside a line)",
		},
		{
			Who: "NewWithEstimates", Statement: "rate for a target of 1 %", Said: 0.01, True: estimatesRate, Unit: "fraction", Shape: estimates,
			Source: "github.com/bits-and-blooms/bloom v3.7.1: the number of hashes is rounded up",
		},
		{
			Who: "ScyllaDB", Statement: "rate of fp_chance 0.5", Said: 0.5, True: halfRate, Unit: "fraction", Shape: half,
			Source: "scylladb issue 31204: 1 bit per key and 2 hashes",
		},
	}, first
}

// trueOrNot counts the statements that hold, and names the worst.
func trueOrNot(claims []bloomplot.Claim) string {
	wrong, worst := 0, claims[0]
	for _, c := range claims {
		if !c.Holds() {
			wrong++
		}
		if math.Abs(math.Log(c.Ratio())) > math.Abs(math.Log(worst.Ratio())) {
			worst = c
		}
	}
	if wrong == 0 {
		return fmt.Sprintf("Yes: all %d statements hold for filters of this size.", len(claims))
	}
	return fmt.Sprintf("Not always: %d of %d statements are off, the worst by a factor of %.3g (%s: %s, says %s, is %s).",
		wrong, len(claims), worst.Off(), worst.Who, worst.Statement, worst.Write(worst.Said), worst.Write(worst.True))
}

func sourcesOf(claims []bloomplot.Claim) []string {
	var list []string
	for _, c := range claims {
		list = append(list, c.Who+": "+c.Source)
	}
	return list
}
