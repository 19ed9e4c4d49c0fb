package decouple

import (
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// server is the synchronous API in a run.
type server struct {
	cfg *Config
	users
	provider
	backoffs *rand.Rand
	now      int64

	attempts []attempt // by number; a number is used again when the server is done with it
	free     []int32
	accept   des.Ring[int32] // wait for a thread
	calls    des.Ring[int32] // hold a thread and wait for the provider
	busy     des.Queue[ending]
	timeouts des.Ring[deadline] // of the users, in order; those of answered attempts lapse
	retries  des.Queue[retry]
	threads  int // busy

	res      SyncResult
	row      SyncRow // since the last one
	latency  stats.Histogram
	stepped  stats.Histogram
	work     float64 // seconds of ended calls
	wasted   float64
	lastBad  int64
	threadNs float64
	threadAt int64
}

// attempt is a request that the server has.
type attempt struct {
	retry
	began int64  // its call
	use   uint32 // counts how often the number was used
	gone  bool   // the user has given up
}

// retry is a request of a user.
type retry struct {
	first int64 // when it was first sent
	work  int64
	n     int32 // attempts before this one
}

type ending struct {
	attempt int32
	failed  bool
}

type deadline struct {
	at      int64
	attempt int32
	use     uint32
}

func newServer(c *Config) *server {
	return &server{cfg: c, users: newUsers(c), provider: newProvider(c), backoffs: rng.New(c.Seed, backoffStream), lastBad: -1}
}

func (s *server) run() {
	end, step := int64(s.cfg.Duration), int64(s.cfg.Sample)
	for s.now < end && s.left >= 0 {
		until := end
		if step > 0 {
			until = min(end, s.now-s.now%step+step)
		}
		s.advance(until)
		if s.left < 0 {
			break
		}
		s.now = until
		if step > 0 && until%step == 0 {
			s.addRow()
		}
	}
}

// advance runs up to and including a time. At one time calls end first, then users give up, then retries and new
// requests are sent.
func (s *server) advance(until int64) {
	for s.left >= 0 {
		done, patience, again := s.busy.Next(), s.patience(), s.retries.Next()
		t := min(done, patience, again, s.at)
		if t > until {
			return
		}
		s.now = t
		switch t {
		case done:
			s.end()
		case patience:
			s.giveUp()
		case again:
			_, r := s.retries.Pop()
			s.send(r)
		default:
			s.request()
		}
	}
}

// patience is when the next user gives up. Deadlines of attempts that have been answered are forgotten here.
func (s *server) patience() int64 {
	for s.timeouts.Len() > 0 {
		d := s.timeouts.Front()
		if s.attempts[d.attempt].use == d.use {
			return d.at
		}
		s.timeouts.PopFront()
	}
	return des.Forever
}

func (s *server) request() {
	work, ok := s.next()
	if !ok {
		return
	}
	s.row.Requests++
	s.res.Requests++
	s.send(retry{first: s.now, work: work})
}

// send is an attempt that reaches the server.
func (s *server) send(r retry) {
	s.row.Attempts++
	s.res.Attempts++
	if s.threads == s.cfg.Sync.Threads && s.accept.Len() == s.cfg.Sync.Backlog {
		s.row.Dropped++
		s.res.Dropped++
		s.bad(r)
		return
	}
	i := s.admit(r)
	if s.cfg.Sync.Timeout > 0 {
		s.timeouts.PushBack(deadline{s.now + int64(s.cfg.Sync.Timeout), i, s.attempts[i].use})
	}
	if s.threads < s.cfg.Sync.Threads {
		s.thread(i)
	} else {
		s.accept.PushBack(i)
	}
}

// admit gives an attempt a number.
func (s *server) admit(r retry) int32 {
	if n := len(s.free); n > 0 {
		i := s.free[n-1]
		s.free = s.free[:n-1]
		s.attempts[i].retry, s.attempts[i].gone = r, false
		return i
	}
	s.attempts = append(s.attempts, attempt{retry: r})
	return int32(len(s.attempts) - 1)
}

func (s *server) release(i int32) {
	s.attempts[i].use++
	s.free = append(s.free, i)
}

// thread gives a request a free thread, which calls the provider.
func (s *server) thread(i int32) {
	s.hold(1)
	if s.busy.Len() < s.cfg.Provider.Servers {
		s.begin(i)
	} else {
		s.calls.PushBack(i)
	}
}

// hold takes or frees a thread.
func (s *server) hold(change int) {
	s.threadNs += float64(s.threads) * float64(s.now-s.threadAt)
	s.threads, s.threadAt = s.threads+change, s.now
}

func (s *server) begin(i int32) {
	a := &s.attempts[i]
	a.began = s.now
	done, failed := s.call(s.now, a.work)
	s.busy.Push(done, ending{i, failed})
}

// end is the provider's answer.
func (s *server) end() {
	_, e := s.busy.Pop()
	s.answer(e)
	s.release(e.attempt)
	s.hold(-1)
	if s.calls.Len() > 0 {
		s.begin(s.calls.PopFront())
	}
	for s.accept.Len() > 0 && s.threads < s.cfg.Sync.Threads {
		i := s.accept.PopFront()
		if s.cfg.Sync.SkipGone && s.attempts[i].gone {
			s.res.Skipped++
			s.release(i)
			continue
		}
		s.thread(i)
	}
}

// answer goes to the user, if there is one.
func (s *server) answer(e ending) {
	a := &s.attempts[e.attempt]
	spent := des.Seconds(s.now - a.began)
	s.work += spent
	s.res.Calls++
	switch {
	case a.gone:
		s.row.Wasted++
		s.res.Wasted++
		s.wasted += spent
	case e.failed:
		s.row.Errors++
		s.res.Errors++
		s.wasted += spent
		s.bad(a.retry)
	default:
		s.row.Succeeded++
		s.res.Succeeded++
		s.latency.Add(s.now - a.first)
		s.stepped.Add(s.now - a.first)
	}
	a.gone = true
}

// giveUp is a timeout of a user's client.
func (s *server) giveUp() {
	a := &s.attempts[s.timeouts.PopFront().attempt]
	a.gone = true
	s.row.Timeouts++
	s.res.Timeouts++
	s.bad(a.retry)
}

// bad is an attempt without success: the user tries again later or not at all.
func (s *server) bad(r retry) {
	s.lastBad = s.now
	c := &s.cfg.Sync
	if int(r.n) >= c.Retries {
		s.res.Failed++
		return
	}
	window := min(float64(c.BackoffCap), float64(c.Backoff)*float64(uint64(1)<<min(r.n, 60)))
	r.n++
	wait := int64(0)
	if window > 0 {
		wait = int64(window * s.backoffs.Float64())
	}
	s.retries.Push(s.now+wait, r)
}

func (s *server) addRow() {
	s.row.At, s.row.Threads, s.row.Backlog = des.Seconds(s.now), s.threads, s.accept.Len()
	s.row.P50, s.row.P99 = s.stepped.Quantile(0.5)/1e9, s.stepped.Quantile(0.99)/1e9
	s.res.Rows = append(s.res.Rows, s.row)
	s.row, s.stepped = SyncRow{}, stats.Histogram{}
}

func (s *server) finish() SyncResult {
	s.now = min(s.now, int64(s.cfg.Duration))
	s.hold(0)
	r := &s.res
	r.Pending = r.Requests - r.Succeeded - r.Failed
	r.Open = r.Attempts - r.Succeeded - r.Timeouts - r.Dropped - r.Errors
	r.Latency, r.LastBad = latencyOf(&s.latency), -1
	if s.lastBad >= 0 {
		r.LastBad = des.Seconds(s.lastBad)
	}
	if r.Requests > 0 {
		r.SuccessFraction = float64(r.Succeeded) / float64(r.Requests)
	}
	if s.work > 0 {
		r.WastedFraction = s.wasted / s.work
	}
	if s.now > 0 {
		r.BusyFraction = s.threadNs / float64(s.now) / float64(s.cfg.Sync.Threads)
	}
	return *r
}
