package kinesis

import (
	"math"
	"math/rand/v2"
	"sort"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

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
