package replication

import "time"

// Default is PostgreSQL with two asynchronous standbys, a millisecond away.
func Default() Config { return PostgreSQL(Async, AnyOf(1), 2) }

// Group is the plain case that the presets start from: one primary, replicas at an average distance of delay, no time for
// anything else, writes at a Poisson rate, a run of one minute, no faults, no failover.
func Group(replicas int, delay Law, rate float64) Config {
	return Config{
		Replicas: replicas, Mode: Async, Acks: AnyOf(1),
		Workload: Workload{WriteRate: rate, Clients: 1000, Size: 200, Retry: 100 * time.Millisecond},
		Pipeline: Pipeline{Delay: []Law{delay}, Workers: 1, WriterDelay: 200 * time.Millisecond, Streamed: true, QueryPatience: 30 * time.Second},
		Reads:    Reads{Policy: AnyReplica, Quorum: 1, Timeout: time.Second, MaxLag: time.Second, Window: time.Second},
		Failover: Failover{Interval: time.Second, Misses: 3, Lease: 15 * time.Second, Fencing: Epoch},
		FallBack: 10 * time.Second, LagTimeMax: 30 * time.Second, MinInSync: 1,
		Duration: time.Minute, MaxWrites: 100_000_000, List: 100, Transcript: 10_000,
	}
}

// PostgreSQL is streaming replication (docs, runtime-config-wal and runtime-config-replication): one replay process, large
// transactions streamed, queries on a standby cancelled after max_standby_streaming_delay = 30 s.
func PostgreSQL(mode Mode, acks Acks, replicas int) Config {
	c := Group(replicas, Const(time.Millisecond), 500)
	c.Mode, c.Acks = mode, acks
	c.Pipeline.Flush = Const(500 * time.Microsecond)
	c.Pipeline.Apply = Const(75 * time.Microsecond)
	c.Failover.Grain = 100 * time.Millisecond
	return c
}

// PostgreSQLMeasured is a host on which PostgreSQL 15.18 was measured with delays made by a FIFO relay, one session: client
// round trip .07 ms; a flush of .16 ms back to back and .77 ms after 10 ms of rest; .35 ms a leg besides the delay, half of
// what an echo took longer; .13 ms for a standby's write and .075 ms for the replay of a row, in the ranges seen.
func PostgreSQLMeasured(mode Mode, acks Acks, delay ...Law) Config {
	c := Group(max(len(delay), 1), Law{}, 0)
	c.Mode, c.Acks = mode, acks
	c.Workload.Clients, c.Workload.Sessions = 0, 1
	c.Workload.ClientLeg = Const(35 * time.Microsecond)
	p := &c.Pipeline
	p.Insert = Const(190 * time.Microsecond)
	p.Flush, p.FlushIdle, p.FlushGap = Const(160*time.Microsecond), Const(770*time.Microsecond), 3*time.Millisecond
	p.Write, p.Apply = Const(130*time.Microsecond), Const(75*time.Microsecond)
	p.Delay = nil
	for _, d := range delay {
		p.Delay = append(p.Delay, d.After(350*time.Microsecond))
	}
	p.StatusInterval = 10 * time.Second
	c.Failover.Grain = 100 * time.Millisecond
	return c
}

// MySQLSemisync is MySQL with semi-synchronous replication, one replica's acknowledgement and the default time-out of 10 s
// (reference manual, replication-semisync-interface), four appliers that keep the commit order (the default since 8.0.27).
// after says whether other clients can read a row before it is acknowledged (AFTER_COMMIT).
func MySQLSemisync(after bool, replicas int) Config {
	c := Group(replicas, Const(time.Millisecond), 500)
	c.Mode = SemisyncAfterSync
	if after {
		c.Mode = SemisyncAfterCommit
	}
	c.Pipeline.Workers, c.Pipeline.ReplayWritten, c.Pipeline.Streamed = 4, true, false
	c.Pipeline.Flush, c.Pipeline.Apply = Const(500*time.Microsecond), Const(200*time.Microsecond)
	return c
}

// MongoDB is a replica set of three with write concern w: 1, a number, or 0 for majority, which counts members that have
// flushed (docs, write concern); elections after electionTimeoutMillis = 10 s, heartbeats every 2 s (replica-set-elections).
func MongoDB(w int) Config {
	c := Group(2, Const(time.Millisecond), 500)
	c.Pipeline.Flush, c.Pipeline.Apply = Const(500*time.Microsecond), Const(100*time.Microsecond)
	switch {
	case w == 0:
		c.Mode, c.Acks = Sync, AnyOf(1)
	case w > 1:
		c.Mode, c.Acks = RemoteWrite, AnyOf(w-1)
	}
	c.Failover.Enabled, c.Failover.Interval, c.Failover.Misses = true, 2*time.Second, 5
	c.Failover.Authority, c.Failover.Fencing = Consensus, Epoch
	return c
}

// Kafka is a partition with acks=all: three replicas of the log, replica.lag.time.max.ms = 30 s, no unclean election.
func Kafka(minInSync int) Config {
	c := Group(2, Const(time.Millisecond), 1000)
	c.Mode, c.MinInSync, c.LagTimeMax = InSync, minInSync, 30*time.Second
	c.Pipeline.ReplayWritten = true
	c.Failover.Enabled, c.Failover.Fencing = true, Epoch
	c.Reads.Policy = Primary
	return c
}

// RaftGroup is a group of members that commit by majority, the leader's disk in parallel with the others' (Ongaro's
// dissertation, chapter 10), with the etcd server's heartbeat of 100 ms and election time-out of 1 s.
func RaftGroup(members int) Config {
	c := Group(max(members-1, 0), Const(time.Millisecond), 500)
	c.Mode = Majority
	c.Pipeline.Flush, c.Pipeline.Apply = Const(500*time.Microsecond), Const(20*time.Microsecond)
	c.Failover.Enabled, c.Failover.Interval, c.Failover.Misses = members > 1, 100*time.Millisecond, 10
	c.Failover.Authority, c.Failover.Fencing = Consensus, Epoch
	c.Reads.Policy = ReadIndex
	return c
}

// SixStores is a primary that writes its log to six stores and waits for any four of them, as Aurora does (six copies in
// three zones, writes to 4 of 6); it has no disk of its own.
func SixStores() Config {
	c := Group(6, Const(time.Millisecond), 1000)
	c.Mode, c.Acks = RemoteWrite, AnyOf(4)
	c.Pipeline.ReplayWritten = true
	c.Failover.Enabled, c.Failover.Fencing = true, Epoch
	return c
}
