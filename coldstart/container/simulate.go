package container

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// The streams of random numbers.
const (
	streamArrivals = iota + 1
	streamServices
	streamStartups
)

type taskState uint8

const (
	gone taskState = iota
	starting
	ready
	spare // idle or getting so, kept by Cloud Run
	finishing
)

type task struct {
	state taskState
	busy  int32 // requests in service
	place int32 // in the list of those with a free place, -1 if it is not there
	life  uint32
	idle  int64 // since when, if busy is 0
}

// event is the end of a service, or of a start (since = -1).
type event struct {
	task  int32
	life  uint32 // of a start
	since int64  // when the request came
}

// areas are integrals over time.
type areas struct{ waiting, busy, ready, tasks float64 }

type machine struct {
	c                  Config
	events             des.Queue[event]
	waiting            des.Ring[int64]
	tasks              []task
	free               []int32 // ready tasks with a free place
	turn               int     // whose turn of them it is
	spares             []int32 // the last goes to work first
	unused             []int32
	from               source
	service, startup   law.Sampler
	services, startups *rand.Rand

	now, warm                int64
	inService                int
	starting, ready, closing int
	wanted                   int
	arrivals                 int64
	sum, atWarm              areas
	auto                     scaler

	latency stats.Histogram
	batches stats.BatchMeans
	begun   int64
	waited  int64
	wait    float64
	r       Result
}

// Simulate runs c. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	m := newMachine(c)
	m.run()
	return m.report(), nil
}

func newMachine(c Config) *machine {
	m := &machine{
		c: c, service: c.Service.Sampler(), startup: c.Startup.Sampler(), warm: int64(c.Warmup), wanted: c.Tasks,
		services: rng.New(c.Seed, streamServices), startups: rng.New(c.Seed, streamStartups),
		from: source{steps: c.Load, random: rng.New(c.Seed, streamArrivals)},
	}
	m.r.Config = c
	for range c.Tasks {
		m.open(m.newTask())
	}
	m.r.TasksMax = c.Tasks
	return m
}

// run goes through ends of service and starts, decisions, rows and arrivals; at the same time in this order.
func (m *machine) run() {
	end, never := int64(m.c.Duration), int64(math.MaxInt64)
	arrival, tick, row := m.from.next(), never, never
	period := int64(m.c.period())
	if period > 0 {
		tick = period
	}
	if m.c.Sample > 0 {
		row = 0
	}
	warm := m.warm
	for {
		event := m.events.Next()
		at := min(event, arrival, tick, row, warm, end)
		m.advance(at)
		switch at {
		case warm:
			m.atWarm, warm = m.sum, never
			m.r.Started, m.r.Stopped, m.r.Panics = 0, 0, 0
		case end:
			return
		case event:
			_, e := m.events.Pop()
			m.handle(e)
		case tick:
			m.decide()
			tick += period
		case row:
			m.sample()
			row += int64(m.c.Sample)
		default:
			if m.arrivals == m.c.MaxRequests {
				return
			}
			m.arrive()
			arrival = m.from.next()
		}
	}
}

func (m *machine) advance(at int64) {
	if dt := float64(at - m.now); dt > 0 {
		m.sum.waiting += dt * float64(m.waiting.Len())
		m.sum.busy += dt * float64(m.inService)
		m.sum.ready += dt * float64(m.ready)
		m.sum.tasks += dt * float64(m.all())
		m.now = at
	}
}

func (m *machine) counted(since int64) bool { return since >= m.warm }

func (m *machine) arrive() {
	m.arrivals++
	if m.counted(m.now) {
		m.r.Requests++
	}
	if len(m.free) == 0 && len(m.spares) > 0 {
		m.recall()
	}
	switch {
	case len(m.free) > 0:
		m.begin(m.now)
	case m.waiting.Len() >= m.c.MaxWaiting:
		if m.counted(m.now) {
			m.r.Rejected++
		}
	default:
		m.waiting.PushBack(m.now)
	}
	if m.ready+m.starting == 0 {
		m.wake()
	}
}

// begin serves a request that came at since on a task with a free place.
func (m *machine) begin(since int64) {
	m.turn++
	if m.turn >= len(m.free) {
		m.turn = 0
	}
	i := m.free[m.turn]
	t := &m.tasks[i]
	t.busy++
	m.inService++
	if int(t.busy) == m.c.PerTask {
		m.close(i)
	}
	if m.counted(since) {
		m.begun++
		if m.now > since {
			m.waited++
			m.wait += float64(m.now - since)
		}
	}
	m.events.Push(min(m.now+m.service.Next(m.services), des.Forever), event{task: i, since: since})
}

func (m *machine) handle(e event) {
	t := &m.tasks[e.task]
	if e.since < 0 {
		if t.state == starting && t.life == e.life {
			m.starting--
			m.open(e.task)
			m.serve()
		}
		return
	}
	if m.counted(e.since) {
		m.r.Served++
		m.latency.Add(m.now - e.since)
		m.batches.Add(float64(m.now-e.since) * 1e-9)
	}
	m.inService--
	t.busy--
	if t.busy == 0 {
		t.idle = m.now
	}
	switch {
	case t.state == ready && t.place < 0:
		m.offer(e.task)
		m.serve()
	case t.state == finishing && t.busy == 0:
		m.closing--
		m.drop(e.task)
	}
}

// serve takes waiting requests while there are places.
func (m *machine) serve() {
	for m.waiting.Len() > 0 && len(m.free) > 0 {
		m.begin(m.waiting.PopFront())
	}
}

func (m *machine) sample() {
	m.r.Rows = append(m.r.Rows, Row{
		At: (m.c.Sample * time.Duration(len(m.r.Rows))).Seconds(), Waiting: m.waiting.Len(), InService: m.inService, Ready: m.ready, Starting: m.starting,
		Spare: len(m.spares), Finishing: m.closing, Wanted: m.wanted, Panic: m.auto.panicking,
	})
}

func (m *machine) report() Result {
	r := &m.r
	r.InSystem = r.Requests - r.Served - r.Rejected
	r.Window = float64(max(m.now-m.warm, 0)) * 1e-9
	h := &m.latency
	r.LatencyMean = h.Mean() * 1e-9
	r.LatencyLow, r.LatencyHigh = r.LatencyMean, r.LatencyMean
	if m.batches.Batches() > 1 {
		r.LatencyLow, r.LatencyHigh = m.batches.Interval(0.95)
	}
	r.LatencyP50, r.LatencyP90, r.LatencyP99 = h.Quantile(0.5)*1e-9, h.Quantile(0.9)*1e-9, h.Quantile(0.99)*1e-9
	r.LatencyP999, r.LatencyMax = h.Quantile(0.999)*1e-9, float64(h.Max())*1e-9
	if m.begun > 0 {
		r.WaitMean, r.WaitProbability = m.wait/float64(m.begun)*1e-9, float64(m.waited)/float64(m.begun)
	}
	if m.now > m.warm {
		window := float64(m.now - m.warm)
		r.WaitingMean, r.BusyMean = (m.sum.waiting-m.atWarm.waiting)/window, (m.sum.busy-m.atWarm.busy)/window
		r.ReadyMean, r.TasksMean = (m.sum.ready-m.atWarm.ready)/window, (m.sum.tasks-m.atWarm.tasks)/window
		r.TaskSeconds = r.TasksMean * r.Window
	}
	if r.ReadyMean > 0 {
		r.Utilization = r.BusyMean / (r.ReadyMean * float64(m.c.PerTask))
	}
	m.warn()
	r.latency = h
	return *r
}

func (m *machine) warn() {
	r := &m.r
	if r.Rejected > 0 {
		r.Warnings = append(r.Warnings, fmt.Errorf("%w: %d of %d requests were rejected by a full queue", ErrUnstable, r.Rejected, r.Requests))
	}
	top := 0.0
	for _, s := range m.c.Load {
		top = max(top, s.Rate)
	}
	if load, most := top*m.c.Service.Mean(), float64(m.c.Max*m.c.PerTask); load >= most {
		r.Warnings = append(r.Warnings, fmt.Errorf("%w: a load of %.4g against at most %.4g places: no steady state", ErrUnstable, load, most))
	}
}
