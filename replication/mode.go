package replication

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
