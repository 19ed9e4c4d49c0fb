// Package replication simulates a database's primary and the standbys that follow its log.
//
// # The question
//
// A write was acknowledged. Which failures does it survive? Who can read it, and who reads something
// older? How long until writes work again after the primary is gone, and what is lost then? Each way of
// replicating answers differently, and pays for it in commit latency or in availability.
//
// # The model
//
// [Simulate] follows each write through the pipeline of a log ([Pipeline]):
//
//	primary   insert -> flush -> (wait by Mode) -> visible, acknowledged
//	link      send -> arrive in order, after a delay and size/bandwidth
//	standby   write -> flush -> replay by one or more workers; replies go back, in order too
//
// What a commit waits for is its [Mode] and [Acks]. [Reads] are routed by a [Policy]; stale ones are
// counted, in versions and in time, and so are violations of the four session guarantees. A [Fault]
// crashes, cuts off, slows or pauses nodes. [Failover] detects, decides, fences, promotes and re-routes.
//
// Package quorum has partial quorums, raft elections, multileader several leaders and CRDTs, and index
// secondary indexes that follow their table.
//
// # Symbols
//
//	lambda  writes/s                                   Workload.WriteRate
//	d       one way to a standby                       Pipeline.Delay; back: Pipeline.Return
//	s       cost of replaying one; rho = lambda s/workers  Pipeline.Apply, Workers
//	n, k    standbys, and how many answers count       Replicas, Acks.K
//	L       mean lag; theta = 1/mean think time        Result.LagMean, Reads.Think
//	RTO     time without a primary for clients         Result.RTO
//	RPO     age of the oldest acknowledged write lost  Result.RPO
//
// # Formulas
//
// The closed forms are in package theory.
//
// # Sources
//
//   - The manuals of PostgreSQL, MySQL, MongoDB and Kafka; what of each, its preset says.
//   - D. Ongaro: "Consensus: Bridging Theory and Practice", Stanford 2014.
//   - D. Terry and others: "Session Guarantees for Weakly Consistent Replicated Data", PDIS 1994.
//   - PostgreSQL 15.18 behind links with set delays, measured for this package (see the tests).
//
// # Deviations
//
//   - Transactions do not conflict on the primary, and its own load does not slow it down: local
//     commits in a row take .47 ms with [PostgreSQLMeasured], where .71 ms were measured.
package replication
