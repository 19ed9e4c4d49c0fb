// Package replication simulates a database's primary and the standbys that follow its log.
//
// # The question
//
// A write was acknowledged. Which failures does it survive? Who can already read it, and who reads something older? How long does it take
// until writes work again after the primary is gone, and what is lost then? Each way that real databases replicate answers
// differently, and pays for it in commit latency or in availability.
//
// # The model
//
// [Simulate] follows each write through the pipeline of a log ([Pipeline]):
//
//	primary   insert -> flush -> (wait by Mode) -> visible, acknowledged
//	link      send -> arrive, in order: arrival_i = max(arrival_(i-1), send_i + delay), and size/bandwidth
//	standby   write -> flush -> replay by one or more workers, committed in order; replies on the way back, in order too
//
// What a commit waits for is its [Mode] (PostgreSQL's five levels, MySQL's two kinds of semi-sync with their fall-back, Kafka's in-sync
// set, a Raft majority) and [Acks]: any K of the standbys, or the first K of a list. [Reads] are routed by a [Policy]; stale ones are
// counted, in versions and in time, and so are violations of the four session guarantees. A [Fault] crashes, cuts off, slows or pauses nodes;
// [Failover] detects, decides, fences, promotes and re-routes, each phase taking its time.
//
// Presets, each with what it is after: [PostgreSQL], [PostgreSQLMeasured], [MySQLSemisync], [MongoDB], [Kafka], [RaftGroup], [SixStores].
//
// # Symbols
//
//	lambda  writes/s                 Workload.WriteRate
//	d       one way to a standby     Pipeline.Delay; back: Pipeline.Return
//	s       cost of replaying one    Pipeline.Apply; mu = workers/s
//	rho     lambda/mu                the applier's load
//	n, k    standbys, and how many answers count    Replicas, Acks.K
//	L       mean lag, theta = 1/mean think time     Reads.Think
//	RTO     time without a primary that clients can write to     Result.RTO
//	RPO     age of the oldest acknowledged write that was lost   Result.RPO
//
// # Closed forms
//
//	commit, ANY k          k-th smallest round trip; (1/n + ... + 1/(n-k+1)) for exponential ones   [CommitWait], [KthExponentialMean]
//	lag of the applier     s + rho (1 + cv2) s/(2 (1 - rho)); e^-(mu - lambda)t       [ApplyQueue]
//	catching up            T rho/(1 - rho)                                            [CatchUp], [CatchUpRising], [LargeTransaction]
//	lost by a failover     lambda times the receive lag                               [LostMean], [LostConstant], [LostQueued]
//	no write blocked       k of n are up                                              [MajorityUp], [CommitUp], [FailoverUp]
//	stale read             (n - k)/n e^(-t/L)                                         [StaleRead], [QuorumStale]
//	own write missed       theta/(theta + mu) e^(-(theta + mu) window)                [Session], [TokenDelay], [TokenFallback]
//	going back             (n-1)/n (1 - e^(-a/L)) e^(-(a + gap)/L)                    [BackwardRead]
//	reads scale, writes not  n (1 - lambda s)/r                                       [ReadCapacity], [LoadUnderReads]
//	recovery               the sum of its phases                                      [RecoverySteps]
//
// # Neighbours
//
// Package quorum has partial quorums (Dynamo, Cassandra), package raft elections and the commit of a majority, package multileader several
// leaders and CRDTs, package index secondary indexes that follow their table.
//
// # Sources
//
//   - PostgreSQL's documentation (synchronous_commit, synchronous_standby_names, pg_stat_replication) and the commit that brought ANY k.
//   - MySQL's Reference Manual (semisynchronous replication; multi-threaded appliers since 8.0.27).
//   - MongoDB's manual (write concern, replica set elections), etcd's FAQ (failure tolerance).
//   - D. Ongaro: "Consensus: Bridging Theory and Practice", Stanford 2014.
//   - D. Terry and others: "Session Guarantees for Weakly Consistent Replicated Data", PDIS 1994.
//   - Streaming replication of PostgreSQL 15.18 behind links with set delays, measured for this package (see the tests).
//
// # Deviations
//
//   - Independent delays for each message are wrong for a log: a stream keeps its order, so a slow message holds up all behind it. Closed forms
//     with independent round trips (CommitWait with random laws) are therefore lower bounds for a session that commits back to back.
//   - Closed forms of catching up are fluid: rates without randomness.
//   - Transactions do not conflict on the primary, and its own load does not slow it down.
package replication
