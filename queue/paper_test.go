package queue

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// few shortens a run under -short, where tolerances grow with its error.
func few(messages int64) (int64, float64) {
	if testing.Short() {
		return messages / 100, 12
	}
	return messages, 1
}

func must(t *testing.T, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	identity(t, r)
	return r
}

// identity is that of the counts.
func identity(t *testing.T, r Result) {
	t.Helper()
	require.Equal(t, r.Offered, r.Served+r.Rejected+r.Dropped+r.Expired+r.InSystem)
	require.Equal(t, r.Accepted, r.Offered-r.Rejected)
	var sum Counts
	for _, class := range r.Classes {
		require.Equal(t, class.Offered, class.Served+class.Rejected+class.Dropped+class.Expired+class.InSystem)
		sum.Offered += class.Offered
		sum.Served += class.Served
		sum.Late += class.Late
	}
	if len(r.Classes) > 0 {
		require.Equal(t, Counts{Offered: r.Offered, Served: r.Served, Late: r.Late}, sum)
	}
}

// cell is a number that a run must give, within a share of it.
type cell struct {
	name      string
	got       func(Result) float64
	want      float64
	tolerance float64
}

func waitMean(r Result) float64        { return r.WaitMean }
func waitP99(r Result) float64         { return r.WaitP99 }
func sojournP99(r Result) float64      { return r.SojournP99 }
func waitProbability(r Result) float64 { return r.WaitProbability }
func lossFraction(r Result) float64    { return r.LossFraction }
func systemMean(r Result) float64      { return r.SystemMean }
func goodput(r Result) float64         { return r.Goodput }
func utilization(r Result) float64     { return r.Utilization }

func compare(t *testing.T, name string, c Config, cells ...cell) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		var scale float64
		c.Messages, scale = few(c.Messages)
		c.Warmup = c.Messages / 100
		r := must(t, c)
		for _, cell := range cells {
			assert.InEpsilon(t, cell.want, cell.got(r), cell.tolerance*scale, cell.name)
		}
	})
}

func service(arrivals Arrivals, law Law, servers int, messages int64) Config {
	return Config{Arrivals: arrivals, Service: law, Servers: servers, Messages: messages, Seed: 7, Policy: DefaultPolicy()}
}

// Closed forms of queues with any number of places. The tolerances are four standard errors, for M/M/1 by the asymptotic
// variance of the mean wait (1976 /n of 4^2 at 80 % load).
func TestUnboundedQueues(t *testing.T) {
	exp, one := Exp(time.Second), Const(time.Second)
	compare(t, "M/M/1", service(Poisson(0.8), exp, 1, 1e7),
		cell{"Wq", waitMean, 4, 0.015}, cell{"p99 T", sojournP99, 23.0258509, 0.025}, cell{"p99 Wq", waitP99, 21.9101331733694, 0.025},
		cell{"P(wait), PASTA", waitProbability, 0.8, 0.002}, cell{"utilization", utilization, 0.8, 0.002}, cell{"L", systemMean, 4, 0.015})
	compare(t, "M/M/4", service(Poisson(3.2), exp, 4, 6e6),
		cell{"P(wait), Erlang C", waitProbability, 0.596432471787, 0.01}, cell{"Wq", waitMean, 0.745540589734, 0.024},
		cell{"p99 Wq", waitP99, 5.110476168, 0.03}, cell{"utilization", utilization, 0.8, 0.002})
	compare(t, "M/M/50", service(Poisson(40), exp, 50, 2e6),
		cell{"P(wait), Erlang C", waitProbability, 0.0869525495267661, 0.05}, cell{"Wq", waitMean, 0.00869525495267661, 0.1})
	compare(t, "M/D/1", service(Poisson(0.8), one, 1, 4e6), cell{"Wq", waitMean, 2, 0.015})
	compare(t, "M/D/4", service(Poisson(3.2), one, 4, 4e6), cell{"Wq, Crommelin", waitMean, 0.386094930847, 0.015})
	compare(t, "M/H2/1, cv2 = 4", service(Poisson(0.8), Hyper(4, time.Second), 1, 6e6), cell{"Wq", waitMean, 10, 0.04})
	compare(t, "M/lognormal/1, cv2 = 1/4", service(Poisson(0.8), Lognormal(time.Second, 0.5), 1, 3e6), cell{"Wq", waitMean, 2.5, 0.025})
	compare(t, "M/E4/1", service(Poisson(0.8), Erlang(4, time.Second), 1, 3e6), cell{"Wq", waitMean, 2.5, 0.025})
	compare(t, "D/M/1", service(Every(1250*time.Millisecond), exp, 1, 3e6),
		cell{"Wq", waitMean, 1.6927308399199, 0.015}, cell{"p99 T", sojournP99, 12.4004837828898, 0.025})
	compare(t, "E2/M/1", service(Renewal(Erlang(2, 1250*time.Millisecond)), exp, 1, 3e6), cell{"Wq", waitMean, 2.84397976698991, 0.02})
	compare(t, "batches of 5", service(Poisson(0.16).InBatches(5), exp, 1, 4e6), cell{"L", systemMean, 12, 0.03})
	// Geometric batches of mean b: E[X(X-1)]/2E[X] = b-1 further ones ahead of a customer; L = rho b/(1-rho).
	compare(t, "geometric batches of mean 2", service(Poisson(0.4).InGeometricBatches(2), exp, 1, 4e6), cell{"L", systemMean, 8, 0.03})
}

// Erlang's loss and bounded rooms. The same share is lost whichever message has to go.
func TestBoundedQueues(t *testing.T) {
	for _, c := range []struct {
		name               string
		rate               float64
		servers, capacity  int
		loss, system, toll float64
	}{
		{"M/M/1/10 at 0.8", 0.8, 1, 10, 0.0234928575799056, 2.96631426648415, 0.04},
		{"M/M/1/10 at 1.2", 1.2, 1, 10, 0.192586495126806, 6.7107086783692, 0.012},
		{"M/M/4/10 at 5", 5, 4, 10, 0.230024325429412, 7.35611156245441, 0.016},
		{"M/M/4/20 at 8", 8, 4, 20, 0.500000990929183, 19.0000370592613, 0.006},
		{"M/M/10/10, Erlang B", 8, 10, 10, 0.121661064252952, 8 * (1 - 0.121661064252952), 0.025},
	} {
		cfg := service(Poisson(c.rate), Exp(time.Second), c.servers, 1e6)
		cfg.Capacity = c.capacity
		compare(t, c.name, cfg, cell{"loss", lossFraction, c.loss, c.toll}, cell{"L", systemMean, c.system, c.toll})
		cfg.Full = DropOldest
		if c.rate == 1.2 || c.rate == 5 {
			compare(t, c.name+", oldest dropped", cfg, cell{"loss", lossFraction, c.loss, c.toll}, cell{"L", systemMean, c.system, c.toll})
		}
	}
	// A token bucket of 10 tokens rejects as often as M/D/1/10.
	for _, c := range []struct{ rate, loss, tolerance float64 }{{1.2, 0.170910768540414, 0.01}, {0.9, 0.0166317478289464, 0.04}, {1, 0.0508474576307288, 0.02}} {
		cfg := service(Poisson(c.rate), Const(time.Second), 1, 2e6)
		cfg.Capacity = 10
		compare(t, "M/D/1/10", cfg, cell{"loss", lossFraction, c.loss, c.tolerance})
	}
	// A producer that is held stops: with the message at the door the chain is that of M/M/1/11, but nothing is lost.
	cfg := service(Poisson(1.2), Exp(time.Second), 1, 2e6)
	cfg.Capacity, cfg.Full = 10, Block
	p := math.Pow(1.2, 11) * 0.2 / (math.Pow(1.2, 12) - 1)
	compare(t, "block", cfg,
		cell{"blocked", func(r Result) float64 { return r.BlockedFraction }, p, 0.01},
		cell{"throughput", func(r Result) float64 { return r.Throughput }, 1.2 * (1 - p), 0.005})
}

// Cobham's formula for two classes without interruption, and the same law of conservation for the mean over both.
func TestPriority(t *testing.T) {
	cfg := service(Poisson(0.8), Exp(time.Second), 1, 3e6)
	cfg.Discipline, cfg.Classes = Priority, []Class{{0.375, 1}, {0.625, 1}}
	compare(t, "Cobham", cfg,
		cell{"Wq1", func(r Result) float64 { return r.Classes[0].WaitMean }, 1.14285714285714, 0.015},
		cell{"Wq2", func(r Result) float64 { return r.Classes[1].WaitMean }, 5.71428571428571, 0.035},
		cell{"both", waitMean, 4, 0.03})
	cfg.Classes = []Class{{0.5, 0.5}, {0.5, 1.5}}
	// W0 = sum of rate x E[S^2]/2 = 0.4 x (0.5 + 4.5)/2 = 1; Wq1 = W0/(1-0.2), Wq2 = W0/((1-0.2)(1-0.8)).
	compare(t, "short ones first", cfg,
		cell{"Wq1", func(r Result) float64 { return r.Classes[0].WaitMean }, 1.25, 0.02},
		cell{"Wq2", func(r Result) float64 { return r.Classes[1].WaitMean }, 6.25, 0.04})
}

// Overload with a deadline: LIFO serves in time whoever's wait, a busy period, is short; FIFO that throws out the late
// loses as Barrer's formula says; plain FIFO serves nobody in time.
func TestDeadlines(t *testing.T) {
	cfg := service(Poisson(1.5), Exp(time.Second), 1, 1e6)
	for _, c := range []struct{ deadline, goodput float64 }{{10, 0.959564576}, {2, 0.7727491194}} {
		cfg.Discipline, cfg.Deadline = LIFO, time.Duration(c.deadline*1e9)
		compare(t, "LIFO", cfg, cell{"loss", lossFraction, 1 - c.goodput/1.5, 0.007}, cell{"goodput", goodput, c.goodput, 0.01})
	}
	for _, c := range []struct{ rate, deadline, loss, tolerance float64 }{{1.5, 10, 0.334334545978, 0.007}, {1.2, 5, 0.223855421877, 0.01}, {0.8, 4, 0.100911933035, 0.03}} {
		cfg.Arrivals, cfg.Discipline, cfg.Deadline = Poisson(c.rate), Expire, time.Duration(c.deadline*1e9)
		compare(t, "expire", cfg, cell{"loss", lossFraction, c.loss, c.tolerance})
	}
	cfg.Arrivals, cfg.Discipline, cfg.Deadline = Poisson(1.5), FIFO, 10*time.Second
	cfg.Messages = 200_000
	r := must(t, cfg)
	assert.Less(t, r.Goodput, 0.003)
	assert.ErrorIs(t, r.Warnings[0], ErrUnstable)
}

// A burst into a constant server is a fluid: 200/s, 2000/s for 60 s, 500/s of capacity leave 90,000 waiting, whose last is
// served 180 s later, and the queue is empty 360 s after the burst began.
func TestFlashSale(t *testing.T) {
	cfg := Config{
		Arrivals: Paced(Step{At: 0, Rate: 200}, Step{At: 10 * time.Second, Rate: 2000}, Step{At: 70 * time.Second, Rate: 200}), Service: Const(2 * time.Millisecond),
		Servers: 1, Duration: 400 * time.Second, Sample: time.Second,
	}
	r := must(t, cfg)
	var deepest, empty, oldest float64
	for _, row := range r.Rows {
		deepest, oldest = max(deepest, row.Depth()), max(oldest, row.Age())
		if row.Depth() > 1 {
			empty = row.Time
		}
	}
	require.Len(t, r.Rows, 400)
	assert.InDelta(t, 90_000, deepest, 2)
	assert.InDelta(t, 180, oldest, 0.7, "seen every second")
	assert.InDelta(t, 180, r.WaitMax, 0.01)
	assert.InDelta(t, 370, empty, 1)
	assert.Equal(t, 400, r.Over(Row.Depth).Len())
}
