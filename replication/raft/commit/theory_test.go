package commit

import (
	"fmt"
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/law"

	"github.com/stretchr/testify/assert"
)

// Order statistics of Erlang(2) answers, as fractions, and the simulation against the integral for other laws.
func TestMean(t *testing.T) {
	const m = time.Millisecond
	c := Config{Servers: 3, Alive: 3, OneWay: law.Exp(m), Proposals: few(60_000)}
	mean := theory("mean commit time of a proposal", "order statistic of Erlang(2) answers, as a fraction", "s")
	const delays = ", exponential delays of mean 1 ms"
	mean.Within(t, alive(3, 3)+delays, 1.25e-3, Mean(c), 1e-8)
	c.Alive = 2
	mean.Within(t, alive(2, 3)+delays, 2e-3, Mean(c), 1e-8)
	c.Servers, c.Alive = 5, 3
	mean.Within(t, alive(3, 5)+delays, 2.75e-3, Mean(c), 1e-8)
	c.Alive = 4
	mean.Within(t, alive(4, 5)+delays, 197./108*1e-3, Mean(c), 1e-8)
	simulated := theory("simulated mean commit time of isolated proposals", "order statistic of the answers, by integration", "s")
	within := theory("share of commits within the simulated median", "order statistic of the answers, by integration", "")
	c.Alive = 2
	assert.Equal(t, math.Inf(1), Mean(c))
	for _, c := range []Config{
		{Servers: 5, Alive: 5, OneWay: law.Exp(m), Disk: law.Exp(m / 2)},
		{Servers: 5, Alive: 4, OneWay: law.Uniform(m, 2*m), Disk: law.Const(m)},
		{Servers: 3, Alive: 3, OneWay: law.Uniform(m, 2*m), LeaderDisk: law.Exp(10 * m)},
		{Servers: 4, Alive: 3, OneWay: law.Const(m), LeaderDisk: law.Exp(3 * m)},
	} {
		c.Proposals = few(60_000)
		r := commits(t, c)
		se := (r.CommitHigh - r.CommitLow) / 4
		cell := fmt.Sprintf("%s, delay %v, disk %v, leader's disk %v", alive(c.Alive, c.Servers), c.OneWay, c.Disk, c.LeaderDisk)
		simulated.Within(t, cell, Mean(c), r.CommitMean, 4*se+5e-4*r.CommitMean)
		within.Within(t, cell, .5, Within(c, r.CommitP50), .01)
	}
	fixed := theory("commit time when nothing is random", "the later of 2 delays + disk and, if its vote is needed, the leader's disk", "s")
	fixed.Within(t, alive(3, 3)+", delay 1 ms, disk 0.5 ms", 2.5e-3, Mean(Config{Servers: 3, Alive: 3, OneWay: law.Const(m), Disk: law.Const(m / 2), Proposals: 1}), 1e-12)
	fixed.Within(t, alive(2, 3)+", delay 1 ms, leader's disk 7 ms", .007, Mean(Config{Servers: 3, Alive: 2, OneWay: law.Const(m), LeaderDisk: law.Const(7 * m), Proposals: 1}), 1e-12)
}

// A load so light that proposals do not meet is as good as none.
func TestLightLoadIsIsolated(t *testing.T) {
	c := Config{Servers: 5, Alive: 5, OneWay: law.Exp(time.Millisecond), Disk: law.Exp(time.Millisecond), Rate: .5, Proposals: few(40_000)}
	r := commits(t, c)
	cell := alive(5, 5) + ", exponential delays and syncs of mean 1 ms, 0.5 proposals/s"
	theory("simulated mean commit time under a light load", "order statistic of the answers, by integration", "s").Within(t, cell, Mean(c), r.CommitMean, .015*r.CommitMean)
	theory("messages a commit", "2 (n - 1)", "").Within(t, cell, 8, r.MessagesMean, .01)
}
