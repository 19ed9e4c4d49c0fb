// Package theory has the closed forms of replication: what simulations of a primary and its standbys come to in the
// simple cases.
//
// # The question
//
// How long does a commit wait, how far is a replica behind, what does a failover lose, and how likely does a read miss a
// write: without a simulation?
//
// # Formulas
//
//	commit, ANY k            k-th smallest round trip; 1/n + ... + 1/(n-k+1)   [CommitWait], [KthExponentialMean]
//	lag of the applier       s + rho (1 + cv2) s/(2 (1 - rho))                 [ApplyQueue]
//	catching up              T rho/(1 - rho)                                   [CatchUp], [LagAfter], [LargeTransaction]
//	lost by a failover       lambda times the receive lag                      [LostMean], [LostConstant], [LostQueued]
//	no write blocked         k of n are up                                     [MajorityUp], [CommitUp], [FailoverUp]
//	stale read               (n - k)/n e^(-t/L)                                [StaleRead]
//	own write missed         theta/(theta + mu) e^(-(theta + mu) window)       [Session], [TokenDelay], [TokenFallback]
//	going back               (n-1)/n (1 - e^(-a/L)) e^(-(a + gap)/L)           [BackwardRead]
//	reads scale, writes not  n (1 - lambda s)/r                                [ReadCapacity], [LoadUnderReads]
//	recovery                 the sum of its phases                             [RecoverySteps]
//
// Times are in seconds. A function gives NaN for arguments without meaning. Stale reads of quorums are in package quorum.
//
// # Sources
//
// Pollaczek and Khinchine's formula, Erlang's M/D/1, and order statistics; the rest is derived where it stands. etcd's FAQ
// (failure tolerance), and PostgreSQL's and MySQL's documentation for what a commit waits for.
//
// # Deviations
//
//   - Independent delays for each message are wrong for a log: a stream keeps its order, so a slow message holds up all
//     behind it. CommitWait with random laws is therefore a lower bound for a session that commits back to back.
//   - Closed forms of catching up are fluid: rates without randomness.
package theory

import "cloudconcepts/internal/law"

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law
