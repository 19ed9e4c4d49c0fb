// Package multileader simulates several leaders that all take writes and tell one another
// afterwards.
//
// # The question
//
// Two leaders write the same key before either has heard of the other's write. How often does that
// happen, and what becomes of the two writes?
//
// # The model
//
// [Simulate] has 2 to 8 leaders, each with Poisson writes to keys of uniform or Zipf popularity.
// Each write goes into its leader's log, and the log goes to every other leader: one way takes a
// random time, in the log's order, and waits while one of the two is cut off. Every write is an
// increment of what its leader holds, so that what is lost can be counted ([Policy]):
//
//   - [LastWriterWins] keeps the value with the greatest timestamp. Of two writes in conflict one
//     vanishes without a word, and with skewed clocks a write can lose to one that came before it,
//     even to one that its writer had seen.
//   - [HybridClock] gives each write a greater timestamp than all that its writer has seen.
//     Conflicts still lose.
//   - [VersionVectors] keep both values, as siblings, until a writer has seen them.
//   - [Counter] is a CRDT: nothing is lost, and the sum is right.
//
// A policy changes nothing about the writes and their delays: all have the same conflicts.
//
// The data types themselves are here too, for use and study: [VersionVector], [Siblings],
// [GCounter], [PNCounter], [LWWRegister] and [ORSet]. Merging them is commutative, associative and
// idempotent, so replicas that have heard of the same agree.
//
// # Formulas
//
//	pairs in conflict   n(n-1)/2 lambda^2 2d a second     [ConflictRate]
//	a write has one     1 - e^(-2(n-1) lambda d)           [ConflictProbability]
//	a partition adds    lambda_a lambda_b length^2         [PartitionConflicts]
//	skewed clocks       1 - e^(-lambda s)                  [Inverted], [Swallowed]
//
// with lambda the rate of one key at one leader, d the delay and s the skew.
//
// # Sources
//
//   - The closed forms are derived in their comments.
//   - M. Shapiro, N. Preguiça, C. Baquero, M. Zawirski: "Conflict-free Replicated Data Types", SSS
//     2011.
//   - S. Kulkarni, M. Demirbas, D. Madappa, B. Avva, M. Leone: "Logical Physical Clocks", OPODIS
//     2014.
//
// # Deviations
//
//   - Two writes are in conflict if neither had been delivered to the other's leader by its own
//     log. With three leaders or more a write can also be known by way of a third; then version
//     vectors see fewer conflicts than are counted.
//   - Clocks are off by constants. A leader never gives two writes the same timestamp.
//   - A write that finds siblings merges them at once and goes on from the greatest count.
//   - Leaders do not fail, and nothing in a log is lost.
package multileader
