package raft

import (
	"errors"
	"fmt"
	"time"
)

// ErrInvalidConfig is wrapped by every error of Validate.
var ErrInvalidConfig = errors.New("raft: invalid config")

const (
	maxServers   = 63
	maxTicks     = 10_000
	maxElections = 1_000_000_000
	mostTerms    = 10_000
	mostTraces   = 1000
	minTimeout   = time.Microsecond
	maxTimeout   = time.Hour
)

// Validate reports every field that is out of range, all in one error that wraps ErrInvalidConfig.
func (c Config) Validate() error {
	var v checks
	v.count("Servers", c.Servers, 1, maxServers)
	v.count("Alive", c.Alive, 0, max(c.Servers, 0))
	v.count("Ineligible", c.Ineligible, 0, max(c.Alive, 0))
	switch c.Rules {
	case Dissertation:
		v.dissertation(c)
	case Etcd:
		v.etcd(c)
	case Hashicorp:
		v.hashicorp(c)
	default:
		v.add("Rules = %d, want one of %v", int(c.Rules), ruleNames())
	}
	v.law("OneWay", c.OneWay)
	v.law("Disk", c.Disk)
	v.count("Elections", c.Elections, 1, maxElections)
	v.count("MaxTerms", c.MaxTerms, 1, mostTerms)
	v.count("Trace", c.Trace, 0, mostTraces)
	return errors.Join(v...)
}

// checks collects what is wrong.
type checks []error

func (v *checks) add(format string, args ...any) {
	*v = append(*v, fmt.Errorf("%w: "+format, append([]any{ErrInvalidConfig}, args...)...))
}

func (v *checks) count(name string, x, low, high int) {
	if x < low || x > high {
		v.add("%s = %d, want in [%d, %d]", name, x, low, high)
	}
}

func (v *checks) span(name string, x, low, high time.Duration) {
	if x < low || x > high {
		v.add("%s = %v, want in [%v, %v]", name, x, low, high)
	}
}

func (v *checks) law(name string, l Law) {
	if err := l.Validate(); err != nil {
		v.add("%s = %v: %w", name, l, err)
		return
	}
	if m := l.Mean(); !(m >= 0 && m <= maxTimeout.Seconds()) {
		v.add("%s = %v with mean %g s, want in [0, %g] s", name, l, m, maxTimeout.Seconds())
	}
}

// off refuses an option that a rule set does not have.
func (v *checks) off(name string, on bool, rules Rules) {
	if on {
		v.add("%s = true, want false: the rules %v have no such option", name, rules)
	}
}

func (v *checks) dissertation(c Config) {
	v.span("TimeoutMin", c.TimeoutMin, minTimeout, maxTimeout)
	v.span("TimeoutMax", c.TimeoutMax, max(c.TimeoutMin, minTimeout), maxTimeout)
	v.span("Heartbeat", c.Heartbeat, 0, max(c.TimeoutMin, 0))
	v.off("PreVote", c.PreVote, c.Rules)
	v.off("CheckQuorum", c.CheckQuorum, c.Rules)
}

func (v *checks) etcd(c Config) {
	v.span("ElectionTimeout", c.ElectionTimeout, minTimeout, maxTimeout)
	v.count("Ticks", c.Ticks, 2, maxTicks)
	if c.ElectionTimeout < minTimeout || c.Ticks < 2 {
		return
	}
	if c.Ticks <= maxTicks && c.ElectionTimeout%time.Duration(c.Ticks) != 0 {
		v.add("ElectionTimeout = %v, want a whole number of nanoseconds in each of the %d Ticks", c.ElectionTimeout, c.Ticks)
		return
	}
	tick := c.ElectionTimeout / time.Duration(c.Ticks)
	if c.Heartbeat < 0 || c.Heartbeat >= c.ElectionTimeout || c.Heartbeat%tick != 0 {
		v.add("Heartbeat = %v, want a multiple of the tick %v below ElectionTimeout = %v", c.Heartbeat, tick, c.ElectionTimeout)
	}
}

func (v *checks) hashicorp(c Config) {
	v.span("ElectionTimeout", c.ElectionTimeout, minTimeout, maxTimeout)
	v.span("Heartbeat", c.Heartbeat, 0, max(c.ElectionTimeout/2, 0))
	v.span("CommitTimeout", c.CommitTimeout, 0, maxTimeout)
	v.off("CheckQuorum", c.CheckQuorum, c.Rules)
}
