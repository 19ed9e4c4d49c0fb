package replication

import "cloudconcepts/internal/enum"

// Mode is what a commit waits for before it is acknowledged.
type Mode int

// The commit modes, of PostgreSQL (synchronous_commit), MySQL, Kafka and Raft.
const (
	// Off acknowledges as soon as the record is in the log's buffer; it is flushed every WriterDelay
	// (synchronous_commit = off).
	Off Mode = iota
	// Async acknowledges after the local flush (synchronous_commit = local; MySQL without semi-sync; MongoDB w:1).
	Async
	// RemoteWrite also waits until Acks standbys have written the record to their OS.
	RemoteWrite
	// Sync also waits until Acks standbys have flushed it (synchronous_commit = on; MongoDB w:majority).
	Sync
	// RemoteApply also waits until Acks standbys have replayed it.
	RemoteApply
	// SemisyncAfterSync waits for receipt by Acks replicas before the transaction is committed and visible, and falls back
	// to Async after FallBack (MySQL rpl_semi_sync_source_wait_point = AFTER_SYNC).
	SemisyncAfterSync
	// SemisyncAfterCommit commits, so that others can read the row, and then waits (AFTER_COMMIT).
	SemisyncAfterCommit
	// InSync waits for every member of the in-sync set, which a follower leaves after LagTimeMax (Kafka acks=all). With
	// fewer than MinInSync members writes are refused.
	InSync
	// Majority waits until a majority of all members, the leader's own disk being one of them and written in parallel,
	// has flushed (Raft).
	Majority
)

func modeNames() []string {
	return []string{
		"off", "async", "remote-write", "sync", "remote-apply", "semisync-after-sync", "semisync-after-commit", "in-sync",
		"majority",
	}
}

// String is the name, as a flag takes it.
func (m Mode) String() string { return enum.Name(m, modeNames()) }

// MarshalText writes the name.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (m *Mode) UnmarshalText(text []byte) error {
	return enum.Parse(m, text, "replication: mode", modeNames())
}

// FaultKind is what fails.
type FaultKind int

// The faults.
const (
	// Crash is a host's: what was not flushed is gone, and so is what it had in flight. It comes back after For.
	Crash        FaultKind = iota
	CrashProcess           // the database's: the OS keeps what was written, and still delivers what was sent
	CrashDisk              // a host's with its disk: it comes back empty and is seeded from the primary
	Partition              // Nodes are cut off from the others; connections stay and deliver afterwards
	Disconnect             // the same, and connections are closed at once
	SlowLink               // delays of Nodes are multiplied by Factor
	Pause                  // Nodes stand still: a long garbage collection, a suspended machine
	PauseReplay            // replay stands still, the log is still received
	SlowApply              // replay takes Factor times as long
	Clock                  // the clocks of Nodes run at Factor times the right rate
)

func faultNames() []string {
	return []string{
		"crash", "crash-process", "crash-disk", "partition", "disconnect", "slow-link", "pause", "pause-replay", "slow-apply", "clock",
	}
}

func (k FaultKind) crashes() bool { return k <= CrashDisk }
func (k FaultKind) cuts() bool    { return k == Partition || k == Disconnect }

// class groups the faults that exclude one another on a node.
func (k FaultKind) class() FaultKind {
	switch {
	case k.crashes():
		return Crash
	case k.cuts():
		return Partition
	}
	return k
}

// String is the name, as a flag takes it.
func (k FaultKind) String() string { return enum.Name(k, faultNames()) }

// MarshalText writes the name.
func (k FaultKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *FaultKind) UnmarshalText(text []byte) error {
	return enum.Parse(k, text, "replication: fault", faultNames())
}

// Policy is where reads go.
type Policy int

// The read policies.
const (
	Primary       Policy = iota // the primary, by what the client knows
	AnyReplica                  // a replica drawn anew for each read
	Nearest                     // the member with the shortest mean Leg, replicas first
	Sticky                      // always the same replica while it is alive
	PrimaryWindow               // the primary for Window after one's write, then any replica
	TokenWait                   // any replica, which waits until it has replayed one's last write, at most Timeout
	MaxLag                      // a replica that is at most MaxLag behind, or the primary
	Quorum                      // Quorum members drawn anew; the newest answer counts
	Lease                       // a primary that holds its lease
	ReadIndex                   // a primary that a majority confirms first
)

func policyNames() []string {
	return []string{
		"primary", "any-replica", "nearest", "sticky", "primary-window", "token-wait", "max-lag", "quorum", "lease", "read-index",
	}
}

// String is the name, as a flag takes it.
func (p Policy) String() string { return enum.Name(p, policyNames()) }

// MarshalText writes the name.
func (p Policy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Policy) UnmarshalText(text []byte) error {
	return enum.Parse(p, text, "replication: read policy", policyNames())
}

// Fencing is how an old primary is kept from writing.
type Fencing int

// The kinds of fencing.
const (
	NoFencing    Fencing = iota // it writes until the fault ends
	Epoch                       // members refuse a smaller epoch; what needs no other member still goes on
	LeaseFencing                // it stops when its lease ends by its clock; the new one waits for that
	Stonith                     // it is switched off first
)

func fencingNames() []string { return []string{"none", "epoch", "lease", "stonith"} }

// String is the name, as a flag takes it.
func (f Fencing) String() string { return enum.Name(f, fencingNames()) }

// MarshalText writes the name.
func (f Fencing) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (f *Fencing) UnmarshalText(text []byte) error {
	return enum.Parse(f, text, "replication: fencing", fencingNames())
}

// Candidate is which replica is promoted.
type Candidate int

// The candidate rules.
const (
	MostReceived Candidate = iota // the longest log
	LowestNumber                  // by priority: the lowest number that is alive and connected
	FirstAlive                    // any that answers, drawn at random
)

func candidateNames() []string { return []string{"most-received", "priority", "first-alive"} }

// String is the name, as a flag takes it.
func (c Candidate) String() string { return enum.Name(c, candidateNames()) }

// MarshalText writes the name.
func (c Candidate) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (c *Candidate) UnmarshalText(text []byte) error {
	return enum.Parse(c, text, "replication: candidate", candidateNames())
}

// Authority is who decides on a failover.
type Authority int

// The authorities.
const (
	Orchestrator Authority = iota // an observer outside the group, who is not among the nodes that a partition cuts off
	Consensus                     // the members: a majority of the group must be alive and connected to one another
)

func authorityNames() []string { return []string{"orchestrator", "consensus"} }

// String is the name, as a flag takes it.
func (a Authority) String() string { return enum.Name(a, authorityNames()) }

// MarshalText writes the name.
func (a Authority) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (a *Authority) UnmarshalText(text []byte) error {
	return enum.Parse(a, text, "replication: authority", authorityNames())
}
