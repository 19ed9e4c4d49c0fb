package replication

import (
	"time"

	"cloudconcepts/internal/check"
)

// Config describes a group of one primary, node 0, and Replicas standbys, nodes 1..Replicas, its clients, and what fails.
// It is a plain value: copy it, change a field, simulate again.
type Config struct {
	Replicas int  `json:"replicas"` // [0, 30]
	Mode     Mode `json:"mode"`
	Acks     Acks `json:"acks"` // for the modes that wait for standbys, except in-sync and majority

	Workload Workload `json:"workload"`
	Pipeline Pipeline `json:"pipeline"`
	Reads    Reads    `json:"reads"`
	Failover Failover `json:"failover"`
	Faults   []Fault  `json:"faults"` // in the order of their times

	// FallBack is after how long a semi-synchronous source stops waiting, (0, 1 h]; it waits again once a replica has
	// caught up. MySQL's default is 10 s.
	FallBack   time.Duration `json:"fall_back_ns"`
	LagTimeMax time.Duration `json:"lag_time_max_ns"` // in-sync: a follower not caught up for so long leaves the set, (0, 1 h]; Kafka 30 s
	MinInSync  int           `json:"min_in_sync"`     // in-sync: fewer members, leader included, refuse writes, [1, Replicas + 1]

	Duration  time.Duration `json:"duration_ns"` // length of the run, (0, 1 week]
	Warmup    time.Duration `json:"warm_up_ns"`  // of it, without statistics of latency, lag and reads, [0, Duration]
	MaxWrites int           `json:"writes"`      // no more than so many writes are issued, [1, 1e9]
	Seed      uint64        `json:"seed"`
	Run       uint64        `json:"run,omitempty"` // which of the independent runs of Seed; Replicate counts them

	Sample     time.Duration `json:"sample_ns"`  // a row of Result.Rows per replica and so long; 0 = none; at most 1e6 rows
	Transcript int           `json:"transcript"` // keep the first so many events of failures and failover, [0, 1e6]
	List       int           `json:"list"`       // keep the first so many lost, in-doubt and diverged writes, [0, 1e6]
}

// Workload is what the clients write.
type Workload struct {
	WriteRate float64 `json:"write_rate_per_s"` // writes/s of a Poisson process, [0, 1e9]; 0 = Sessions write instead
	Steps     []Step  `json:"steps"`            // changes of WriteRate, times rising
	Clients   int     `json:"clients"`          // the clients among which a Poisson process is drawn, [1, 1e5]
	// Sessions write back to back: write, wait for the acknowledgement, think and read (see Reads), write again; [0, 1e5].
	Sessions int `json:"sessions"`
	// Keys are the rows that are written, each as likely, [0, 1e5]; 0 = every write is a new row.
	Keys int   `json:"keys"`
	Size int64 `json:"size_bytes"` // bytes of log per write, [0, 1e9]
	// AsyncShare of the writes are committed with Async whatever the mode is, [0, 1].
	AsyncShare float64       `json:"async_share"`
	Big        []Big         `json:"big"`          // large transactions and schema changes, times not falling
	Heartbeat  time.Duration `json:"heartbeat_ns"` // a timestamp row is written so often, for the heartbeat lag; 0 = never, [1 ms, 1 h]
	Retry      time.Duration `json:"retry_ns"`     // a session without an answer from a primary tries again after so long, [1 ms, 1 h]
	ClientLeg  Law           `json:"client_leg"`
	// Near is the share of clients on the primary's side of a partition that cuts it off, [0, 1]: they keep writing there.
	Near float64 `json:"near"`
}

// Step changes the rate of writes.
type Step struct {
	At   time.Duration `json:"at_ns"`
	Rate float64       `json:"rate_per_s"` // [0, 1e9]
}

// Big is one large transaction or schema change.
type Big struct {
	At      time.Duration `json:"at_ns"`
	Primary time.Duration `json:"primary_ns"` // how long it runs on the primary, [0, 1 day]
	Replay  time.Duration `json:"replay_ns"`  // how long it keeps an applier busy, [0, 1 day]
	Schema  bool          `json:"schema"`     // nothing else is replayed beside it, whatever the number of workers
	Bytes   int64         `json:"bytes"`      // of log, [0, 1e15]
}

// Pipeline is the way of a record from the primary's log to a reader of a standby.
type Pipeline struct {
	Insert Law `json:"insert"` // work on the primary before the record is in the log
	Flush  Law `json:"flush"`  // a log flush, on any node; sessions that wait at once share it
	// FlushIdle and FlushGap make a flush dearer after a gap: flush + (idle - flush)(1 - exp(-gap/FlushGap)); FlushGap 0
	// turns that off.
	FlushIdle   Law           `json:"flush_idle"`
	FlushGap    time.Duration `json:"flush_gap_ns"`    // [0, 1 h]
	WriterDelay time.Duration `json:"writer_delay_ns"` // mode off: a flush so often, (0, 1 min]; PostgreSQL's docs: at most 3 times it is lost

	Delay     []Law   `json:"delay"`                 // one way, one law for all replicas or one for each; order is kept on a link
	Return    []Law   `json:"return"`                // the way back; empty = Delay
	Bandwidth float64 `json:"bandwidth_bytes_per_s"` // of each link, [0, 1e15]; 0 = no limit

	Write         Law  `json:"write"`          // a standby hands received log to its OS
	ReplayWritten bool `json:"replay_written"` // replay begins after the write and standbys do not flush (MySQL's relay log), as always in the semi-sync and in-sync modes; false = after the flush
	Apply         Law  `json:"apply"`          // replay of one record
	Workers       int  `json:"workers"`        // appliers, commits in order, [1, 64]
	// Conflicts is the share of records that depend on the one before them and cannot be replayed beside it, [0, 1]; so do
	// records of one of Keys.
	Conflicts float64 `json:"conflicts"`
	ReadLoad  float64 `json:"read_load"` // share of an applier's time that readers take, [0, 0.999]
	Streamed  bool    `json:"streamed"`  // large transactions are sent and replayed while they run (PostgreSQL); false = at commit (MySQL)

	QueryConflicts float64       `json:"query_conflicts"`   // share of records that meet a query on the standby that blocks their replay, [0, 1]
	Query          Law           `json:"query"`             // what such a query still has to run
	QueryPatience  time.Duration `json:"query_patience_ns"` // it is cancelled so long after the record's receipt, [0, 1 week]; PostgreSQL 30 s

	StatusInterval    time.Duration `json:"status_interval_ns"`    // a standby also reports so often, 0 = never, [1 ms, 1 h]
	ConnectionTimeout time.Duration `json:"connection_timeout_ns"` // a partition that lasts longer closes the connection, 0 = never
	Reconnect         Law           `json:"reconnect"`             // from the end of a fault until a standby streams again
}

// Reads is what the clients read.
type Reads struct {
	Policy  Policy        `json:"policy"`
	Count   int           `json:"count"`      // reads of the row after each acknowledged write, [0, 1000]
	Think   Law           `json:"think"`      // between the acknowledgement and the first read, or the session's next write
	Gap     Law           `json:"gap"`        // between reads
	Window  time.Duration `json:"window_ns"`  // primary-window: reads so soon after one's write go to the primary, [0, 1 h]
	Timeout time.Duration `json:"timeout_ns"` // token-wait: then the primary is asked, [0, 1 h]
	MaxLag  time.Duration `json:"max_lag_ns"` // max-lag: replicas further behind are left out, [0, 1 h]
	Quorum  int           `json:"quorum"`     // quorum: members asked, the newest answer counts, [1, Replicas + 1]
	Leg     []Law         `json:"leg"`        // client to member, one way: none, one for all, or primary and replicas
}

// Failover is how another primary is found.
type Failover struct {
	Enabled   bool          `json:"enabled"`
	Interval  time.Duration `json:"interval_ns"` // between two checks of the primary, [1 us, 1 h]
	Misses    int           `json:"misses"`      // checks missed until it is declared dead, [1, 1000]
	Authority Authority     `json:"authority"`
	Decide    Law           `json:"decide"` // choosing the candidate or electing it
	Fencing   Fencing       `json:"fencing"`
	Lease     time.Duration `json:"lease_ns"` // fencing lease, renewed by every check, (0, 1 h]
	Drift     float64       `json:"drift"`    // the holder stops at Lease (1 - Drift), [0, 0.5]
	Stonith   Law           `json:"stonith"`  // until the old primary is surely off
	Candidate Candidate     `json:"candidate"`
	Unclean   bool          `json:"unclean"`  // in-sync: a follower outside the set may lead, at the price of acknowledged writes
	Promote   Law           `json:"promote"`  // promotion besides replaying what was received
	Grain     time.Duration `json:"grain_ns"` // a promotion ends at a multiple of it, [0, 1 min]; PostgreSQL 15 was seen at 100 ms
	Reroute   Law           `json:"reroute"`  // until clients know the new primary
	Rejoin    Law           `json:"rejoin"`   // truncating an old primary's log and following the new one
}

// Fault is one failure. Faults of one kind on one node must not overlap, nor may partitions and disconnects.
type Fault struct {
	At     time.Duration `json:"at_ns"`
	For    time.Duration `json:"for_ns"` // 0 = for the rest of the run
	Kind   FaultKind     `json:"kind"`
	Nodes  []int         `json:"nodes"`
	Factor float64       `json:"factor"` // slow-link, slow-apply: times are multiplied by it, (0, 1e6]; clock: the clock's rate, 1 = right
}

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	p := checks{check.Of(ErrInvalidConfig)}
	check.Count(&p.List, "Replicas", c.Replicas, 0, mostReplicas)
	p.name("Mode", c.Mode.String())
	c.checkCommits(&p)
	c.Workload.check(&p)
	c.Pipeline.check(&p, c)
	c.Reads.check(&p, c)
	c.Failover.check(&p, c)
	c.checkFaults(&p)
	p.Span("Duration", c.Duration, 1, week)
	p.Span("Warmup", c.Warmup, 0, max(c.Duration, 0))
	check.Count(&p.List, "MaxWrites", c.MaxWrites, 1, mostWrites)
	if c.Sample != 0 {
		p.Span("Sample", c.Sample, 1, week)
		rows := float64(c.Duration) / float64(max(c.Sample, 1)) * float64(c.Replicas+1)
		if rows > mostRows {
			p.Add("Sample = %v makes %.3g rows, want at most %d", c.Sample, rows, mostRows)
		}
	}
	check.Count(&p.List, "Transcript", c.Transcript, 0, mostRows)
	check.Count(&p.List, "List", c.List, 0, mostRows)
	if reads := float64(c.MaxWrites) * float64(c.Reads.Count); reads > 1e10 {
		p.Add("MaxWrites x Reads.Count = %.3g, want at most 1e10", reads)
	}
	return p.Err()
}
