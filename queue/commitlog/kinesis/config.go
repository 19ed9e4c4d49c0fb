package kinesis

import (
	"errors"
	"fmt"
	"time"

	"cloudconcepts/internal/law"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// The limits of a shard (Developer Guide, "Quotas and limits").
const (
	WriteBytes   = 1_000_000  // bytes/s
	WriteRecords = 1000       // records/s
	ReadBytes    = 2_000_000  // bytes/s, shared by all that poll or, with fan-out, for each consumer
	ReadCalls    = 5          // GetRecords/s
	CallBytes    = 10_000_000 // of one GetRecords
	CallRecords  = 10_000     // of one GetRecords
)

// Config is a stream, its producer and its consumers.
type Config struct {
	Rate        float64 `json:"rate_per_s"`   // records/s, [0, 1e9]
	Regular     bool    `json:"regular"`      // evenly spaced, else Poisson
	RecordBytes int64   `json:"record_bytes"` // [1, 10,000,000]
	Keys        int     `json:"keys"`         // partition keys, [1, 1e6]
	Zipf        float64 `json:"skew"`         // the i-th key is chosen in proportion to 1/i^Zipf, [0, 4]

	Shards    int           `json:"shards"`    // [1, 10000]
	Consumers int           `json:"consumers"` // applications that each read all of it, [1, 100]
	FanOut    bool          `json:"fan_out"`   // enhanced fan-out
	Poll      time.Duration `json:"poll_ns"`   // wanted interval of a consumer's calls on a shard, [0, 1 h]
	Push      Law           `json:"push"`      // time of a push

	Duration time.Duration `json:"duration_ns"` // (0, 1 year]
	Seed     uint64        `json:"seed"`
}

// Stream is one shard at half its record limit, with one consumer that polls
// as often as it may.
func Stream() Config {
	return Config{
		Rate: 500, RecordBytes: 500, Keys: 1000, Shards: 1, Consumers: 1,
		Push: law.Const(70 * time.Millisecond), Duration: time.Minute,
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
	want(c.Rate >= 0 && c.Rate <= 1e9, "Rate", c.Rate, "[0, 1e9] records/s")
	want(c.RecordBytes >= 1 && c.RecordBytes <= CallBytes, "RecordBytes", c.RecordBytes, "[1, 10000000] bytes")
	want(c.Keys >= 1 && c.Keys <= 1_000_000, "Keys", c.Keys, "[1, 1000000]")
	want(c.Zipf >= 0 && c.Zipf <= 4, "Zipf", c.Zipf, "[0, 4] (the skew of the keys)")
	want(c.Shards >= 1 && c.Shards <= 10_000, "Shards", c.Shards, "[1, 10000]")
	want(c.Consumers >= 1 && c.Consumers <= 100, "Consumers", c.Consumers, "[1, 100]")
	want(c.Poll >= 0 && c.Poll <= time.Hour, "Poll", c.Poll, "[0s, 1h]")
	want(c.Duration > 0 && c.Duration <= 365*24*time.Hour, "Duration", c.Duration, "(0s, 8760h]")
	if err := c.Push.Validate(); err != nil {
		list = append(list, fmt.Errorf("%w: Push = %v: %w", ErrInvalidConfig, c.Push, err))
	}
	if len(list) == 0 {
		want(c.Rate*c.Duration.Seconds() <= 1e10, "Rate times Duration", c.Rate*c.Duration.Seconds(), "[0, 1e10] records")
		calls := c.Duration.Seconds() * ReadCalls * float64(c.Shards)
		want(calls <= 1e10, "GetRecords calls", calls, "[0, 1e10]")
	}
	return errors.Join(list...)
}
