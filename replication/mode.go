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

func (m Mode) semisync() bool { return m == SemisyncAfterSync || m == SemisyncAfterCommit }

// The positions that a standby reports.
const (
	nothing = iota - 1
	written
	flushed
	applied
	positions
)

// waitsFor is the position that standbys must reach, or nothing.
func (m Mode) waitsFor() int {
	switch m {
	case RemoteWrite, SemisyncAfterSync, SemisyncAfterCommit, InSync:
		return written
	case Sync, Majority:
		return flushed
	case RemoteApply:
		return applied
	}
	return nothing
}

// parallel tells whether records are sent before the leader has flushed them.
func (m Mode) parallel() bool { return m == Majority }

// relays tells whether standbys replay what they have written without flushing it.
func (c *Config) relays() bool {
	return c.Pipeline.ReplayWritten || c.Mode.semisync() || c.Mode == InSync
}

// visibleEarly tells whether a commit can be read on the primary before it is acknowledged.
func (m Mode) visibleEarly() bool { return m == SemisyncAfterCommit }
