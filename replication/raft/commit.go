package raft

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/check"

	"cloudconcepts/internal/stats"
)

// CommitConfig describes a group with a living leader that commits proposals.
type CommitConfig struct {
	Servers int `json:"servers"` // members, n, [1, 63]
	Alive   int `json:"alive"`   // of them that are alive, the leader too, [1, Servers]

	OneWay     Law `json:"one_way"`     // delay of a message on a FIFO link, mean in [0, 1 h]
	Disk       Law `json:"disk"`        // a follower's sync of new entries before it answers, mean in [0, 1 h]; all that have arrived share one
	LeaderDisk Law `json:"leader_disk"` // the leader's, while the append is on its way, mean in [0, 1 h]

	Rate float64 `json:"rate_per_s"` // Poisson proposals per second, [0, 1e9]; 0 = each alone
	// CommitBroadcast sends every follower a second, empty append whenever the commit index advances, as etcd's raft
	// does; on FIFO links the next proposal cannot overtake it, nor its answer the answer to it.
	CommitBroadcast bool `json:"commit_broadcast"`

	Proposals int    `json:"proposals"` // [1, 1e9]
	Seed      uint64 `json:"seed"`
}

func (c CommitConfig) quorum() int { return c.Servers/2 + 1 }

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c CommitConfig) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	check.Count(&v.List, "Servers", c.Servers, 1, maxServers)
	check.Count(&v.List, "Alive", c.Alive, 1, max(c.Servers, 1))
	v.law("OneWay", c.OneWay)
	v.law("Disk", c.Disk)
	v.law("LeaderDisk", c.LeaderDisk)
	if !(c.Rate >= 0 && c.Rate <= 1e9) || c.Rate > 0 && c.Rate < 1e-6 {
		v.Add("Rate = %g, want 0 or in [1e-06, 1e+09] 1/s", c.Rate)
	}
	check.Count(&v.List, "Proposals", c.Proposals, 1, maxElections)
	return v.Err()
}

// CommitResult is how long proposals took from the leader's append until its commit, in seconds.
type CommitResult struct {
	Config  CommitConfig `json:"config"`
	Blocked bool         `json:"blocked"` // nothing can ever be committed
	Cause   string       `json:"blocked_cause,omitempty"`

	CommitMean   float64 `json:"commit_mean_s"`
	CommitLow    float64 `json:"commit_mean_low_s"` // interval of 95 %, by batch means
	CommitHigh   float64 `json:"commit_mean_high_s"`
	CommitP50    float64 `json:"commit_p50_s"`
	CommitP90    float64 `json:"commit_p90_s"`
	CommitP99    float64 `json:"commit_p99_s"`
	CommitP999   float64 `json:"commit_p999_s"`
	CommitMax    float64 `json:"commit_max_s"`
	MessagesMean float64 `json:"messages_per_proposal"` // appends and answers between servers that are alive

	latency stats.Histogram
}

// CommitWithin is the share of proposals committed within t seconds.
func (r CommitResult) CommitWithin(t float64) float64 { return within(&r.latency, t) }

// CommitQuantile is the time in seconds within which a share p was committed.
func (r CommitResult) CommitQuantile(p float64) float64 { return r.latency.Quantile(clamp(p)) / 1e9 }

// CDF is the share of proposals over the time in seconds, as in Result.ElectedCDF.
func (r CommitResult) CDF(points int) Series { return cdf(&r.latency, points) }

// SimulateCommit commits the proposals, each alone or under load.
func SimulateCommit(c CommitConfig) (CommitResult, error) {
	if err := c.Validate(); err != nil {
		return CommitResult{}, err
	}
	r := CommitResult{Config: c}
	if c.Alive < c.quorum() {
		r.Blocked = true
		r.Cause = fmt.Sprintf("%d of %d servers are alive, and a majority is %d", c.Alive, c.Servers, c.quorum())
		return r, nil
	}
	p := newPipeline(c)
	if c.Rate > 0 {
		p.load(c)
	} else {
		p.alone(c)
	}
	r.latency = p.latency
	r.CommitMean = p.latency.Mean() / 1e9
	r.CommitLow, r.CommitHigh = p.means.Interval(0.95)
	if math.IsInf(r.CommitHigh, 0) {
		r.CommitLow, r.CommitHigh = 0, float64(p.latency.Max())/1e9
	}
	r.CommitP50, r.CommitP90, r.CommitP99, r.CommitP999 = r.CommitQuantile(.5), r.CommitQuantile(.9), r.CommitQuantile(.99), r.CommitQuantile(.999)
	r.CommitMax = float64(p.latency.Max()) / 1e9
	r.MessagesMean = float64(p.messages) / float64(c.Proposals)
	return r, nil
}

// gap is the mean time between proposals in ns.
func (c CommitConfig) gap() float64 { return float64(time.Second) / c.Rate }
