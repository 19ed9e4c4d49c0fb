package raft

import (
	"time"

	"cloudconcepts/internal/check"
)

const (
	maxServers   = 63
	maxTicks     = 10_000
	maxElections = 1_000_000_000
	mostTerms    = 10_000
	mostTraces   = 1000
	minTimeout   = time.Microsecond
	maxTimeout   = time.Hour
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	check.Count(&v.List, "Servers", c.Servers, 1, maxServers)
	check.Count(&v.List, "Alive", c.Alive, 0, max(c.Servers, 0))
	check.Count(&v.List, "Ineligible", c.Ineligible, 0, max(c.Alive, 0))
	switch c.Rules {
	case Dissertation:
		v.dissertation(c)
	case Etcd:
		v.etcd(c)
	case Hashicorp:
		v.hashicorp(c)
	default:
		v.Add("Rules = %d, want one of %v", int(c.Rules), ruleNames())
	}
	v.law("OneWay", c.OneWay)
	v.law("Disk", c.Disk)
	check.Count(&v.List, "Elections", c.Elections, 1, maxElections)
	check.Count(&v.List, "MaxTerms", c.MaxTerms, 1, mostTerms)
	check.Count(&v.List, "Trace", c.Trace, 0, mostTraces)
	return v.Err()
}

// checks collects what is wrong.
type checks struct{ check.List }

func (v *checks) law(name string, l Law) {
	if err := l.Validate(); err != nil {
		v.Add("%s = %v: %w", name, l, err)
		return
	}
	if m := l.Mean(); !(m >= 0 && m <= maxTimeout.Seconds()) {
		v.Add("%s = %v with mean %g s, want in [0, %g] s", name, l, m, maxTimeout.Seconds())
	}
}

// off refuses an option that a rule set does not have.
func (v *checks) off(name string, on bool, rules Rules) {
	if on {
		v.Add("%s = true, want false: the rules %v have no such option", name, rules)
	}
}

func (v *checks) dissertation(c Config) {
	v.Span("TimeoutMin", c.TimeoutMin, minTimeout, maxTimeout)
	v.Span("TimeoutMax", c.TimeoutMax, max(c.TimeoutMin, minTimeout), maxTimeout)
	v.Span("Heartbeat", c.Heartbeat, 0, max(c.TimeoutMin, 0))
	v.off("PreVote", c.PreVote, c.Rules)
	v.off("CheckQuorum", c.CheckQuorum, c.Rules)
}

func (v *checks) etcd(c Config) {
	v.Span("ElectionTimeout", c.ElectionTimeout, minTimeout, maxTimeout)
	check.Count(&v.List, "Ticks", c.Ticks, 2, maxTicks)
	if c.ElectionTimeout < minTimeout || c.Ticks < 2 {
		return
	}
	if c.Ticks <= maxTicks && c.ElectionTimeout%time.Duration(c.Ticks) != 0 {
		v.Add("ElectionTimeout = %v, want a whole number of nanoseconds in each of the %d Ticks", c.ElectionTimeout, c.Ticks)
		return
	}
	tick := c.ElectionTimeout / time.Duration(c.Ticks)
	if c.Heartbeat < 0 || c.Heartbeat >= c.ElectionTimeout || c.Heartbeat%tick != 0 {
		v.Add("Heartbeat = %v, want a multiple of the tick %v below ElectionTimeout = %v", c.Heartbeat, tick, c.ElectionTimeout)
	}
}

func (v *checks) hashicorp(c Config) {
	v.Span("ElectionTimeout", c.ElectionTimeout, minTimeout, maxTimeout)
	v.Span("Heartbeat", c.Heartbeat, 0, max(c.ElectionTimeout/2, 0))
	v.Span("CommitTimeout", c.CommitTimeout, 0, maxTimeout)
	v.off("CheckQuorum", c.CheckQuorum, c.Rules)
}
