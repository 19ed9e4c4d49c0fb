// Package lsm is what the false positives of Bloom filters cost the reads of an LSM tree.
//
// # The question
//
// What does the memory of filters buy: how many reads, how much latency? Where in the tree should it
// be, and when is it better spent on a cache?
//
// # The model
//
// A [Tree] is a list of sorted runs, each with a filter, that a lookup visits from the newest to the
// oldest. [Allocate] divides filter memory among them. [IndependentRuns] and [SharedHashRuns] are the
// distribution of the reads of one lookup, [LatencyModel] that of its time, [MemorySplit] the choice
// between filters and a block cache, [FilterGain] whether a filter pays at all. An [Engine] is what a
// real system builds. [Measure] confirms the reads with real filters; all else is computed, so that
// there is no Replicate.
//
// # Symbols
//
//	L    len(runs)            runs; T = Tree.SizeRatio
//	b    bits per key         Q = (ln 2)^2
//	p    Allocation.Rates     false-positive rate of a run's filter
//	R    AbsentReads          expected reads of an absent key; V = PresentReads, of a present one
//	w    Run                  Rate (1-CacheHit) ReadSeconds: what a false positive on the run costs
//
// # Formulas
//
//	shares        p = min(1, c Keys/w) with sum Keys ln(1/p)/Q = budget
//	reads         R = sum p, V = R - p_L + 1 in the last run
//	tree          R = T^(T/(T-1))/(T-1) e^(-bQ), levelling without end
//	cliff         p = 1 - q^(1/L) where the quantile q of an absent key falls to no read
//	cache         Absent L p + Present ((1-h) + (L-1) p) reads, cached with probability h
//
// # Sources
//
// Dayan, Athanassoulis and Idreos, Monkey, SIGMOD 2017. Dayan and Idreos, Dostoevsky, SIGMOD 2018.
// BU-DiSC/endure cost_function.py. IntersectMBO/lsm-tree src-monkey/Monkey.hs. RocksDB pull request
// 6007. Pebble v2.1.7, counted through its filters (testdata). Each engine names its own.
//
// # Deviations
//
//   - A present key lies in the last run; for others see [PresentRuns] and [PresentReads].
//   - [Allocate] has ideal filters: a real number of hashes, no rounding. [Engine.Rate] has real ones.
//   - [LevelDB] is below its engine, whose double hashing is worse than independent probes.
//   - The times of media and of the processor are assumptions.
package lsm
