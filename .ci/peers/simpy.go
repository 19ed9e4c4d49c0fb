package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"cloudconcepts/coldstart"
	functions "cloudconcepts/coldstart/theory"
	"cloudconcepts/queue"
	"cloudconcepts/queue/theory"
)

// itemsPerRun are the messages or requests of one run, here and in SimPy.
const itemsPerRun = 200_000

// A pair is one model here, on one engine or more, and in SimPy.
type pair struct {
	name   string // in the table
	script string // of simpy_models.py
	result string // what is compared
	exact  float64
	ours   []engine
}

type engine struct {
	name string
	run  func(seed uint64) (float64, error)
}

func pairs() ([]pair, error) {
	one, err := theory.MM1{Arrival: 0.8, Service: 1}.Solve()
	if err != nil {
		return nil, err
	}
	four, err := theory.MMc{Arrival: 3.2, Service: 1, Servers: 4}.Solve()
	if err != nil {
		return nil, err
	}
	return []pair{
		{"`queue`, M/M/1", "mm1", "mean wait, s", one.WaitMean, []engine{line(1, queue.Recursion), line(1, queue.Events)}},
		{"`queue`, M/M/4", "mm4", "mean wait, s", four.WaitMean, []engine{line(4, queue.Recursion), line(4, queue.Events)}},
		{
			"`coldstart`", "coldstart", "cold share",
			functions.ColdExpTTL(0.9, 2*time.Second, time.Minute).Cold,
			[]engine{function()},
		},
	}, nil
}

func line(servers int, e queue.Engine) engine {
	return engine{e.String(), func(seed uint64) (float64, error) {
		c := queue.Default()
		c.Arrivals, c.Service = queue.Poisson(0.8*float64(servers)), queue.Exp(time.Second)
		c.Servers, c.Engine, c.Messages, c.Warmup, c.Seed = servers, e, itemsPerRun, 0, seed
		r, err := queue.Simulate(c)
		return r.WaitMean, err
	}}
}

func function() engine {
	return engine{"events", func(seed uint64) (float64, error) {
		c := coldstart.Default()
		c.Arrivals, c.Warm, c.Cold.Response = coldstart.Poisson(0.9), coldstart.Exp(2*time.Second), coldstart.Exp(2*time.Second)
		c.KeepAlive = coldstart.Lasting(coldstart.Exp(time.Minute))
		c.MaxRequests, c.Duration, c.Warmup, c.Seed = itemsPerRun, 100*24*time.Hour, 0, seed
		r, err := coldstart.Simulate(c)
		return r.ColdProbability, err
	}}
}

// A measured has the CPU seconds and the result of each round.
type measured struct{ cpu, results []float64 }

func (m *measured) add(cpu, result float64) {
	m.cpu, m.results = append(m.cpu, cpu), append(m.results, result)
}

// simpyTable runs all pairs, each engine and then SimPy in turn, with another seed in each round.
func simpyTable(ctx context.Context, rounds int) (string, error) {
	list, err := pairs()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("| model | engine | times as fast as SimPy | here, M items/CPU s | SimPy, M items/CPU s | compared | here | SimPy | closed form |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, p := range list {
		ours, peer, err := p.measure(ctx, rounds)
		if err != nil {
			return "", fmt.Errorf("%s: %w", p.name, err)
		}
		theirs, err := agreed(peer.results, p.exact)
		if err != nil {
			return "", fmt.Errorf("%s in SimPy: %w", p.name, err)
		}
		for i, m := range ours {
			own, err := agreed(m.results, p.exact)
			if err != nil {
				return "", fmt.Errorf("%s, %s: %w", p.name, p.ours[i].name, err)
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %.4g |\n", p.name, p.ours[i].name,
				spread(ratios(peer.cpu, m.cpu)), rate(m.cpu), rate(peer.cpu), p.result, own, theirs, p.exact)
		}
	}
	return b.String(), nil
}

// rate is the median of the millions of items in a second of CPU time.
func rate(cpu []float64) string {
	return fmt.Sprintf("%.2g", itemsPerRun/median(cpu)/1e6)
}

func (p pair) measure(ctx context.Context, rounds int) (ours []measured, peer measured, err error) {
	ours = make([]measured, len(p.ours))
	for seed := range uint64(rounds) {
		for i, e := range p.ours {
			var result float64
			cpu := cpuOf(func() { result, err = e.run(seed) })
			if err != nil {
				return nil, peer, err
			}
			ours[i].add(cpu, result)
		}
		cpu, result, err := simpy(ctx, p.script, seed)
		if err != nil {
			return nil, peer, err
		}
		peer.add(cpu, result)
	}
	return ours, peer, nil
}

// simpy runs one program. Its CPU time is that of the model; the start of the interpreter is left out.
func simpy(ctx context.Context, model string, seed uint64) (cpu, result float64, err error) {
	cmd := exec.CommandContext(ctx, python, "simpy_models.py", model, strconv.FormatUint(seed, 10), strconv.Itoa(itemsPerRun))
	out, err := cmd.Output()
	if err != nil {
		return 0, 0, fmt.Errorf("%v: %w", cmd, err)
	}
	var r struct {
		CPU    float64 `json:"cpu_s"`
		Result float64 `json:"result"`
	}
	err = json.Unmarshal(out, &r)
	return r.CPU, r.Result, err
}

// agreed writes a mean with its standard error, and fails if the exact value is more than four of them away.
func agreed(results []float64, exact float64) (string, error) {
	mean, e := meanAndError(results)
	if !(math.Abs(mean-exact) <= 4*e) {
		return "", fmt.Errorf("%g with a standard error of %g, want %g", mean, e, exact)
	}
	return fmt.Sprintf("%.4g ± %.1g", mean, e), nil
}
