package quorum

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/check"
)

// Config describes one write and one read of N replicas, over and over. It is a plain value: copy it, change a field,
// simulate again.
type Config struct {
	N          int    `json:"n"`            // replicas, [1, 100]
	R          int    `json:"r"`            // answers that a read waits for, [1, N]
	W          int    `json:"w"`            // acknowledgements that a write waits for, [1, N]
	Latency    Model  `json:"latency"`      // of the four legs
	ReadFanOut FanOut `json:"read_fan_out"` // whom a read asks
	Trials     int    `json:"trials"`       // pairs of a write and a read, [1, 4e9]; production models run at some millions a second
	Seed       uint64 `json:"seed"`
}

// Default is the Cassandra of the paper's time, N = 3 and R = W = 1, on LinkedInDisk, with a million trials.
func Default() Config {
	return Config{N: 3, R: 1, W: 1, Latency: LinkedInDisk(), Trials: 1_000_000, Seed: 1}
}

const (
	mostReplicas = 100
	mostTrials   = 4_000_000_000
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	v.quorums(c.N, c.R, c.W)
	v.model("Latency", c.Latency)
	if c.ReadFanOut != ToAll && c.ReadFanOut != ToQuorum {
		v.Add("ReadFanOut = %d, want all or quorum", c.ReadFanOut)
	}
	check.Count(&v.List, "Trials", c.Trials, 1, mostTrials)
	return v.Err()
}

// Validate says all that is wrong with m at once; every error wraps ErrInvalidConfig.
func (m Model) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	v.model("Model", m)
	return v.Err()
}

// checks collects what is wrong.
type checks struct{ check.List }

func (v *checks) quorums(n, r, w int) {
	check.Count(&v.List, "N", n, 1, mostReplicas)
	n = min(max(n, 1), mostReplicas)
	check.Count(&v.List, "R", r, 1, n)
	check.Count(&v.List, "W", w, 1, n)
}

func (v *checks) model(name string, m Model) {
	v.latency(name+".Write", m.Write)
	v.latency(name+".Ack", m.Ack)
	v.latency(name+".Read", m.Read)
	v.latency(name+".Response", m.Response)
	v.Span(name+".Remote", m.Remote, 0, time.Hour)
}

func (v *checks) latency(name string, l Latency) {
	if l.count == 0 {
		if err := l.law.Validate(); err != nil {
			v.Add("%s = %v: %w", name, l.law, err)
		}
		return
	}
	if l.count > mostParts {
		v.Add("%s has %d parts, want in [1, %d]", name, l.count, mostParts)
		return
	}
	var sum float64
	for i, p := range l.parts[:l.count] {
		v.part(fmt.Sprintf("%s.Part[%d]", name, i), p)
		sum += p.Weight
	}
	if !(math.Abs(sum-1) <= 1e-9) {
		v.Add("%s: weights add up to %g, want 1", name, sum)
	}
}

func (v *checks) part(name string, p Part) {
	if !(p.Weight > 0 && p.Weight <= 1) {
		v.Add("%s.Weight = %g, want in (0, 1]", name, p.Weight)
	}
	if p.Alpha == 0 && p.Xm == 0 {
		v.Between(name+".Rate", p.Rate, 1e-9, 1e9, " per ms")
		return
	}
	v.Between(name+".Alpha", p.Alpha, 0.1, 1000, "")
	v.Between(name+".Xm", p.Xm, 1e-9, 1e9, " ms")
	if p.Rate != 0 {
		v.Add("%s.Rate = %g, want 0: a part is Pareto or exponential", name, p.Rate)
	}
}
