package lsm

import (
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/check"
)

// RunFilter is a run of the simulation and its filter.
type RunFilter struct {
	Keys       int     `json:"keys"`         // [1, 1e8], 1e8 in all runs together
	BitsPerKey float64 `json:"bits_per_key"` // [0, 1000]; 0 = no filter
	Hashes     int     `json:"hashes"`       // [1, 64], ignored without a filter
}

// Config describes lookups in runs with real filters.
type Config struct {
	Runs   []RunFilter   `json:"runs"` // newest first, at most 4096
	Layout filter.Layout `json:"layout"`
	Scheme filter.Scheme `json:"scheme"`
	// SharedHash asks all filters with one hash of the key; else each run has a
	// seed of its own. Blocked with the Double scheme and SharedHash is
	// Pebble.
	SharedHash bool `json:"shared_hash"`
	// Present looks up keys of the last run; else all keys are absent.
	Present bool   `json:"present"`
	Lookups int    `json:"lookups"` // [1, 1e9]
	Seed    uint64 `json:"seed"`
}

const maxSimBits = 1 << 33 // 1 GiB of filters

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := check.Of(ErrInvalidConfig)
	v.Between("Runs", float64(len(c.Runs)), 1, maxRuns, "")
	if !v.OK() {
		return v.Err()
	}
	var keys, size float64
	for i, r := range c.Runs {
		name := fmt.Sprintf("Runs[%d]", i)
		v.Between(name+".Keys", float64(r.Keys), 1, 1e8, "")
		v.Between(name+".BitsPerKey", r.BitsPerKey, 0, maxBitsPerKey, "")
		if r.BitsPerKey > 0 {
			v.Between(name+".Hashes", float64(r.Hashes), 1, bloom.MaxHashes, "")
		}
		keys += float64(r.Keys)
		size += float64(r.Keys) * r.BitsPerKey
	}
	v.Between("Lookups", float64(c.Lookups), 1, 1e9, "")
	if v.OK() {
		v.Between("sum of Runs.Keys", keys, 1, 1e8, "")
		v.Between("bits of all filters", size, 0, maxSimBits, "")
	}
	for i, r := range c.Runs {
		if !v.OK() || r.BitsPerKey == 0 {
			continue
		}
		if err := c.shape(i).Validate(); err != nil {
			v.Add("Runs[%d]: %w", i, err)
		}
	}
	return v.Err()
}

// shape is that of a run's filter.
func (c Config) shape(run int) filter.Config {
	r := c.Runs[run]
	bits := max(1, uint64(math.Round(r.BitsPerKey*float64(r.Keys))))
	return filter.Config{Bits: bits, Hashes: r.Hashes, Layout: c.Layout, Scheme: c.Scheme}
}
