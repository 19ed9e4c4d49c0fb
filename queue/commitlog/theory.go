package commitlog

import (
	"math"
	"time"
)

// FetchCycle is the steady state of one fetch after another.
type FetchCycle struct {
	RecordsPerFetch float64 `json:"records_per_fetch"`
	FetchesPerS     float64 `json:"fetches_per_s"`
	WaitMean        float64 `json:"broker_wait_mean_s"` // from append to the answer, mean
}

// DelayedFetch is the closed form of fetch.min.bytes and fetch.max.wait.ms:
// one broker, Poisson records at a rate (per s), a fetch that waits for m
// records or for a time, and a constant round trip after which the consumer,
// which keeps up, has its next fetch at the broker.
//
// N = Poisson(rate r) records are there when the fetch arrives. It is answered
// at once if N >= m, else after min(T, time to the m-th record). With
// A_k = P(Poisson(rate T) > k) a state with k arrivals since lasts A_k/rate on
// average, hence
//
//	records/fetch = rate r + sum_(n<m) P(N=n) sum_(k<m-n) A_k
//	fetches/s     = rate / (records/fetch)
//	mean wait     = (rate r^2/2 + sum_(n<m) P(N=n) sum_(k<m-n) (n+k) A_k/rate) / (records/fetch)
//
// Without a round trip these are sum A_k and (1/rate) sum k A_k / sum A_k. For
// a rate outside (0, 1e9], m outside [1, 1e6] or a negative time it is NaN.
func DelayedFetch(rate float64, m int, wait, roundTrip time.Duration) FetchCycle {
	nan := math.NaN()
	if !(rate > 0 && rate <= 1e9) || m < 1 || m > 1_000_000 || wait < 0 || roundTrip < 0 {
		return FetchCycle{nan, nan, nan}
	}
	sums, moments := make([]float64, m+1), make([]float64, m+1)
	above := poissonAbove(rate*wait.Seconds(), m)
	for k := range m {
		sums[k+1] = sums[k] + above[k]
		moments[k+1] = moments[k] + float64(k)*above[k]
	}
	r := roundTrip.Seconds()
	records, area := rate*r, rate*r*r/2
	for n := range m {
		p := poisson(rate*r, n)
		records += p * sums[m-n]
		area += p * (float64(n)*sums[m-n] + moments[m-n]) / rate
	}
	return FetchCycle{RecordsPerFetch: records, FetchesPerS: rate / records, WaitMean: area / records}
}

// poisson is the probability of n at a mean a.
func poisson(a float64, n int) float64 {
	if a == 0 {
		if n == 0 {
			return 1
		}
		return 0
	}
	g, _ := math.Lgamma(float64(n) + 1)
	return math.Exp(float64(n)*math.Log(a) - a - g)
}

// poissonAbove are the probabilities of more than k, k < m.
func poissonAbove(a float64, m int) []float64 {
	list := make([]float64, m)
	below := 0.0
	for k := range list {
		below += poisson(a, k)
		list[k] = math.Max(0, 1-below)
	}
	return list
}

// ProcessingCeiling is the most that the group can process, records/s: workers
// of the consumers that have a partition over the mean service time. It is
// +Inf if a record takes no time.
func (c Config) ProcessingCeiling() float64 {
	busy := float64(min(c.Group.Consumers, c.Partitions))
	records := busy * float64(c.Consumer.Workers)
	overhead := c.Consumer.PollOverhead
	if c.Consumer.Commit != AutoCommit {
		overhead += c.Consumer.CommitTime
	}
	perRecord := c.Consumer.Service.Mean()
	if c.Consumer.Workers == 1 {
		perRecord += overhead.Seconds() / float64(c.Consumer.MaxPollRecords)
	}
	return records / perRecord
}

// FetchCeiling is the most that one consumer can fetch while it is behind,
// bytes/s: every broker sends min(fetch.max.bytes, partitions it leads times
// max.partition.fetch.bytes) in one round trip plus the transfer. The
// partitions are those of one consumer, evenly over the brokers.
func (c Config) FetchCeiling(partitions int) float64 {
	if partitions < 1 {
		return 0
	}
	total := 0.0
	for b := range min(c.Brokers, partitions) {
		led := (partitions - b + c.Brokers - 1) / c.Brokers
		size := math.Min(float64(c.Fetch.MaxBytes), float64(led)*float64(c.Fetch.MaxPartitionBytes))
		size = math.Max(size, float64(c.Producer.RecordBytes))
		seconds := c.Fetch.RoundTrip.Mean() + c.Fetch.DeliveryOverhead.Seconds() + size/c.Fetch.Bandwidth
		total += size / seconds
	}
	return total
}

// CatchUpRate is what one consumer with one worker reads of one partition while
// it is far behind, records/s. A response of n records is handed out in polls of
// at most max.poll.records; the next fetch leaves with the last of them, so it
// overlaps with that one only:
//
//	cycle = full polls + max(last poll, round trip + transfer)
//
// or with the sum instead of the maximum without prefetch. Times that vary
// count with their means, which makes it a little too high. It is NaN for more
// consumers, workers, partitions or brokers.
func (c Config) CatchUpRate() float64 {
	if c.Group.Consumers != 1 || c.Consumer.Workers != 1 || c.Partitions != 1 || c.Brokers != 1 || c.Producer.RecordBytes < 1 || c.Consumer.MaxPollRecords < 1 {
		return math.NaN()
	}
	n := max(min(c.Fetch.MaxBytes, c.Fetch.MaxPartitionBytes)/c.Producer.RecordBytes, 1)
	overhead := c.Consumer.PollOverhead
	if c.Consumer.Commit != AutoCommit {
		overhead += c.Consumer.CommitTime
	}
	poll := func(records int64) float64 { return overhead.Seconds() + float64(records)*c.Consumer.Service.Mean() }
	size := int64(c.Consumer.MaxPollRecords)
	full := (n - 1) / size
	last := poll(n - full*size)
	fetch := c.Fetch.RoundTrip.Mean() + c.Fetch.DeliveryOverhead.Seconds() + float64(n*c.Producer.RecordBytes)/c.Fetch.Bandwidth
	if c.Fetch.NoPrefetch {
		return float64(n) / (float64(full)*poll(size) + last + fetch)
	}
	return float64(n) / (float64(full)*poll(size) + math.Max(last, fetch))
}

// MemoryBound is the most that one consumer of so many partitions buffers,
// bytes: no partition has more than one response of max.partition.fetch.bytes
// (or one record, if that is larger).
func (c Config) MemoryBound(partitions int) float64 {
	return float64(partitions) * math.Max(float64(c.Fetch.MaxPartitionBytes), float64(c.Producer.RecordBytes))
}

// DetectionTime is how long a crash stays unnoticed: the session timeout less
// the time since the last heartbeat, which is anything up to an interval.
func (g Group) DetectionTime() (shortest, mean, longest time.Duration) {
	return g.SessionTimeout - g.HeartbeatInterval, g.SessionTimeout - g.HeartbeatInterval/2, g.SessionTimeout
}

// CatchUp is how long a lag (records) takes to vanish, in seconds: lag over
// what the capacity exceeds the rate by (fluid). It is +Inf if it never does, NaN
// if one of them is.
func CatchUp(lag, rate, capacity float64) float64 {
	switch {
	case math.IsNaN(lag) || math.IsNaN(rate) || math.IsNaN(capacity):
		return math.NaN()
	case lag <= 0:
		return 0
	case !(capacity > rate):
		return math.Inf(1)
	}
	return lag / (capacity - rate)
}

// LargestFraction is the expected largest share of n partitions when keys that are equally busy are hashed evenly: the mean
// of the largest of n binomial counts, taken as independent, over the keys. They are not quite independent (their sum is
// fixed, so when one is small another is large), which makes it too low: by 8 % for two keys on two partitions and 14 % on
// a thousand, by 4 % for 30 keys on 6 partitions, by 2 % for 100 on 12. It is exact for one partition and for one key. It
// is NaN for fewer than one key or partition, or more than 1e6 of either.
func LargestFraction(keys, n int) float64 {
	if keys < 1 || n < 1 || keys > 1_000_000 || n > 1_000_000 {
		return math.NaN()
	}
	if keys == 1 || n == 1 {
		return 1
	}
	p := 1 / float64(n)
	below, mean := 0.0, 0.0
	all, _ := math.Lgamma(float64(keys) + 1)
	for k := range keys {
		a, _ := math.Lgamma(float64(k) + 1)
		b, _ := math.Lgamma(float64(keys-k) + 1)
		below += math.Exp(all - a - b + float64(k)*math.Log(p) + float64(keys-k)*math.Log1p(-p))
		mean += 1 - math.Pow(math.Min(below, 1), float64(n))
	}
	return math.Max(mean/float64(keys), p)
}
