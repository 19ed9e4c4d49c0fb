package commitlog

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

// checkInvariants is what holds for every run.
func checkInvariants(t testing.TB, r Result) {
	t.Helper()
	c := r.Config
	require.Equal(t, r.Produced, r.Consumed+r.Lost+r.Expired+r.InLog+r.InHand, "conservation of records")
	require.Equal(t, r.Processed, r.Consumed+r.Duplicates+r.Aborted, "conservation of work")
	require.GreaterOrEqual(t, min(r.Consumed, r.Lost, r.Expired, r.InLog, r.InHand, r.Duplicates, r.Aborted, r.LagEnd, r.Disorder), int64(0))
	switch {
	case c.Consumer.Commit == CommitBefore:
		require.Zero(t, r.Duplicates, "at most once")
	case c.Consumer.Commit == CommitAfter, c.Consumer.Workers == 1:
		require.Zero(t, r.Lost, "at least once")
	}
	if c.Consumer.Commit == Transactional {
		require.Zero(t, r.Duplicates+r.Lost, "exactly once")
	} else {
		require.Zero(t, r.Aborted)
	}
	produced := int64(0)
	for _, p := range r.Partitions {
		produced += p.Produced
		require.LessOrEqual(t, p.LagMaxSeconds, c.Duration.Seconds())
		require.GreaterOrEqual(t, p.LagEnd, int64(0))
	}
	require.Equal(t, r.Produced, produced)
	require.LessOrEqual(t, r.Produced, c.MaxRecords)
	require.LessOrEqual(t, float64(r.BufferedBytesMax), c.MemoryBound(c.Partitions))
	require.GreaterOrEqual(t, r.CommittedLagEnd, r.LagEnd)
	require.True(t, r.UnavailableFraction >= 0 && r.UnavailableFraction <= 1)
	if len(c.Group.Changes) == 0 && r.Crashes+r.Evictions == 0 {
		require.LessOrEqual(t, r.Utilization, 1+1e-9)
		require.Zero(t, r.Duplicates+r.Lost)
		ordered := c.Consumer.Workers == 1 || c.Consumer.Order == KeyOrder
		if ordered && c.Producer.Partitioner == ByKey {
			require.Zero(t, r.Disorder, "order within a key")
		}
	}
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// anyConfig is a valid configuration of about 20,000 records.
func anyConfig(seed uint64) Config {
	r := rng.New(seed, 99)
	c := Kafka()
	c.Seed = seed
	c.Duration = 200 * time.Second
	c.Producer = Producer{
		Rate: pick(r, 20, 100.0, 300), RecordBytes: pick(r, int64(10), 1000, 100_000), Arrivals: pick(r, Poisson, Regular),
		Keys: pick(r, 0, 5, 1000), Zipf: pick(r, 0, 1.0), Partitioner: pick(r, ByKey, ByKey, RoundRobin, AtRandom),
	}
	if r.IntN(3) == 0 {
		c.Producer.Steps = []Step{{10 * time.Second, 0}, {20 * time.Second, 500}, {40 * time.Second, 50}}
	}
	c.Partitions, c.Brokers = pick(r, 1, 3, 12), pick(r, 1, 3)
	c.Retention = pick(r, 5*time.Second, time.Minute, time.Hour)
	c.Fetch.MinBytes = pick(r, 1, 10_000, int64(1_000_000))
	c.Fetch.MaxBytes = pick(r, 1, 50_000, int64(50<<20))
	c.Fetch.MaxPartitionBytes = pick(r, 1, 5000, int64(1<<20))
	c.Fetch.RoundTrip = pick(r, Const(0), Const(5*time.Millisecond), Exp(50*time.Millisecond))
	c.Fetch.Bandwidth = pick(r, 1e15, 1e6)
	c.Fetch.NoPrefetch = r.IntN(4) == 0
	c.Fetch.DeliveryOverhead = pick(r, 0, time.Millisecond)
	c.Consumer = Consumer{
		MaxPollRecords: pick(r, 1, 50, 500), Service: pick(r, Const(0), Exp(5*time.Millisecond), Exp(20*time.Millisecond)),
		PollOverhead: pick(r, 0, 5*time.Millisecond), Workers: pick(r, 1, 1, 4), Order: pick(r, KeyOrder, Unordered),
		MaxUncommitted: pick(r, 1, 100), Commit: pick(r, AutoCommit, CommitAfter, CommitBefore, Transactional),
		CommitInterval: pick(r, time.Millisecond, 5*time.Second), CommitTime: pick(r, 0, 5*time.Millisecond),
	}
	c.Group = Group{
		Consumers: pick(r, 1, 3, 5), Assignor: pick(r, RangeAssignor, RoundRobinAssignor, CooperativeSticky),
		MaxPollInterval: pick(r, 100*time.Millisecond, 5*time.Minute), HeartbeatInterval: pick(r, time.Second, 3*time.Second),
		SessionTimeout: pick(r, 5*time.Second, 45*time.Second), RebalanceTime: pick(r, 0, time.Second, 20*time.Second),
		CrashRate: pick(r, 0, 0, 0.01, 0.5), RestartTime: pick(r, 0, 10*time.Second, time.Hour),
	}
	if r.IntN(2) == 0 {
		c.Group.Changes = []Change{
			{10 * time.Second, Join, 0},
			{20 * time.Second, Crash, 0},
			{20500 * time.Millisecond, Leave, c.Group.Consumers},
			{30 * time.Second, Join, 0},
			{30 * time.Second, Join, 0},
			{31 * time.Second, Leave, 0},
			{60 * time.Second, Crash, 0},
		}
	}
	return c
}

func TestInvariants(t *testing.T) {
	n := uint64(200)
	if testing.Short() {
		n = 15
	}
	for seed := range n {
		r, err := Simulate(anyConfig(seed))
		require.NoError(t, err)
		checkInvariants(t, r)
	}
}

// After every event: offsets in order and never back but for a new owner, no partition in two fetches, one owner, and
// no fetch for what is buffered.
func TestOffsetsAndFetches(t *testing.T) {
	for seed := range runs() * runs() / 6 {
		c := anyConfig(1000 + seed)
		c.Duration = max(15*time.Second, long(45*time.Second))
		e := newEngine(c)
		e.start()
		last := make([]partition, c.Partitions)
		for e.step() {
			checkLogs(t, e, last)
			checkSessions(t, e)
			if t.Failed() {
				return
			}
		}
	}
}

// same is quicker than an assertion.
func same(t *testing.T, ok bool, what string) {
	if !ok {
		t.Helper()
		t.Fatal(what)
	}
}

func checkLogs(t *testing.T, e *engine, last []partition) {
	lag, committed, moving := int64(0), int64(0), 0
	for i := range e.partitions {
		l := &e.partitions[i]
		ok := l.committed <= l.safe() || e.cfg.Consumer.Commit == AutoCommit || e.cfg.Consumer.Commit == CommitBefore
		ok = ok && l.committed <= l.position && l.position+l.buffered <= l.fetched && l.fetched <= l.end()
		ok = ok && l.committed >= last[i].committed && l.end() >= last[i].end()
		ok = ok && (l.epoch != last[i].epoch || l.position >= last[i].position && l.fetched >= last[i].fetched)
		same(t, ok, "offsets in order")
		lag += l.end() - l.position
		committed += l.end() - l.committed
		if l.heir >= 0 && l.owner >= 0 {
			moving++
		}
		last[i] = partition{committed: l.committed, position: l.position, fetched: l.fetched, epoch: l.epoch, log: l.log}
	}
	same(t, lag == e.lag, "e.lag")
	same(t, committed == e.committedLag, "e.committedLag")
	same(t, moving == e.group.moving, "e.group.moving")
	for i := range e.consumers {
		buffered, pending := int64(0), int64(0)
		for _, p := range e.consumers[i].parts {
			same(t, int32(i) == e.partitions[p].owner, "owner")
			buffered += e.partitions[p].buffered
			pending += int64(e.partitions[p].finish.Len())
		}
		same(t, buffered == e.consumers[i].buffered, "e.consumers[i].buffered")
		same(t, pending == e.consumers[i].pending, "e.consumers[i].pending")
	}
}

func checkSessions(t *testing.T, e *engine) {
	waiting := make(map[int32]bool)
	for i := range e.sessions {
		s := &e.sessions[i]
		same(t, (s.state == idle) == (len(s.named) == 0), "one fetch, and it names something")
		have := int64(0)
		for _, m := range s.named {
			l := &e.partitions[m.partition]
			if m.epoch != l.epoch {
				continue
			}
			same(t, !waiting[m.partition], "in two fetches")
			waiting[m.partition] = true
			same(t, s.consumer == l.owner, "l.owner")
			same(t, s.broker == l.broker, "l.broker")
			same(t, l.buffered == 0, "buffered and fetched")
			have += e.available(l)
		}
		if s.state == parked {
			same(t, have == s.have, "s.have")
			same(t, have < e.cfg.Fetch.MinBytes, "parked though there is enough")
		}
	}
}

func TestSameSeedSameResult(t *testing.T) {
	c := anyConfig(7)
	c.Sample, c.Trace = time.Second, true
	assert.Equal(t, simulate(t, c), simulate(t, c))
	d := c
	d.Consumer.Commit, d.Consumer.Service, d.Fetch.MinBytes = CommitBefore, Exp(time.Second), 5
	assert.Equal(t, simulate(t, c).Produced, simulate(t, d).Produced, "the same arrivals")
	c.Seed++
	assert.NotEqual(t, simulate(t, c).LatencyMean, simulate(t, d).LatencyMean)
}

func TestConfigIsJSON(t *testing.T) {
	for seed := range uint64(20) {
		c := anyConfig(seed)
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back Config
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, c, back)
	}
	var o Order
	assert.ErrorContains(t, json.Unmarshal([]byte(`"sideways"`), &o), "want one of key-order, unordered")
	assert.Equal(t, "invalid", Assignor(-1).String())
}

func TestEveryBadFieldAtOnce(t *testing.T) {
	err := Config{}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{
		"Partitions", "Brokers", "Retention", "Duration", "MaxRecords", "RecordBytes", "MinBytes", "MaxWait", "MaxBytes",
		"MaxPartitionBytes", "Bandwidth", "MaxPollRecords", "Workers", "MaxUncommitted", "CommitInterval", "Consumers",
		"MaxPollInterval", "HeartbeatInterval", "SessionTimeout",
	} {
		assert.ErrorContains(t, err, field+" = ")
	}
	assert.ErrorContains(t, err, "commitlog: invalid config: Partitions = 0, want in [1, 100000]")
}
