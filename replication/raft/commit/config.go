package commit

import (
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/law"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Config describes a group with a living leader that commits proposals.
type Config struct {
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

func (c Config) quorum() int { return c.Servers/2 + 1 }

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := check.Of(ErrInvalidConfig)
	check.Count(&v, "Servers", c.Servers, 1, mostServers)
	check.Count(&v, "Alive", c.Alive, 1, max(c.Servers, 1))
	v.Law("OneWay", c.OneWay, 0, time.Hour)
	v.Law("Disk", c.Disk, 0, time.Hour)
	v.Law("LeaderDisk", c.LeaderDisk, 0, time.Hour)
	if !(c.Rate >= 0 && c.Rate <= 1e9) || c.Rate > 0 && c.Rate < 1e-6 {
		v.Add("Rate = %g, want 0 or in [1e-06, 1e+09] 1/s", c.Rate)
	}
	check.Count(&v, "Proposals", c.Proposals, 1, 1_000_000_000)
	return v.Err()
}

// mostServers of a group, as in package raft.
const mostServers = 63

// gap is the mean time between proposals in ns.
func (c Config) gap() float64 { return float64(time.Second) / c.Rate }
