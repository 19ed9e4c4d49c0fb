package share

import (
	"errors"
	"fmt"
	"time"

	"cloudconcepts/internal/law"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Config is a share partition, its producer and its members.
type Config struct {
	Rate       float64 `json:"rate_per_s"` // Poisson records/s, (0, 1e9]
	MaxRecords int64   `json:"records"`    // then the producer stops, [1, 1e9]

	Members        int           `json:"members"`          // [0, 10000]; 0: always an idle one
	MaxPollRecords int           `json:"max_poll_records"` // [1, 1e6]; 1 with Members = 0
	Service        Law           `json:"service"`          // time for one record
	Release        float64       `json:"release"`          // probability that a record is released, [0, 1]
	Reject         float64       `json:"reject"`           // ... rejected: never delivered again
	Silent         float64       `json:"silent"`           // ... not acknowledged at all; the three sum to at most 1
	Poison         float64       `json:"poison"`           // share of records that are released every time, [0, 1]
	Lock           time.Duration `json:"lock_ns"`          // [1 ms, 1 day]
	Sweep          time.Duration `json:"sweep_ns"`         // [0, 1 h]
	DeliveryLimit  int           `json:"delivery_limit"`   // [1, 10000]
	MaxLocks       int           `json:"max_locks"`        // [1, 1e9]

	Duration time.Duration `json:"duration_ns"` // (0, 10 years]: the end, done or not
	Seed     uint64        `json:"seed"`
}

// KIP932 is a group of four at 80 % load with a delivery limit of 5, a lock of
// 30 s and a sweep every 5 s.
func KIP932() Config {
	return Config{
		Rate: 32, MaxRecords: 10_000, Members: 4, MaxPollRecords: 1, Service: law.Exp(100 * time.Millisecond),
		Lock: 30 * time.Second, Sweep: 5 * time.Second, DeliveryLimit: 5, MaxLocks: 200, Duration: time.Hour,
	}
}

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	var list []error
	want := func(ok bool, name string, x any, limits string) {
		if !ok {
			list = append(list, fmt.Errorf("%w: %s = %v, want in %s", ErrInvalidConfig, name, x, limits))
		}
	}
	want(c.Rate > 0 && c.Rate <= 1e9, "Rate", c.Rate, "(0, 1e9] records/s")
	want(c.MaxRecords >= 1 && c.MaxRecords <= 1e9, "MaxRecords", c.MaxRecords, "[1, 1e9]")
	want(c.Members >= 0 && c.Members <= 10_000, "Members", c.Members, "[0, 10000]")
	most := 1_000_000
	if c.Members == 0 {
		most = 1
	}
	want(c.MaxPollRecords >= 1 && c.MaxPollRecords <= most, "MaxPollRecords", c.MaxPollRecords, fmt.Sprintf("[1, %d]", most))
	want(c.Release >= 0 && c.Release <= 1, "Release", c.Release, "[0, 1]")
	want(c.Reject >= 0 && c.Reject <= 1, "Reject", c.Reject, "[0, 1]")
	want(c.Silent >= 0 && c.Silent <= 1, "Silent", c.Silent, "[0, 1]")
	sum := c.Release + c.Reject + c.Silent
	want(!(sum > 1+1e-12), "Release + Reject + Silent", sum, "[0, 1]")
	want(c.Poison >= 0 && c.Poison <= 1, "Poison", c.Poison, "[0, 1]")
	want(c.Lock >= time.Millisecond && c.Lock <= 24*time.Hour, "Lock", c.Lock, "[1ms, 24h]")
	want(c.Sweep >= 0 && c.Sweep <= time.Hour, "Sweep", c.Sweep, "[0s, 1h]")
	want(c.DeliveryLimit >= 1 && c.DeliveryLimit <= 10_000, "DeliveryLimit", c.DeliveryLimit, "[1, 10000]")
	want(c.MaxLocks >= 1 && c.MaxLocks <= 1_000_000_000, "MaxLocks", c.MaxLocks, "[1, 1e9]")
	want(c.Duration > 0 && c.Duration <= 10*365*24*time.Hour, "Duration", c.Duration, "(0s, 87600h]")
	if err := c.Service.Validate(); err != nil {
		list = append(list, fmt.Errorf("%w: Service = %v: %w", ErrInvalidConfig, c.Service, err))
	}
	return errors.Join(list...)
}
