package kinesis

import (
	"crypto/md5"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sort"
	"strconv"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// Result is what a run gives.
//
//	Offered = Written + Rejected, Written * Consumers = Delivered + Behind
type Result struct {
	Config          Config  `json:"config"`
	Offered         int64   `json:"offered"`
	Written         int64   `json:"written"`
	Rejected        int64   `json:"rejected"`           // ProvisionedThroughputExceeded on write
	Delivered       int64   `json:"delivered"`          // over all consumers
	Behind          int64   `json:"behind"`             // not delivered at the end, over all consumers
	Calls           int64   `json:"calls"`              // GetRecords that were served
	EmptyCalls      int64   `json:"empty_calls"`        // ... and returned nothing
	RefusedCalls    int64   `json:"refused_calls"`      // ProvisionedThroughputExceeded on read
	DelayMean       float64 `json:"delay_mean_s"`       // from append to delivery
	DelayP50        float64 `json:"delay_p50_s"`        //
	DelayP99        float64 `json:"delay_p99_s"`        //
	IteratorAgeMax  float64 `json:"iterator_age_max_s"` // oldest record at a call, and at the end
	LargestFraction float64 `json:"largest_share"`      // of the offered records, on one shard
}

const (
	streamArrivals uint64 = iota + 1
	streamKeys
	streamPush
)

// shard is the log from the slowest consumer on.
type shard struct {
	log       des.Ring[int64] // times of append
	base      int64           // offset of the first
	positions []int64         // of the consumers
	free      []int64         // when each one's pipe is free, with fan-out
	paid      int64           // when the bytes of earlier calls are paid for
	records   float64         // tokens
	bytes     float64
	filled    int64 // when the tokens were counted
	offered   int64
}

type call struct{ shard, consumer int32 }

type engine struct {
	cfg      Config
	end      int64
	shards   []shard
	calls    des.Queue[call]
	toward   []int32
	cumulate []float64
	push     law.Sampler
	pushes   *rand.Rand
	picks    *rand.Rand
	delay    stats.Histogram
	result   Result
	age      int64
}

// Simulate runs c. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	e := newEngine(c)
	e.run()
	return e.finish(), nil
}

func newEngine(c Config) *engine {
	e := &engine{cfg: c, end: int64(c.Duration), shards: make([]shard, c.Shards), push: c.Push.Sampler()}
	e.pushes, e.picks = rng.New(c.Seed, streamPush), rng.New(c.Seed, streamKeys)
	e.toward = make([]int32, c.Keys)
	for i := range e.toward {
		e.toward[i] = int32(ShardOf(i, c.Shards))
	}
	if c.Zipf > 0 {
		e.cumulate = make([]float64, c.Keys)
		sum := 0.0
		for i := range e.cumulate {
			sum += math.Pow(float64(i+1), -c.Zipf)
			e.cumulate[i] = sum
		}
	}
	step := int64(c.interval())
	for i := range e.shards {
		e.shards[i] = shard{
			positions: make([]int64, c.Consumers), free: make([]int64, c.Consumers),
			records: WriteRecords, bytes: WriteBytes,
		}
		for k := 0; k < c.Consumers && !c.FanOut; k++ {
			e.calls.Push(step*int64(k+1)/int64(c.Consumers), call{int32(i), int32(k)})
		}
	}
	return e
}

// ShardOf is the shard of the key "key-i" out of n equal ranges of the MD5 hash.
func ShardOf(i, n int) int {
	if n < 1 {
		return 0
	}
	sum := md5.Sum(strconv.AppendInt([]byte("key-"), int64(i), 10))
	share := float64(binary.BigEndian.Uint64(sum[:])>>11) / (1 << 53)
	return int(share * float64(n))
}

func (e *engine) run() {
	gaps := rng.New(e.cfg.Seed, streamArrivals)
	gap := 1e9 / math.Abs(e.cfg.Rate) // without a sign even at 0
	at := 0.0
	for {
		if e.cfg.Regular {
			at += gap
		} else {
			at += gap * gaps.ExpFloat64()
		}
		now := int64(des.Forever)
		if at >= 0 && at < des.Forever {
			now = int64(at)
		}
		for e.calls.Next() <= min(now, e.end) {
			e.call()
		}
		if now > e.end {
			return
		}
		e.write(now)
	}
}

func (e *engine) key() int {
	if e.cumulate == nil {
		return e.picks.IntN(e.cfg.Keys)
	}
	x := e.picks.Float64() * e.cumulate[len(e.cumulate)-1]
	return min(sort.SearchFloat64s(e.cumulate, x), e.cfg.Keys-1)
}

// write offers a record to its shard.
func (e *engine) write(now int64) {
	s := &e.shards[e.toward[e.key()]]
	s.offered++
	e.result.Offered++
	seconds := des.Seconds(now - s.filled)
	s.filled = now
	s.records = math.Min(WriteRecords, s.records+seconds*WriteRecords)
	size := float64(e.cfg.RecordBytes)
	s.bytes = math.Min(math.Max(WriteBytes, size), s.bytes+seconds*WriteBytes)
	if s.records < 1 || s.bytes < size {
		e.result.Rejected++
		return
	}
	s.records--
	s.bytes -= size
	e.result.Written++
	if e.cfg.FanOut {
		e.fanOut(s, now)
		return
	}
	s.log.PushBack(now)
}

// fanOut sends a record to every consumer through its own pipe.
func (e *engine) fanOut(s *shard, now int64) {
	time := des.Nanoseconds(float64(e.cfg.RecordBytes) / ReadBytes)
	for k := range s.free {
		s.free[k] = max(s.free[k], now) + time
		arrival := s.free[k] + e.push.Next(e.pushes)
		if arrival > e.end {
			e.age = max(e.age, e.end-now)
			continue
		}
		e.result.Delivered++
		e.delay.Add(arrival - now)
	}
}

// call is one GetRecords.
func (e *engine) call() {
	now, who := e.calls.Pop()
	e.calls.Push(now+int64(e.cfg.interval()), who)
	s := &e.shards[who.shard]
	position := &s.positions[who.consumer]
	n := s.base + int64(s.log.Len()) - *position
	if n > 0 {
		e.age = max(e.age, now-*s.log.At(int(*position - s.base)))
	}
	if now < s.paid {
		e.result.RefusedCalls++
		return
	}
	e.result.Calls++
	if n == 0 {
		e.result.EmptyCalls++
		return
	}
	n = min(n, CallRecords, max(1, CallBytes/e.cfg.RecordBytes))
	for i := range n {
		e.delay.Add(now - *s.log.At(int(*position - s.base + i)))
	}
	e.result.Delivered += n
	*position += n
	s.paid = now + des.Nanoseconds(float64(n*e.cfg.RecordBytes)/ReadBytes)
	s.trim()
}

// trim drops what every consumer has.
func (s *shard) trim() {
	low := s.positions[0]
	for _, p := range s.positions {
		low = min(low, p)
	}
	for ; s.base < low; s.base++ {
		s.log.PopFront()
	}
}

func (e *engine) finish() Result {
	r := &e.result
	r.Config = e.cfg
	r.Behind = r.Written*int64(e.cfg.Consumers) - r.Delivered
	for i := range e.shards {
		s := &e.shards[i]
		if s.log.Len() > 0 {
			e.age = max(e.age, e.end-*s.log.Front())
		}
		if r.Offered > 0 {
			r.LargestFraction = max(r.LargestFraction, float64(s.offered)/float64(r.Offered))
		}
	}
	r.DelayMean = e.delay.Mean() * 1e-9
	r.DelayP50, r.DelayP99 = e.delay.Quantile(0.5)*1e-9, e.delay.Quantile(0.99)*1e-9
	r.IteratorAgeMax = des.Seconds(e.age)
	return *r
}
