// Package commit simulates how long a group under Raft takes to commit a proposal.
//
// # The question
//
// There is a leader. How long until a majority has what a client proposes, with slow links and disks, a server down, or a
// load that makes proposals meet?
//
// # The model
//
// The leader appends a proposal and sends it to all followers over FIFO links, each delay of the law OneWay. A follower
// syncs it to its disk and answers; syncs that wait at once share one. Meanwhile the leader syncs its own copy, which counts
// like the others. The proposal is committed when a majority has it and the leader knows. Proposals come one by one or in a
// Poisson stream; with CommitBroadcast, as in etcd, every commit costs a second append to all.
//
// # Formulas
//
// [Mean] and [Within]: the order statistic of a majority of the answers, for any laws.
//
// # Sources
//
//   - D. Ongaro: "Consensus: Bridging Theory and Practice", Stanford 2014, chapter 10.
//   - Commits of go.etcd.io/raft v3.7.0, unmodified, measured on a virtual clock for this package (see paper_test.go).
//
// # Deviations
//
//   - No elections, no batches of proposals and no bound on messages in flight.
package commit
