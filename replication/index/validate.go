package index

import (
	"time"

	"cloudconcepts/internal/check"
)

const (
	year        = 365 * 24 * time.Hour
	mostWaiting = 100_000_000
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := check.Of(ErrInvalidConfig)
	v.Between("WriteRate", c.WriteRate, 1e-9, 1e9, " writes/s")
	if c.ReadRate != 0 {
		v.Between("ReadRate", c.ReadRate, 1e-9, 1e9, " reads/s, or 0")
	}
	check.Count(&v, "Keys", c.Keys, 1, 1_000_000)
	v.Between("Zipf", c.Zipf, 0, 4, "")
	check.Count(&v, "Partitions", c.Partitions, 1, 1000)
	v.Law("Propagation", c.Propagation, 0, year)
	v.Law("Service", c.Service, 1, year)
	check.Count(&v, "MaxBacklog", c.MaxBacklog, 1, min(10_000_000, mostWaiting/min(max(c.Partitions, 1), 1000)))
	if c.Throttle != ThrottleKey && c.Throttle != ThrottleTable {
		v.Add("Throttle = %d, want key or table", int(c.Throttle))
	}
	v.Span("Duration", c.Duration, 1, year)
	check.Count(&v, "MaxWrites", c.MaxWrites, 1, 1e10)
	if reads := c.ReadRate * c.Duration.Seconds(); reads > 1e10 {
		v.Add("ReadRate and Duration make %g reads, want at most 1e10", reads)
	}
	return v.Err()
}
