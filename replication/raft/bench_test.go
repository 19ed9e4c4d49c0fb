package raft

import (
	"math/rand/v2"
	"testing"
	"time"

	"cloudconcepts/internal/rng"
)

func benchElections(b *testing.B, c Config) {
	if err := c.Validate(); err != nil {
		b.Fatal(err)
	}
	e := newEngine(c)
	e.seed(1, 0)
	var t tally
	for range 100_000 {
		t.add(e, e.election())
	}
	b.ReportAllocs()
	for b.Loop() {
		t.add(e, e.election())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "elections/s")
}

func dissertation54(l time.Duration) Config {
	return Config{
		Servers: 5, Alive: 4, Rules: Dissertation, TimeoutMin: time.Second, TimeoutMax: 2 * time.Second, OneWay: Const(l),
		Elections: 1_000_000, MaxTerms: 1000,
	}
}

func etcdPlain(servers, alive int, l time.Duration) Config {
	c := EtcdServer()
	c.Servers, c.Alive, c.OneWay, c.PreVote, c.CheckQuorum = servers, alive, Const(l), false, false
	return c
}

func BenchmarkElectionDissertation(b *testing.B) {
	benchElections(b, dissertation54(10*time.Millisecond))
}

func BenchmarkElectionEtcd(b *testing.B) { benchElections(b, etcdPlain(5, 4, 10*time.Millisecond)) }

func BenchmarkElectionEtcdServer(b *testing.B) { benchElections(b, EtcdServer()) }

func BenchmarkElectionHashicorp(b *testing.B) { benchElections(b, HashicorpDefault()) }

func BenchmarkElectionRandomDelay(b *testing.B) {
	c := dissertation54(0)
	c.OneWay = Exp(10 * time.Millisecond)
	benchElections(b, c)
}

// BenchmarkBareElection is the physical limit of BenchmarkElectionDissertation: four timeouts, the first and the second
// of them, and nothing else.
func BenchmarkBareElection(b *testing.B) {
	r := rng.New(1)
	split := 0
	for b.Loop() {
		first, second := 2.0, 2.0
		for range 4 {
			first, second = two(first, second, r)
		}
		if second-first < 0.01 {
			split++
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "elections/s")
}

func two(first, second float64, r *rand.Rand) (float64, float64) {
	x := 1 + r.Float64()
	if x < first {
		return x, first
	}
	return first, min(second, x)
}
