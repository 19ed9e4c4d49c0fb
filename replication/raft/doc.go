// Package raft simulates how a group of servers under Raft replaces a leader that has crashed, and how long a proposal
// takes to be committed.
//
// # The question
//
// The leader is gone. How long until there is another one, how often does a term pass without a winner, and what do the
// election timeout, the network, the disk and the rules of a real library do to it? And, while there is a leader: how
// long does a majority take to have a proposal, and how often does a timeout cost a leader that was only slow?
//
// # The model
//
// [Config] has n = Servers members, of which s = Alive answer; q = floor(n/2)+1 votes win. Every server has a timer, and
// messages take a time of the law OneWay each; what must be durable first waits for Disk. [Simulate] runs Elections
// of them, event by event, by one of three rule sets:
//
// [Dissertation]: a timer of U[TimeoutMin, TimeoutMax] is drawn anew when the leader is heard, a vote is granted or a
// candidacy begins; one vote per term, to the first who asks with an up-to-date log; the vote is on disk before it is
// answered. Ineligible servers have old logs. Without Heartbeat the clock starts with fresh timers.
//
// [Etcd], raft.go of go.etcd.io/raft v3.7.0: a server counts ticks of ElectionTimeout/Ticks, at a phase of its own. It
// campaigns at the R-th tick after it last heard the leader; R is uniform on E..2E-1 and drawn anew only when its
// role or term is reset, so that it keeps one R for a leader's whole reign: the time from contact to campaign is uniform
// on [E-1, 2E-1]. With PreVote a campaign first asks, without a change of term; with CheckQuorum who knows a leader
// and has counted fewer than E ticks drops requests without an answer. Requests and votes wait for the disk, pre-votes do
// not. A candidacy that so many refuse that it cannot win is given up at once. If a tick and a message fall on one
// instant, the tick comes first.
//
// [Hashicorp], raft.go of github.com/hashicorp/raft v1.8.0: a follower's timer U[T, 2T] runs free; it is not reset by
// contact, and when it fires the leader is given up only if the last contact is at least T old. A server that knows a
// leader refuses every vote, whatever the term. So the loss is noticed at T plus a residual life, and a leader can be
// elected only when q servers have noticed. With PreVote a candidacy first asks; it waits for its timer U[T, 2T], however
// many refuse. Last contact is the younger of two streams, heartbeats and appends, each sent U[x, 2x] after the reply to
// the one before.
//
// The crash falls at a uniform phase of the heartbeat interval; what was sent before still arrives. "Elected" is the
// time until there is a leader; "heard" until a majority, itself included, has its first append. An election that
// needs more than MaxTerms timeouts per server is blocked, as is every one without a majority alive.
//
// [SimulateCommit] commits proposals, each alone or a Poisson stream, over FIFO links, with etcd's second append per
// commit as an option. [SimulateQuiet] counts the timeouts of followers whose leader lives.
//
// # Closed forms
//
// [FirstTimeout] 1-(1-t)^s; [SplitVote] P(Bin(s, l) >= s - floor(n/2)), l the latency over the range of the timeouts;
// [SplitVoteRandom]; [ExpectedElection]; [Terms]; [EtcdFirstTimeout] (E-1) + E/(s+1); [EtcdElection];
// [HashicorpDetected] and [HashicorpDetection], the q-th of s times T + residual life; [CommitWithin] and [CommitMean],
// order statistics of the followers' answers for any laws.
//
// # Sources
//
// D. Ongaro, Consensus: Bridging Theory and Practice, Stanford 2014, chapters 3, 9 and 10. D. Ongaro and J. Ousterhout,
// In Search of an Understandable Consensus Algorithm, USENIX ATC 2014, Fig. 16. The source of go.etcd.io/raft v3.7.0, of
// etcd's server/embed/config.go and of github.com/hashicorp/raft v1.8.0. The measured elections and commits of
// paper_test.go are of these two libraries, unmodified, on a virtual clock.
//
// # Deviations
//
//   - A server works on while it writes to its disk, and its syncs do not queue; hashicorp/raft stands still meanwhile
//     and syncs term and vote apart. One Disk time stands for all that one message makes durable.
//   - Before the crash no follower has lost patience, however long the delays. A timer runs from the last of the old
//     leader's heartbeats that arrives.
//   - Old leaders stay away. New ones do not step down for want of contact (hashicorp/raft's lease, etcd's
//     check-quorum) before the election is over; no entries but the first are proposed.
//   - Rejections, refusals and appends wait for no disk, but for vote replies after a change of term.
//   - With random delays the age of hashicorp's last contact is drawn from a row of eight cycles, an approximation of the
//     stationary age within 1 % of a cycle.
//   - The dissertation's formula for the mean time takes each term to start afresh and is up to a tenth too long; tests
//     hold that gap.
//   - SimulateCommit has no elections, no batches of proposals and no bound on messages in flight.
package raft
