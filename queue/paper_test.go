package queue

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/validation"
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
	claim     validation.Claim
	of        string // which of several numbers of the run
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
			cell.claim.Relative(t, name+cell.of, cell.want, cell.got(r), cell.tolerance*scale)
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
	wait := func(queue, source string, want, tolerance float64) cell {
		return cell{formula("mean wait in simulated "+queue+" queues", source, "s"), "", waitMean, want, tolerance}
	}
	percentile := func(queue, source, of string, get func(Result) float64, want, tolerance float64) cell {
		return cell{formula("percentiles of simulated "+queue+" queues", source, "s"), of, get, want, tolerance}
	}
	share := func(source string, want, tolerance float64) cell {
		return cell{formula("share of messages that wait in simulated queues", source, ""), "", waitProbability, want, tolerance}
	}
	busy := cell{formula("utilization of simulated queues", "rho", ""), "", utilization, 0.8, 0.002}
	const mm1, erlangC, pk = "rho/(mu - lambda)", "Erlang C", "Pollaczek and Khinchine: rho (1 + cv2)/(2 mu (1 - rho))"
	const gm1 = "root of sigma = A*(mu (1 - sigma))"
	const pasta = "Erlang C; rho for one server"
	compare(t, "M/M/1, load 0.8", service(Poisson(0.8), exp, 1, 1e7), wait("M/M/1", mm1, 4, 0.015),
		percentile("M/M/1", "exponential tail", ", p99 of the sojourn", sojournP99, 23.0258509, 0.025),
		percentile("M/M/1", "exponential tail", ", p99 of the wait", waitP99, 21.9101331733694, 0.025),
		share(pasta, 0.8, 0.002), busy, cell{formula("mean number in simulated M/M/1 queues", "rho/(1 - rho)", ""), "", systemMean, 4, 0.015})
	compare(t, "M/M/4, load 0.8", service(Poisson(3.2), exp, 4, 6e6), share(pasta, 0.596432471787, 0.01), wait("M/M/c", erlangC, 0.745540589734, 0.024),
		percentile("M/M/c", "Erlang C e^(-(c mu - lambda) t)", ", p99 of the wait", waitP99, 5.110476168, 0.03), busy)
	compare(t, "M/M/50, load 0.8", service(Poisson(40), exp, 50, 2e6), share(pasta, 0.0869525495267661, 0.05), wait("M/M/c", erlangC, 0.00869525495267661, 0.1))
	compare(t, "M/D/1, load 0.8", service(Poisson(0.8), one, 1, 4e6), wait("M/G/1", pk, 2, 0.015))
	compare(t, "M/D/4, load 0.8", service(Poisson(3.2), one, 4, 4e6), wait("M/D/c", "Crommelin", 0.386094930847, 0.015))
	compare(t, "M/H2/1, load 0.8, cv2 4", service(Poisson(0.8), Hyper(4, time.Second), 1, 6e6), wait("M/G/1", pk, 10, 0.04))
	compare(t, "M/lognormal/1, load 0.8, cv2 0.25", service(Poisson(0.8), Lognormal(time.Second, 0.5), 1, 3e6), wait("M/G/1", pk, 2.5, 0.025))
	compare(t, "M/E4/1, load 0.8", service(Poisson(0.8), Erlang(4, time.Second), 1, 3e6), wait("M/G/1", pk, 2.5, 0.025))
	compare(t, "D/M/1, load 0.8", service(Every(1250*time.Millisecond), exp, 1, 3e6), wait("G/M/1", gm1, 1.6927308399199, 0.015),
		percentile("G/M/1", gm1, ", p99 of the sojourn", sojournP99, 12.4004837828898, 0.025))
	compare(t, "E2/M/1, load 0.8", service(Renewal(Erlang(2, 1250*time.Millisecond)), exp, 1, 3e6), wait("G/M/1", gm1, 2.84397976698991, 0.02))
	compare(t, "batches of 5, load 0.8", service(Poisson(0.16).InBatches(5), exp, 1, 4e6),
		cell{formula("mean number in a simulated queue with batches", "rho (b + 1)/(2 (1 - rho))", ""), "", systemMean, 12, 0.03})
	// Geometric batches of mean b: E[X(X-1)]/2E[X] = b-1 further ones ahead of a customer; L = rho b/(1-rho).
	compare(t, "geometric batches of mean 2, load 0.8", service(Poisson(0.4).InGeometricBatches(2), exp, 1, 4e6),
		cell{formula("mean number in a simulated queue with geometric batches", "rho b/(1 - rho)", ""), "", systemMean, 8, 0.03})
}

// Erlang's loss and bounded rooms. The same share is lost whichever message has to go.
func TestBoundedQueues(t *testing.T) {
	loss := formula("loss of simulated M/M/c/K queues", "birth and death chain: p_K; Erlang B for K = c", "")
	number := formula("mean number in simulated M/M/c/K queues", "birth and death chain; a (1 - B) for K = c", "")
	for _, c := range []struct {
		name               string
		rate               float64
		servers, capacity  int
		loss, system, toll float64
	}{
		{"M/M/1/10, load 0.8", 0.8, 1, 10, 0.0234928575799056, 2.96631426648415, 0.04},
		{"M/M/1/10, load 1.2", 1.2, 1, 10, 0.192586495126806, 6.7107086783692, 0.012},
		{"M/M/4/10, 5 Erlang", 5, 4, 10, 0.230024325429412, 7.35611156245441, 0.016},
		{"M/M/4/20, 8 Erlang", 8, 4, 20, 0.500000990929183, 19.0000370592613, 0.006},
		{"M/M/10/10, 8 Erlang", 8, 10, 10, 0.121661064252952, 8 * (1 - 0.121661064252952), 0.025},
	} {
		cfg := service(Poisson(c.rate), Exp(time.Second), c.servers, 1e6)
		cfg.Capacity = c.capacity
		compare(t, c.name, cfg, cell{loss, "", lossFraction, c.loss, c.toll}, cell{number, "", systemMean, c.system, c.toll})
		cfg.Full = DropOldest
		if c.rate == 1.2 || c.rate == 5 {
			compare(t, c.name+", oldest dropped", cfg, cell{loss, "", lossFraction, c.loss, c.toll}, cell{number, "", systemMean, c.system, c.toll})
		}
	}
	// A token bucket of 10 tokens rejects as often as M/D/1/10.
	bucket := formula("loss of simulated M/D/1/K queues", "embedded chain, in 120 digits", "")
	for _, c := range []struct{ rate, loss, tolerance float64 }{{1.2, 0.170910768540414, 0.01}, {0.9, 0.0166317478289464, 0.04}, {1, 0.0508474576307288, 0.02}} {
		cfg := service(Poisson(c.rate), Const(time.Second), 1, 2e6)
		cfg.Capacity = 10
		compare(t, fmt.Sprintf("M/D/1/10, load %v", c.rate), cfg, cell{bucket, "", lossFraction, c.loss, c.tolerance})
	}
	// A producer that is held stops: with the message at the door the chain is that of M/M/1/11, but nothing is lost.
	cfg := service(Poisson(1.2), Exp(time.Second), 1, 2e6)
	cfg.Capacity, cfg.Full = 10, Block
	p := math.Pow(1.2, 11) * 0.2 / (math.Pow(1.2, 12) - 1)
	const held = "the chain of M/M/1/11"
	compare(t, "M/M/1/10, load 1.2", cfg,
		cell{formula("share of time that a producer is held by a full simulated queue", held, ""), "", func(r Result) float64 { return r.BlockedFraction }, p, 0.01},
		cell{formula("throughput of a simulated queue that holds its producer", held, "/s"), "", func(r Result) float64 { return r.Throughput }, 1.2 * (1 - p), 0.005})
}

// Cobham's formula for two classes without interruption, and the same law of conservation for the mean over both.
func TestPriority(t *testing.T) {
	wait := formula("mean wait by class in simulated queues with priorities", "Cobham: W0/((1 - s_(k-1)) (1 - s_k)); M/M/1 for both classes", "s")
	first := func(r Result) float64 { return r.Classes[0].WaitMean }
	second := func(r Result) float64 { return r.Classes[1].WaitMean }
	cfg := service(Poisson(0.8), Exp(time.Second), 1, 3e6)
	cfg.Discipline, cfg.Classes = Priority, []Class{{0.375, 1}, {0.625, 1}}
	compare(t, "loads 0.3 and 0.5", cfg,
		cell{wait, ", first class", first, 1.14285714285714, 0.015},
		cell{wait, ", second class", second, 5.71428571428571, 0.035},
		cell{wait, ", both", waitMean, 4, 0.03})
	cfg.Classes = []Class{{0.5, 0.5}, {0.5, 1.5}}
	// W0 = sum of rate x E[S^2]/2 = 0.4 x (0.5 + 4.5)/2 = 1; Wq1 = W0/(1-0.2), Wq2 = W0/((1-0.2)(1-0.8)).
	compare(t, "short ones first: half of the messages take 0.5 s, the others 1.5 s", cfg,
		cell{wait, ", first class", first, 1.25, 0.02},
		cell{wait, ", second class", second, 6.25, 0.04})
}

// Overload with a deadline: LIFO serves in time whoever's wait, a busy period, is short; FIFO that throws out the late
// loses as Barrer's formula says; plain FIFO serves nobody in time.
func TestDeadlines(t *testing.T) {
	const busy = "lambda min(rho, 1) B(D), B the law of a busy period"
	late := formula("share not served in time in simulated overload, last in, first out", "1 - goodput/lambda, goodput "+busy, "")
	useful := formula("goodput in simulated overload, last in, first out", busy, "/s")
	cfg := service(Poisson(1.5), Exp(time.Second), 1, 1e6)
	for _, c := range []struct{ deadline, goodput float64 }{{10, 0.959564576}, {2, 0.7727491194}} {
		cfg.Discipline, cfg.Deadline = LIFO, time.Duration(c.deadline*1e9)
		compare(t, fmt.Sprintf("load 1.5, deadline %v s", c.deadline), cfg,
			cell{late, "", lossFraction, 1 - c.goodput/1.5, 0.007}, cell{useful, "", goodput, c.goodput, 0.01})
	}
	dropped := formula("share dropped by simulated queues that throw out the late", "Barrer: (1 - rho) rho e^(-(1 - rho) D)/(1 - rho^2 e^(-(1 - rho) D)), D in services", "")
	for _, c := range []struct{ rate, deadline, loss, tolerance float64 }{{1.5, 10, 0.334334545978, 0.007}, {1.2, 5, 0.223855421877, 0.01}, {0.8, 4, 0.100911933035, 0.03}} {
		cfg.Arrivals, cfg.Discipline, cfg.Deadline = Poisson(c.rate), Expire, time.Duration(c.deadline*1e9)
		compare(t, fmt.Sprintf("load %v, deadline %v s", c.rate, c.deadline), cfg, cell{dropped, "", lossFraction, c.loss, c.tolerance})
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
	const source = "fluid: peak (lambda_p - C) T, drained after peak/(C - lambda_0), oldest peak/C"
	backlog := formula("peak backlog of a simulated flash sale", source, "")
	times := formula("times of a simulated flash sale", source, "s")
	const sale = "200/s, 2000/s for 60 s from 10 s on, capacity 500/s"
	cfg := Config{
		Arrivals: Paced(Step{At: 0, Rate: 200}, Step{At: 10 * time.Second, Rate: 2000}, Step{At: 70 * time.Second, Rate: 200}), Service: Const(2 * time.Millisecond),
		Servers: 1, Duration: 400 * time.Second, Sample: time.Second,
	}
	r := must(t, cfg)
	var deepest, empty, oldest float64
	for _, row := range r.Rows {
		deepest, oldest = max(deepest, float64(row.Waiting)), max(oldest, row.OldestAge)
		if row.Waiting > 1 {
			empty = row.At
		}
	}
	require.Len(t, r.Rows, 400)
	backlog.Within(t, sale, 90_000, deepest, 2)
	times.Within(t, sale+", oldest message, seen every second", 180, oldest, 0.7)
	times.Within(t, sale+", longest wait", 180, r.WaitMax, 0.01)
	times.Within(t, sale+", when it is empty again", 370, empty, 1)
	assert.Equal(t, 400, r.Series(func(row Row) float64 { return float64(row.Waiting) }).Len())
}
