package quorum

import (
	"context"
	"math"
	"runtime"

	"cloudconcepts/internal/par"
)

// Simulate runs c, the Monte Carlo of WARS. The same Config gives the same Result, on any number of
// processors, all of which it uses.
func Simulate(c Config) (Result, error) { return SimulateContext(context.Background(), c) }

// SimulateContext is Simulate that ends with the context's error when the context ends.
func SimulateContext(ctx context.Context, c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	blocks := (c.Trials + blockTrials - 1) / blockTrials
	workers := min(runtime.GOMAXPROCS(0), blocks)
	done, err := par.Map(ctx, workers, func(ctx context.Context, first int) (*trials, error) {
		t := newTrials(c)
		for block := first; block < blocks && ctx.Err() == nil; block += workers {
			t.run(block, min(blockTrials, c.Trials-block*blockTrials))
		}
		return t, ctx.Err()
	})
	if err != nil {
		return Result{}, err
	}
	sum := done[0]
	for _, t := range done[1:] { // whole numbers: the order does not matter
		sum.threshold.merge(t.threshold)
		sum.read.merge(t.read)
		sum.write.merge(t.write)
	}
	return newResult(c, sum), nil
}

const (
	blockTrials = 1 << 14 // trials that share streams
	batchDelays = 1 << 10 // delays of a leg that are drawn at once
)

// The streams of a block of trials.
const (
	purposeWrite uint64 = iota
	purposeAck
	purposeRead
	purposeResponse
	purposeOrigin
	purposeChoice
)

// trials are what one worker has seen, and its room to work in. One draw of the four legs gives the whole curve: with w the
// commit time (the W-th smallest W+A), replica i answers a read issued t after the commit with the write if W_i <= w + t + R_i,
// so the read is fresh if and only if t >= theta, the least W_i - w - R_i over the R replicas that it hears first.
type trials struct {
	c           Config
	remote      float64 // ms
	legs        [4]Sampler
	delays      [4][]float64
	origin      generator // data centres of the write and the read
	choice      generator // replicas that are asked
	answers     []answer  // of one trial
	acks        []float64
	threshold   *spread // theta, ms
	read, write *spread // latencies, ms
}

// An answer is when a read's response comes, and what the replica adds to the threshold. Times are not negative, and so their
// bits are in the order of the times: whole numbers compare without branches.
type answer struct {
	after int64   // bits of R + S
	lag   float64 // W - R
}

func newTrials(c Config) *trials {
	t := &trials{c: c, remote: float64(c.Latency.Remote) * 1e-6, threshold: newSpread(), read: newSpread(), write: newSpread()}
	z := newZiggurat()
	batch := max(batchDelays/c.N, 1)
	for i, leg := range c.Latency.legs() {
		t.legs[i] = newSampler(*leg, z)
		t.delays[i] = make([]float64, batch*c.N)
	}
	t.answers = make([]answer, c.N)
	t.acks = make([]float64, c.N)
	return t
}

// run makes n trials of a block.
func (t *trials) run(block, n int) {
	seed := t.c.Seed
	for i := range t.legs {
		t.legs[i].seed(seed, uint64(block), uint64(i))
	}
	t.origin = newGenerator(seed, uint64(block), purposeOrigin)
	t.choice = newGenerator(seed, uint64(block), purposeChoice)
	batch := len(t.delays[0]) / t.c.N
	for n > 0 {
		now := min(batch, n)
		n -= now
		for i := range t.legs {
			t.legs[i].fill(t.delays[i][:now*t.c.N])
		}
		if t.remote > 0 {
			t.spreadOut(now)
		}
		if t.c.N == 3 && (t.remote == 0 || t.c.ReadFanOut == ToAll) {
			t.three(now)
			continue
		}
		for i := range now {
			t.one(i * t.c.N)
		}
	}
}

// spreadOut adds the way between data centres to the legs of n trials.
func (t *trials) spreadOut(n int) {
	for i := range n {
		writer, reader := t.origin.below(t.c.N), t.origin.below(t.c.N)
		for j := range t.c.N {
			at := i*t.c.N + j
			if j != writer {
				t.delays[0][at] += t.remote
				t.delays[1][at] += t.remote
			}
			if j != reader {
				t.delays[2][at] += t.remote
				t.delays[3][at] += t.remote
			}
		}
	}
}

// one is the trial whose delays begin at a place, for any N.
func (t *trials) one(at int) {
	n := t.c.N
	w, a, r, s := t.delays[0][at:at+n], t.delays[1][at:at+n], t.delays[2][at:at+n], t.delays[3][at:at+n]
	for i := range n {
		t.acks[i] = w[i] + a[i]
		t.answers[i] = answer{int64(math.Float64bits(r[i] + s[i])), w[i] - r[i]}
	}
	asked := t.answers
	if t.c.ReadFanOut == ToQuorum {
		asked = t.choose()
	}
	for i := 1; i < len(asked); i++ {
		for j := i; j > 0 && asked[j].after < asked[j-1].after; j-- {
			asked[j], asked[j-1] = asked[j-1], asked[j]
		}
	}
	for i := 1; i < n; i++ {
		for j := i; j > 0 && t.acks[j] < t.acks[j-1]; j-- {
			t.acks[j], t.acks[j-1] = t.acks[j-1], t.acks[j]
		}
	}
	least := math.Inf(1)
	for _, a := range asked[:t.c.R] {
		least = min(least, a.lag)
	}
	commit := t.acks[t.c.W-1]
	t.write.add(commit)
	t.read.add(math.Float64frombits(uint64(asked[t.c.R-1].after)))
	t.threshold.add(least - commit)
}

// choose takes R answers. In one data centre all replicas are alike, and the first R are as random as any; in several,
// which of them is asked matters.
func (t *trials) choose() []answer {
	if t.remote > 0 {
		for i := range t.c.R {
			j := i + t.choice.below(t.c.N-i)
			t.answers[i], t.answers[j] = t.answers[j], t.answers[i]
		}
	}
	return t.answers[:t.c.R]
}
