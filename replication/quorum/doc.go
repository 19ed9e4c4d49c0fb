// Package quorum simulates partial quorums: N replicas of which a write waits for W and a read for R, as in Dynamo, Cassandra,
// Riak and Voldemort.
//
// # The question
//
// If R + W <= N, a read can miss the newest write. How often, how long after the write, how many versions old is what it returns,
// and what would waiting for more replicas cost? And if R + W > N: what can still go wrong?
//
// # WARS
//
// [Simulate] is the Monte Carlo of Probabilistically Bounded Staleness. For each replica i it draws the time W_i that a write takes
// to get there, A_i for the acknowledgement, R_i for a read's request and S_i for the response ([Model]). The write commits at w, the
// W-th smallest W_i + A_i. A read issued t later takes the newest of the R answers with the smallest R_i + S_i. It is fresh if one of
// those replicas had the write when asked: W_i <= w + t + R_i. So one draw gives the read's threshold
//
//	theta = min over the R answers of (W_i - w - R_i)
//
// and the share of theta <= t is the probability of a fresh read after t ([Result.PConsistent]); its quantiles are the
// t-visibility ([Result.TVisibility]). Nothing has to be simulated again for another t.
//
// # Closed forms
//
// [KStaleness], [MonotonicReads], [StaleAtOnce] and [StaleAfter] for staleness; [KthCDF], [KthMean], [KthQuantile] and
// [KthExponentialMean] for how long a quorum takes; [AtLeast], [MajorityAvailability] and [Tolerated] for whether there is one.
//
// # The store
//
// [SimulateStore] is the same store as an event model ([Store]): keys, concurrent writes and reads, crashes, read repair, hinted handoff, sloppy
// quorums and anti-entropy. It counts stale reads, and pairs of reads that no single copy could have given.
//
// # Sources
//
//   - P. Bailis, S. Venkataraman, M. Franklin, J. Hellerstein, I. Stoica: "Probabilistically Bounded Staleness for Practical Partial
//     Quorums", PVLDB 5(8), 2012, its text and tables; and the authors' simulator (pbailis/pbs-vldb-historical-paper-material).
//   - The exponential closed form of StaleAfter is derived in its comment.
//
// # Deviations
//
//   - The paper's t-visibilities at 99.9 % are 5-12 % below the quantiles given here: they are the first time on a grid at which an
//     estimate of 50,000 trials touches 99.9 %, and of many noisy estimates one does so early. A test repeats that procedure and gets the
//     paper's number.
//   - Writes of Yammer have alpha = 3.5, as in the authors' simulator; the table prints 3.35 ([YammerPrinted]).
//   - The paper says that LNKD-SSD with R = 2, W = 1 showed no staleness in 10 million writes. Its model gives 5.9e-4 at once.
//   - WARS has one write and one read, and no read repair: in Store both are there.
//   - Store's coordinators never fail, know at once which replicas are up, and order versions by one perfect clock.
package quorum
