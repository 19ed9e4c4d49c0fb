package decouple

import (
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// pipeline is the API with a queue, and its workers, in a run.
type pipeline struct {
	cfg *Config
	users
	provider
	accepts  *rand.Rand
	accept   law.Sampler
	atOnce   bool // to accept takes no time
	now      int64
	capacity int // calls at once: as many as workers and provider allow

	sending des.Queue[post] // on their way into the queue
	queue   des.Ring[message]
	later   des.Ring[hidden]   // wait for another attempt, in order of the time at which they are visible
	busy    des.Queue[message] // by the end of the call

	res     AsyncResult
	row     AsyncRow // since the last one
	taken   stats.Histogram
	latency stats.Histogram
	stepped stats.Histogram
	maxAge  int64
}

// post is a request that a user has sent.
type post struct{ sent, work int64 }

// message is a request in the queue.
type message struct {
	post
	queued int64
	calls  int32 // that failed
	failed bool  // so will the one under way
}

// hidden is a message after a failed call.
type hidden struct {
	message
	visible int64 // again
}

func newPipeline(c *Config) *pipeline {
	q := &pipeline{
		cfg: c, users: newUsers(c), provider: newProvider(c), accepts: rng.New(c.Seed, acceptStream),
		accept: c.Async.Accept.Sampler(), atOnce: c.Async.Accept.IsZero(), capacity: min(c.Async.Workers, c.Provider.Servers),
	}
	q.res.EmptyAt = -1
	return q
}

func (q *pipeline) run() {
	end, step := int64(q.cfg.Duration), int64(q.cfg.Sample)
	for q.now < end && q.left >= 0 {
		until := end
		if step > 0 {
			until = min(end, q.now-q.now%step+step)
		}
		q.advance(until)
		if q.left < 0 {
			break
		}
		q.now = until
		if step > 0 && until%step == 0 {
			q.addRow()
		}
	}
}

// advance runs up to and including a time. At one time calls end first, then messages become visible again, then new
// ones come in.
func (q *pipeline) advance(until int64) {
	for q.left >= 0 {
		done, again, in := q.busy.Next(), int64(des.Forever), q.sending.Next()
		if q.later.Len() > 0 && q.busy.Len() < q.capacity {
			again = max(q.later.Front().visible, q.now)
		}
		t := min(done, again, in, q.at)
		if t > until {
			return
		}
		q.now = t
		switch t {
		case done:
			q.end()
		case again:
			q.work()
		case in:
			_, p := q.sending.Pop()
			q.enqueue(p)
		default:
			q.request()
		}
	}
}

func (q *pipeline) request() {
	sent := q.now
	work, ok := q.next()
	if !ok {
		return
	}
	q.row.Requests++
	q.res.Requests++
	wait := int64(0)
	if !q.atOnce {
		wait = q.accept.Next(q.accepts)
	}
	if wait > 0 {
		q.sending.Push(sent+wait, post{sent, work})
	} else {
		q.enqueue(post{sent, work})
	}
}

func (q *pipeline) enqueue(p post) {
	m := message{post: p, queued: q.now}
	q.taken.Add(m.queued - m.sent)
	if q.queue.Len() == 0 && q.busy.Len() < q.capacity && (q.later.Len() == 0 || q.later.Front().visible > q.now) {
		q.begin(m)
		return
	}
	q.queue.PushBack(m)
	q.expire()
	q.work()
	if n := q.queue.Len(); n > q.res.DepthPeak {
		q.res.DepthPeak, q.res.PeakAt, q.res.EmptyAt = n, des.Seconds(q.now), -1
	}
}

// expire drops what was never called within the retention.
func (q *pipeline) expire() {
	for q.queue.Len() > 0 && q.now-q.queue.Front().queued > int64(q.cfg.Async.Retention) {
		q.queue.PopFront()
		q.res.Expired++
	}
}

// work lets free workers begin with what is visible: whichever became visible first.
func (q *pipeline) work() {
	for q.busy.Len() < q.capacity {
		q.expire()
		retry := q.later.Len() > 0 && q.later.Front().visible <= q.now
		first := q.queue.Len() > 0
		switch {
		case retry && (!first || q.later.Front().visible < q.queue.Front().queued):
			q.again(q.later.PopFront().message)
		case first:
			q.begin(q.queue.PopFront())
			if q.queue.Len() == 0 && q.res.EmptyAt < 0 {
				q.res.EmptyAt = des.Seconds(q.now)
			}
		default:
			return
		}
	}
}

// again begins another attempt, unless the message has become too old.
func (q *pipeline) again(m message) {
	if q.now-m.queued > int64(q.cfg.Async.Retention) {
		q.res.Expired++
		return
	}
	q.begin(m)
}

func (q *pipeline) begin(m message) {
	if m.calls == 0 {
		q.maxAge = max(q.maxAge, q.now-m.queued)
	}
	done, failed := q.call(q.now, m.work)
	m.failed = failed
	q.busy.Push(done, m)
}

// end is the provider's answer.
func (q *pipeline) end() {
	_, m := q.busy.Pop()
	q.res.Calls++
	if m.failed {
		q.row.Failed++
		m.calls++
		if int(m.calls) >= q.cfg.Async.MaxReceives {
			q.res.Dead++
		} else {
			q.later.PushBack(hidden{m, q.now + int64(q.cfg.Async.RetryDelay)})
			q.res.Retries++
		}
	} else {
		q.row.Completed++
		q.res.Completed++
		q.latency.Add(q.now - m.sent)
		q.stepped.Add(q.now - m.sent)
	}
	q.work()
}

func (q *pipeline) oldest() int64 {
	if q.queue.Len() == 0 {
		return 0
	}
	return q.now - q.queue.Front().queued
}

func (q *pipeline) addRow() {
	q.expire()
	q.row.At, q.row.Depth, q.row.InFlight, q.row.Later = des.Seconds(q.now), q.queue.Len(), q.busy.Len(), q.later.Len()
	q.row.OldestAge = des.Seconds(q.oldest())
	q.row.P50, q.row.P99 = q.stepped.Quantile(0.5)/1e9, q.stepped.Quantile(0.99)/1e9
	q.res.Rows = append(q.res.Rows, q.row)
	q.row, q.stepped = AsyncRow{}, stats.Histogram{}
}

func (q *pipeline) finish() AsyncResult {
	q.now = min(q.now, int64(q.cfg.Duration))
	q.expire()
	r := &q.res
	r.Pending = r.Requests - r.Completed - r.Dead - r.Expired
	r.Accept, r.Latency = latencyOf(&q.taken), latencyOf(&q.latency)
	r.AgeMax = des.Seconds(max(q.maxAge, q.oldest()))
	return *r
}
