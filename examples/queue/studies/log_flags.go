package studies

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/queue/commitlog"
)

// groupEvents is what happens to a group and its producer, and what the flags say in other units than the model.
type groupEvents struct {
	minimum              int // records that a fetch waits for
	crash, joins, leaves []time.Duration
	burstRate            float64
	burst, burstLength   time.Duration
}

func logFlags(f *study.Flags, c *commitlog.Config, e *groupEvents) {
	f.Frequency(&c.Producer.Rate, "rate", "records per second")
	f.Text(&c.Producer.Arrivals, "SPACING", "arrivals", "poisson or regular")
	f.Frequency(&e.burstRate, "burst-rate", "records per second during a burst; 0 = no burst")
	f.Duration(&e.burst, "burst-at", "when it begins")
	f.Duration(&e.burstLength, "burst-length", "how long it lasts")
	f.Bytes(&c.Producer.RecordBytes, "record-bytes", "size of a record")
	f.Int(&c.Producer.Keys, "keys", "distinct keys; 0 = records without keys, dealt out in turn")
	f.Float(&c.Producer.Zipf, "skew", "exponent of the keys' popularity; 0 = all alike")
	f.Int(&c.Partitions, "partitions", "partitions")
	f.Int(&c.Brokers, "brokers", "brokers that lead them")
	f.Duration(&c.Retention, "retention", "records older than this are gone, read or not")
	f.Int(&e.minimum, "fetch-min-records", "a fetch waits until so many records are there (fetch.min.bytes) ...")
	f.Duration(&c.Fetch.MaxWait, "fetch-max-wait", "... or this long (fetch.max.wait.ms)")
	f.Bytes(&c.Fetch.MaxBytes, "fetch-max-bytes", "most bytes of a response (fetch.max.bytes)")
	f.Bytes(&c.Fetch.MaxPartitionBytes, "max-partition-fetch-bytes", "most bytes of one partition in it (max.partition.fetch.bytes)")
	f.Text(&c.Fetch.RoundTrip, "LAW", "round-trip", "network time of a fetch")
	f.Rate(&c.Fetch.Bandwidth, "bandwidth", "of a connection")
	f.Bool(&c.Fetch.NoPrefetch, "no-prefetch", "fetch only when the application asks")
	f.Duration(&c.Duration, "duration", "simulated time")
}

func groupFlags(f *study.Flags, c *commitlog.Config, e *groupEvents) {
	f.Int(&c.Group.Consumers, "consumers", "consumers of the group")
	f.Text(&c.Consumer.Service, "LAW", "service", "time that a consumer needs for a record")
	f.Int(&c.Consumer.Workers, "workers", "records that a consumer processes at once")
	f.Text(&c.Consumer.Order, "ORDER", "order", "which worker takes which record: key-order (those of a key stay in order) or unordered")
	f.Int(&c.Consumer.MaxPollRecords, "max-poll-records", "records handed out by a poll (max.poll.records)")
	f.Duration(&c.Consumer.PollOverhead, "poll-overhead", "time that each poll costs")
	f.Text(&c.Consumer.Commit, "MODE", "commit", "when offsets are committed: auto, after, before (processing) or transactional")
	f.Duration(&c.Consumer.CommitInterval, "commit-interval", "time between two auto commits")
	f.Text(&c.Group.Assignor, "NAME", "assignor", "range, round-robin or cooperative-sticky")
	f.Duration(&c.Group.MaxPollInterval, "max-poll-interval", "a consumer that does not poll for longer is out (max.poll.interval.ms)")
	f.Duration(&c.Group.SessionTimeout, "session-timeout", "a consumer without heartbeats is out after this time")
	f.Duration(&c.Group.RebalanceTime, "rebalance-time", "time that a rebalance takes")
	f.DurationList(&e.crash, "crash-at", "times at which a consumer crashes")
	f.Duration(&c.Group.RestartTime, "restart-time", "from a crash until the consumer is back")
	f.DurationList(&e.joins, "join-at", "times at which one more consumer joins")
	f.DurationList(&e.leaves, "leave-at", "times at which a consumer leaves")
}

// apply makes the flags a configuration.
func (e groupEvents) apply(c commitlog.Config) (commitlog.Config, error) {
	if e.minimum < 1 || e.minimum > 1_000_000 {
		return c, fmt.Errorf("%w: --fetch-min-records = %d, want in [1, 1000000]", commitlog.ErrInvalidConfig, e.minimum)
	}
	c.Fetch.MinBytes = int64(e.minimum) * c.Producer.RecordBytes
	members := max(c.Group.Consumers, 1)
	for i, at := range e.crash {
		c.Group.Changes = append(c.Group.Changes, commitlog.Change{At: at, Kind: commitlog.Crash, Consumer: i % members})
	}
	for _, at := range e.joins {
		c.Group.Changes = append(c.Group.Changes, commitlog.Change{At: at, Kind: commitlog.Join})
	}
	for i, at := range e.leaves {
		c.Group.Changes = append(c.Group.Changes, commitlog.Change{At: at, Kind: commitlog.Leave, Consumer: members - 1 - i%members})
	}
	slices.SortStableFunc(c.Group.Changes, func(a, b commitlog.Change) int { return cmp.Compare(a.At, b.At) })
	if e.burstRate == 0 {
		return c, nil
	}
	if e.burst <= 0 || e.burstLength <= 0 || e.burst > 24*time.Hour || e.burstLength > 24*time.Hour {
		return c, fmt.Errorf("%w: --burst-at = %v, --burst-length = %v, want both in (0, 24h]", commitlog.ErrInvalidConfig, e.burst, e.burstLength)
	}
	c.Producer.Steps = []commitlog.Step{{At: e.burst, Rate: e.burstRate}, {At: e.burst + e.burstLength, Rate: c.Producer.Rate}}
	return c, nil
}

// logFlagNames are the flags of logFlags and groupFlags.
func logFlagNames() []string {
	return []string{
		"rate", "arrivals", "burst-rate", "burst-at", "burst-length", "record-bytes", "keys", "skew", "partitions", "brokers", "retention",
		"fetch-min-records", "fetch-max-wait", "fetch-max-bytes", "max-partition-fetch-bytes", "round-trip", "bandwidth", "no-prefetch", "duration",
		"consumers", "service", "workers", "order", "max-poll-records", "poll-overhead", "commit", "commit-interval", "assignor", "max-poll-interval",
		"session-timeout", "rebalance-time", "crash-at", "restart-time", "join-at", "leave-at",
	}
}
