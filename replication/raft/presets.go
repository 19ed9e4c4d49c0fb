package raft

import "time"

// Defaults of the presets.
const (
	defaultElections = 100_000
	defaultMaxTerms  = 1000
)

// DissertationLAN is the group of Fig. 16 of the Raft paper (Ongaro and Ousterhout, USENIX ATC 2014) with the timeouts
// that it recommends, 150-300 ms: five servers, the leader crashes, two of the four others have old logs, heartbeats
// at half the least timeout. The delay and the disk are chosen for its broadcast time of about 15 ms.
func DissertationLAN() Config {
	return Config{
		Servers: 5, Alive: 4, Ineligible: 2, Rules: Dissertation,
		TimeoutMin: 150 * time.Millisecond, TimeoutMax: 300 * time.Millisecond, Heartbeat: 75 * time.Millisecond,
		OneWay: Const(2500 * time.Microsecond), Disk: Uniform(7500*time.Microsecond, 10*time.Millisecond),
		Elections: defaultElections, MaxTerms: defaultMaxTerms,
	}
}

// EtcdServer is a group of the etcd server's defaults (server/embed/config.go): ticks and heartbeats of 100 ms, an
// election timeout of 1 s, pre-vote and check-quorum on.
func EtcdServer() Config {
	return Config{
		Servers: 5, Alive: 4, Rules: Etcd, PreVote: true, CheckQuorum: true,
		ElectionTimeout: time.Second, Ticks: 10, Heartbeat: 100 * time.Millisecond,
		OneWay: Const(time.Millisecond), Elections: defaultElections, MaxTerms: defaultMaxTerms,
	}
}

// HashicorpDefault is a group of hashicorp/raft's DefaultConfig: timeouts of 1 s, appends every 50-100 ms, pre-vote on.
func HashicorpDefault() Config {
	return Config{
		Servers: 5, Alive: 4, Rules: Hashicorp, PreVote: true,
		ElectionTimeout: time.Second, CommitTimeout: 50 * time.Millisecond,
		OneWay: Const(time.Millisecond), Elections: defaultElections, MaxTerms: defaultMaxTerms,
	}
}
