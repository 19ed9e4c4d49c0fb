// Package raft simulates how a group of servers under Raft replaces a leader that has crashed.
//
// # The question
//
// The leader is gone. How long until there is another one, how often does a term pass without a winner,
// and what do the election timeout, the network, the disk and the rules of a real library do to it?
//
// # The model
//
// [Config] has n = Servers members, of which s = Alive answer; q = floor(n/2)+1 votes win. Every server
// has a timer, and messages take a time of the law OneWay each; what must be durable first waits for
// Disk. [Simulate] runs Elections of them, event by event, by one of three rule sets: [Dissertation],
// [Etcd] and [Hashicorp]. Ineligible servers have old logs.
//
// The crash falls at a uniform phase of the heartbeat interval; what was sent before still arrives.
// "Elected" is the time until there is a leader; "heard" until a majority, itself included, has its first
// append. An election that needs more than MaxTerms timeouts per server is blocked, as is every one
// without a majority alive.
//
// Package commit has the time until a proposal is committed, package quiet the timeouts of followers
// whose leader lives.
//
// # Formulas
//
//	first timeout    1 - (1-t)^s                            [FirstTimeout], [EtcdFirstTimeout]
//	split vote       P(Bin(s, l) >= s - floor(n/2))         [SplitVote], [SplitVoteRandom], [Terms]
//	elected          terms of timeout and delay each        [ExpectedElection], [EtcdElection]
//	loss noticed     q-th of s times T + residual life      [HashicorpDetected], [HashicorpDetection]
//
// with l the delay over the range of the timeouts, and T the timeout.
//
// # Sources
//
//   - D. Ongaro: "Consensus: Bridging Theory and Practice", Stanford 2014, chapters 3, 9 and 10.
//   - D. Ongaro and J. Ousterhout: "In Search of an Understandable Consensus Algorithm", USENIX ATC
//     2014, Fig. 16.
//   - The source of go.etcd.io/raft v3.7.0, of etcd's server/embed/config.go and of
//     github.com/hashicorp/raft v1.8.0, and both libraries measured on a virtual clock (paper_test.go).
//
// # Deviations
//
//   - A server works on while it writes to its disk, and its syncs do not queue. One Disk time stands for
//     all that one message makes durable.
//   - Before the crash no follower has lost patience, however long the delays. A timer runs from the last
//     of the old leader's heartbeats that arrives.
//   - Old leaders stay away. New ones do not step down for want of contact before the election is over; no
//     entries but the first are proposed.
//   - Rejections, refusals and appends wait for no disk, but for vote replies after a change of term.
package raft
