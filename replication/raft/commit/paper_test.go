package commit

import (
	"fmt"
	"testing"
	"time"

	"cloudconcepts/internal/law"
)

// Measured commit latencies of etcd's raft, in mean one-way delays: exponential delays, isolated proposals, without and
// with a follower's sync of .5; and under .5 Poisson proposals per delay. Tolerance 2 %, of the measured means; 2.104
// under load is itself 1.5 % below the model of FIFO links with the commit broadcast, 2.136.
func TestCommitMeasured(t *testing.T) {
	const m = time.Millisecond
	isolated := onLibrary("go.etcd.io/raft v3.7.0", "etcd: mean commit time of isolated proposals", "mean delays")
	loaded := onLibrary("go.etcd.io/raft v3.7.0", "etcd: mean commit time under load", "mean delays")
	model := theory("mean commit time under load", "independent simulation of FIFO links", "mean delays")
	for _, cell := range []struct {
		servers, alive int
		mean, synced   float64
	}{{3, 3, 1.258, 1.759}, {5, 5, 1.451, 1.948}, {3, 2, 2.041, 2.496}, {5, 4, 1.825, 2.332}, {5, 3, 2.737, 3.243}} {
		t.Run(fmt.Sprintf("%d of %d", cell.alive, cell.servers), func(t *testing.T) {
			c := Config{Servers: cell.servers, Alive: cell.alive, OneWay: law.Exp(m), Proposals: few(100_000)}
			name := alive(cell.alive, cell.servers) + ", exponential delays"
			isolated.Relative(t, name, cell.mean, commits(t, c).CommitMean*1e3, .025)
			c.Disk = law.Const(m / 2)
			isolated.Relative(t, name+", a follower's sync takes half a delay", cell.synced, commits(t, c).CommitMean*1e3, .02)
		})
	}
	for _, cell := range []struct {
		servers               int
		measured, with, plain float64
	}{{3, 2.104, 2.136, 1.720}, {5, 2.393, 2.383, 1.948}} {
		t.Run(fmt.Sprintf("load/%d", cell.servers), func(t *testing.T) {
			c := Config{Servers: cell.servers, Alive: cell.servers, OneWay: law.Exp(m), Rate: 500, Proposals: few(200_000)}
			name := alive(cell.servers, cell.servers) + ", exponential delays, 0.5 proposals a delay"
			model.Relative(t, name+", no commit broadcast", cell.plain, commits(t, c).CommitMean*1e3, .01)
			c.CommitBroadcast = true
			r := commits(t, c)
			model.Relative(t, name+", commit broadcast", cell.with, r.CommitMean*1e3, .01)
			loaded.Relative(t, name, cell.measured, r.CommitMean*1e3, .02)
		})
	}
}
