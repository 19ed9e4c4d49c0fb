package fleet

import (
	"errors"
	"fmt"
	"time"

	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/check"
)

// Config describes many functions and the policy that they are kept under. It is a plain value: start from Default.
type Config struct {
	Load   trace.Azure  `json:"load"`   // that Simulate generates; Replay brings its own
	Spread trace.Spread `json:"spread"` // of requests in a minute
	Unit   Unit         `json:"unit"`   // whose requests share instances

	KeepAlive KeepAlive `json:"keep_alive"`
	// MemoryCapMB is what all instances together may take, [0, 1e12] MB; 0 = no cap. Idle ones have to go for new ones, in the
	// order of Eviction; what still finds no room is dropped.
	MemoryCapMB float64  `json:"memory_cap_mb"`
	Eviction    Eviction `json:"eviction"`

	Duration time.Duration `json:"duration_ns"` // (0, 1 year]; later requests are left out
	Warmup   time.Duration `json:"warmup_ns"`   // at the start, that no statistic counts, [0, Duration)
	Sample   time.Duration `json:"sample_ns"`   // time between rows of Result.Rows, at most 10,000 in Duration; 0 = no rows
	Seed     uint64        `json:"seed"`        // of times and executions; that of the functions is Load.Seed
}

// Default is a day of 50,000 functions like Azure's, whose applications are kept for 10 min.
func Default() Config {
	return Config{
		Load: trace.AzureLike(), Unit: PerApp, KeepAlive: Fixed(10 * time.Minute), Duration: 24 * time.Hour,
		Sample: 10 * time.Minute, Seed: 1,
	}
}

// FaasCache is greedy-dual caching in a server of a memory, without any time limit (Fuerst and Sharma, ASPLOS 2021).
func FaasCache(memoryMB float64) Config {
	c := Default()
	c.Unit, c.KeepAlive, c.MemoryCapMB = PerFunction, Never(), memoryMB
	return c
}

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := check.Of(ErrInvalidConfig)
	if err := c.Load.Validate(); err != nil {
		v.Add("Load: %w", err)
	}
	return errors.Join(v.Err(), c.valid())
}

// valid is Validate but for the load.
func (c Config) valid() error {
	v := check.Of(ErrInvalidConfig)
	check.Count(&v, "Spread", c.Spread, trace.Poisson, trace.Uniform)
	check.Count(&v, "Unit", c.Unit, PerFunction, PerApp)
	c.KeepAlive.check(&v)
	v.Between("MemoryCapMB", c.MemoryCapMB, 0, 1e12, " MB")
	check.Count(&v, "Eviction", c.Eviction, GreedyDual, Landlord)
	v.Span("Duration", c.Duration, 1, 365*24*time.Hour)
	v.Span("Warmup", c.Warmup, 0, max(0, c.Duration-1))
	v.Span("Sample", c.Sample, 0, 365*24*time.Hour)
	if c.Sample > 0 && c.Duration/mostSamples >= c.Sample {
		v.Add("Sample = %v, want 0 or more than Duration/%d", c.Sample, mostSamples)
	}
	return v.Err()
}

const (
	mostSamples   = 10_000
	mostPerMinute = 20_000_000
)

// validFunctions reports the first bad function.
func validFunctions(functions []trace.Function) error {
	if len(functions) == 0 {
		return fmt.Errorf("%w: no functions", ErrInvalidConfig)
	}
	app := 0
	for i := range functions {
		f := &functions[i]
		v := check.Of(ErrInvalidConfig)
		name := func(field string) string { return fmt.Sprintf("functions[%d].%s", i, field) }
		first := min(app, i)
		check.Count(&v, name("App"), f.App, first, min(first+1, i))
		app = f.App
		v.Between(name("MemoryMB"), f.MemoryMB, 1e-3, 1e6, " MB")
		v.Span(name("Init"), f.Init, 0, time.Hour)
		v.Law(name("Work"), f.Work, 0, 24*time.Hour)
		for minute, n := range f.Counts.All() {
			if n > mostPerMinute {
				v.Add("functions[%d].Counts: %d requests in minute %d, want at most %d", i, n, minute, mostPerMinute)
			}
		}
		before := time.Duration(0)
		for _, r := range f.Requests {
			if r.Start < before || r.Start > longest || r.Duration < 0 || r.Duration > longest {
				v.Add("functions[%d].Requests: start %v after %v, duration %v: want order, and times in [0, 10 years]", i, r.Start, before, r.Duration)
				break
			}
			before = r.Start
		}
		if err := v.Err(); err != nil {
			return err
		}
	}
	return nil
}

const longest = 10 * 365 * 24 * time.Hour
