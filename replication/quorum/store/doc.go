// Package store simulates a replicated key-value store of partial quorums under load and failures.
//
// # The question
//
// A write waits for W of N replicas and a read for R. With concurrent writes, crashes and repair: how many
// reads are stale, what do read repair, hinted handoff, sloppy quorums and anti-entropy heal, and what can
// still go wrong if R + W > N?
//
// # The model
//
// Coordinators send each write to the N home replicas of its key (all keys have the same ones), and each
// read to them or to R of them, with the delays of package quorum's [quorum.Model]. Replicas crash and come
// back. [Simulate] counts stale reads, and pairs of reads that no single copy could have given.
//
// # Sources
//
//   - G. DeCandia and others: "Dynamo: Amazon's Highly Available Key-value Store", SOSP 2007, and
//     Cassandra's documentation, for hints, sloppy quorums and anti-entropy.
//   - H. Attiya, A. Bar-Noy, D. Dolev: "Sharing Memory Robustly in Message-Passing Systems", JACM 1995, for
//     reads that write back.
//
// # Deviations
//
//   - Coordinators never fail, know at once which replicas are up, and order versions by one perfect clock.
package store
