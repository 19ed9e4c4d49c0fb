package replication

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

// String is the name on the command line.
func (k FaultKind) String() string { return nameOf(faultNames(), int(k)) }

// MarshalText implements encoding.TextMarshaler.
func (k FaultKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *FaultKind) UnmarshalText(text []byte) error {
	at, err := indexOf("fault", faultNames(), string(text))
	if err == nil {
		*k = FaultKind(at)
	}
	return err
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

// String is the name on the command line.
func (p Policy) String() string { return nameOf(policyNames(), int(p)) }

// MarshalText implements encoding.TextMarshaler.
func (p Policy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Policy) UnmarshalText(text []byte) error {
	at, err := indexOf("read policy", policyNames(), string(text))
	if err == nil {
		*p = Policy(at)
	}
	return err
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

// String is the name on the command line.
func (f Fencing) String() string { return nameOf(fencingNames(), int(f)) }

// MarshalText implements encoding.TextMarshaler.
func (f Fencing) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (f *Fencing) UnmarshalText(text []byte) error {
	at, err := indexOf("fencing", fencingNames(), string(text))
	if err == nil {
		*f = Fencing(at)
	}
	return err
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

// String is the name on the command line.
func (c Candidate) String() string { return nameOf(candidateNames(), int(c)) }

// MarshalText implements encoding.TextMarshaler.
func (c Candidate) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Candidate) UnmarshalText(text []byte) error {
	at, err := indexOf("candidate", candidateNames(), string(text))
	if err == nil {
		*c = Candidate(at)
	}
	return err
}

// Authority is who decides on a failover.
type Authority int

// The authorities.
const (
	Orchestrator Authority = iota // an observer outside the group, who is not among the nodes that a partition cuts off
	Consensus                     // the members: a majority of the group must be alive and connected to one another
)

func authorityNames() []string { return []string{"orchestrator", "consensus"} }

// String is the name on the command line.
func (a Authority) String() string { return nameOf(authorityNames(), int(a)) }

// MarshalText implements encoding.TextMarshaler.
func (a Authority) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *Authority) UnmarshalText(text []byte) error {
	at, err := indexOf("authority", authorityNames(), string(text))
	if err == nil {
		*a = Authority(at)
	}
	return err
}
