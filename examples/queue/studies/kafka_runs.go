package studies

import (
	"fmt"
	"math"
	"slices"
	"time"

	"cloudconcepts/queue/commitlog"
	"cloudconcepts/queue/queueplot"
)

func (s fetchSettings) check(c commitlog.Config) error {
	bad := func(flag string, got any, want string) error {
		return fmt.Errorf("%w: --%s = %v, want %s", commitlog.ErrInvalidConfig, flag, got, want)
	}
	switch {
	case !(c.Producer.Rate >= 1e-3 && c.Producer.Rate <= 1e6):
		return bad("rate", c.Producer.Rate, "in [0.001, 1e6]/s")
	case len(s.waits) == 0 || len(s.waits) > 4 || slices.Min(s.waits) < time.Millisecond || slices.Max(s.waits) > time.Hour:
		return bad("fetch-max-wait", s.waits, "1 to 4 times in [1ms, 1h]")
	case !risingIn(s.minimum, 1, 10_000):
		return bad("fetch-min-records", s.minimum, "1 to 50 rising numbers in [1, 10000]")
	case !risingIn(s.bytes, 1, 1<<30):
		return bad("max-partition-fetch-bytes", s.bytes, "1 to 50 rising sizes in [1 B, 1 GiB]")
	case !risingIn(s.polls, 1, 1_000_000):
		return bad("max-poll-records", s.polls, "1 to 50 rising numbers in [1, 1000000]")
	case c.MaxRecords < 100 || c.MaxRecords > 10_000_000:
		return bad("records", c.MaxRecords, "in [100, 10000000]")
	case c.Validate() == nil && !(c.CatchUpRate() > 1e-6):
		return bad("service", c.Consumer.Service, "with --round-trip and --poll-overhead, times that let a consumer read in a lifetime")
	}
	return c.Validate()
}

func risingIn[T int | int64](list []T, low, high T) bool {
	return len(list) > 0 && len(list) <= 50 && slices.IsSorted(list) && len(slices.Compact(slices.Clone(list))) == len(list) && list[0] >= low && list[len(list)-1] <= high
}

// point simulates one.
func (p fetchRun) point() (queueplot.FetchPoint, error) {
	r, err := commitlog.Simulate(p.c)
	d := delayed(p.c, int(p.c.Fetch.MinBytes/p.c.Producer.RecordBytes))
	out := queueplot.FetchPoint{
		Setting: p.setting, Value: p.value, MaxWait: p.c.Fetch.MaxWait.Seconds(), FetchesPerS: r.FetchesPerS, RecordsPerFetch: r.RecordsPerFetch, FetchWait: r.FetchWaitMean,
		Latency: r.LatencyP99, Throughput: r.Throughput, TheoryFetches: d.FetchesPerS, TheoryWait: d.WaitMean, TheoryThroughput: math.NaN(),
	}
	if p.c.Producer.Arrivals == commitlog.Regular {
		out.TheoryThroughput = p.c.CatchUpRate()
	}
	return out, err
}

// delayed is the closed form of a consumer that keeps up, seen by the client: with the way back. It is NaN for a round
// trip that varies, and for a consumer that does not keep up.
func delayed(c commitlog.Config, minimum int) commitlog.FetchCycle {
	round, fixed := c.Fetch.RoundTrip.Fixed()
	if !fixed || c.Producer.Arrivals != commitlog.Poisson || !keepsUp(c) {
		return commitlog.FetchCycle{RecordsPerFetch: math.NaN(), FetchesPerS: math.NaN(), WaitMean: math.NaN()}
	}
	d := commitlog.DelayedFetch(c.Producer.Rate, minimum, c.Fetch.MaxWait, round)
	d.WaitMean += round.Seconds()/2 + d.RecordsPerFetch*float64(c.Producer.RecordBytes)/c.Fetch.Bandwidth
	return d
}

// keepsUp tells whether fetches, each waiting as long as it may, can bring what is written.
func keepsUp(c commitlog.Config) bool {
	perFetch := float64(min(c.Fetch.MaxBytes, c.Fetch.MaxPartitionBytes) / c.Producer.RecordBytes)
	parked := c.Producer.Rate * (c.Fetch.MaxWait.Seconds() + c.Fetch.RoundTrip.Mean())
	return c.Producer.Rate*float64(c.Producer.RecordBytes) < 0.8*c.FetchCeiling(1) && (c.Fetch.MinBytes <= c.Fetch.MaxPartitionBytes || parked < 0.8*perFetch)
}

// keepingUp are runs of a consumer that has nothing to do but fetch.
func (s fetchSettings) keepingUp(c commitlog.Config) []fetchRun {
	c.Consumer.Service, c.Consumer.PollOverhead = commitlog.Const(0), 0
	var runs []fetchRun
	for _, w := range s.waits {
		c.Fetch.MaxWait = w
		seconds := math.Min(float64(c.MaxRecords)/c.Producer.Rate, float64(c.MaxRecords)*w.Seconds())
		c.Duration = time.Duration(math.Min(seconds, 3e8) * 1e9)
		for _, m := range s.minimum {
			c.Fetch.MinBytes = int64(m) * c.Producer.RecordBytes
			runs = append(runs, fetchRun{"fetch.min.bytes (records)", float64(m), c})
		}
	}
	return runs
}

func (s fetchSettings) byBytes(c commitlog.Config, cycles int) []fetchRun {
	var runs []fetchRun
	for _, b := range s.bytes {
		c.Fetch.MaxPartitionBytes = b
		runs = append(runs, fetchRun{"max.partition.fetch.bytes", float64(b), farBehind(c, cycles)})
	}
	return runs
}

func (s fetchSettings) byPolls(c commitlog.Config, cycles int) []fetchRun {
	var runs []fetchRun
	for _, n := range s.polls {
		c.Consumer.MaxPollRecords = n
		runs = append(runs, fetchRun{"max.poll.records", float64(n), farBehind(c, cycles)})
	}
	return runs
}

// farBehind gives the consumer four times the records that it can read, for so many full fetches.
func farBehind(c commitlog.Config, cycles int) commitlog.Config {
	rate := c.CatchUpRate()
	perFetch := math.Max(float64(min(c.Fetch.MaxBytes, c.Fetch.MaxPartitionBytes)/c.Producer.RecordBytes), 1)
	c.Producer.Arrivals, c.Producer.Rate = commitlog.Regular, math.Min(4*rate, 1e9)
	c.Duration = time.Duration(math.Min(float64(cycles)*perFetch/rate, 3e8) * 1e9)
	c.MaxRecords = 1e10
	return c
}

func waitTheory(c commitlog.Config, wait time.Duration, most int) []queueplot.FetchPoint {
	c.Fetch.MaxWait = wait
	var points []queueplot.FetchPoint
	for _, m := range between(1, float64(most)) {
		if d := delayed(c, int(m)); d.WaitMean > 0 {
			points = append(points, queueplot.FetchPoint{Value: math.Floor(m), TheoryFetches: d.FetchesPerS, TheoryWait: d.WaitMean})
		}
	}
	return points
}

func bytesTheory(c commitlog.Config, sizes []int64) []queueplot.FetchPoint {
	var points []queueplot.FetchPoint
	for _, b := range between(float64(sizes[0]), float64(sizes[len(sizes)-1])) {
		c.Fetch.MaxPartitionBytes = int64(b)
		points = append(points, queueplot.FetchPoint{Value: b, TheoryThroughput: c.CatchUpRate()})
	}
	return points
}

func pollTheory(c commitlog.Config, sizes []int) []queueplot.FetchPoint {
	var points []queueplot.FetchPoint
	for _, n := range between(float64(sizes[0]), float64(sizes[len(sizes)-1])) {
		c.Consumer.MaxPollRecords = int(n)
		points = append(points, queueplot.FetchPoint{Value: math.Floor(n), TheoryThroughput: c.CatchUpRate()})
	}
	return points
}

// between are 400 values evenly spread over the logarithms of a range, with its ends.
func between(low, high float64) []float64 {
	var list []float64
	for i := range 400 {
		list = append(list, low*math.Pow(high/low, float64(i)/399))
	}
	list[399] = high
	return list
}

// measuredFetches are two cells of a real broker, if these are its settings.
func measuredFetches(c commitlog.Config, waits []time.Duration) []queueplot.FetchPoint {
	round, fixed := c.Fetch.RoundTrip.Fixed()
	if !fixed || round != 5*time.Millisecond || c.Producer.Rate != 100 || !slices.Contains(waits, 500*time.Millisecond) {
		return nil
	}
	return []queueplot.FetchPoint{{Value: 64, FetchesPerS: 2, FetchWait: 0.2549}, {Value: 10, FetchesPerS: 9.84, FetchWait: 0.0467}}
}
