package studies

import (
	"context"
	"math"
	"slices"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/coldstart/container"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
)

// latencies runs functions and each number of tasks over the rates, and all of them at one rate.
func latencies(ctx context.Context, env study.Env, c coldstart.Config, rate, quantile float64, requests int64, tasks []int) (coldstartplot.Latencies, error) {
	l := coldstartplot.Latencies{Quantile: quantile, Rate: rate, Service: c.Warm, Seed: env.Seed}
	var err error
	if l.Function, err = onDemand(c, rate, 3*requests); err != nil {
		return l, err
	}
	for _, n := range tasks {
		r, err := alwaysOn(c, n, rate, 3*requests)
		if err != nil {
			return l, err
		}
		l.Services = append(l.Services, r)
	}
	jobs := latencyJobs(c.Warm.Mean(), tasks)
	l.Points, err = par.Map(ctx, len(jobs), func(_ context.Context, i int) (coldstartplot.LatencyPoint, error) {
		defer env.Progress(i+1, len(jobs))
		return latencyPoint(c, jobs[i], requests, quantile)
	})
	if seen := l.Seen(); err == nil && seen > 0 && seen < rate {
		l.Rare, err = onDemand(c, seen, requests)
	}
	return l, err
}

// latencyJobs are the points to simulate: rates up to the most that the tasks can do, near which they are denser.
func latencyJobs(service float64, tasks []int) []coldstartplot.LatencyPoint {
	var list, own []coldstartplot.LatencyPoint
	rates := []float64{0.001, 0.002, 0.004, 0.008, 0.016, 0.03, 0.06, 0.12, 0.25, 0.5}
	for i, n := range tasks {
		most := float64(n) / service
		for _, busy := range []float64{0.001 / most, 0.01, 0.1, 0.4, 0.6, 0.75, 0.85, 0.92, 0.96, 0.98} {
			own = append(own, coldstartplot.LatencyPoint{Tasks: n, Rate: busy * most})
		}
		if i == len(tasks)-1 {
			rates = append(rates, 0.001*most, 0.01*most, 0.03*most, 0.1*most, 0.3*most, most)
		}
	}
	slices.Sort(rates)
	last := 0.0
	for _, r := range rates {
		if r > 1.3*last && r >= 0.001 {
			list, last = append(list, coldstartplot.LatencyPoint{Rate: r}), r
		}
	}
	return append(list, own...)
}

func latencyPoint(c coldstart.Config, p coldstartplot.LatencyPoint, requests int64, quantile float64) (coldstartplot.LatencyPoint, error) {
	if p.Tasks == 0 {
		r, err := onDemand(c, p.Rate, requests)
		p.Requests, p.Cold, p.ColdMean, p.P50, p.P99, p.P999, p.Tail = r.Requests, r.ColdProbability, r.ColdLatencyMean, r.LatencyP50, r.LatencyP99, r.LatencyP999, r.LatencyQuantile(quantile)
		return p, err
	}
	r, err := alwaysOn(c, p.Tasks, p.Rate, requests)
	p.Requests, p.Waited, p.Busy, p.P50, p.P99, p.P999, p.Tail = r.Requests, r.WaitProbability, r.Utilization, r.LatencyP50, r.LatencyP99, r.LatencyP999, r.LatencyQuantile(quantile)
	return p, err
}

// onDemand runs the function for as many requests, or for some keep-alives if that is longer.
func onDemand(c coldstart.Config, rate float64, requests int64) (coldstart.Result, error) {
	s := float64(requests) / rate
	if keep := c.KeepAlive.Mean(); !math.IsInf(keep, 1) {
		s = max(s, min(5*keep, 5e6/rate))
	}
	c.Arrivals = coldstart.Poisson(rate)
	c.Duration, c.Warmup = stretch(s)
	return coldstart.Simulate(c)
}

// alwaysOn runs the containers, the longer the busier they are.
func alwaysOn(c coldstart.Config, tasks int, rate float64, requests int64) (container.Result, error) {
	if spare := 1 - rate*c.Warm.Mean()/float64(tasks); spare > 0 {
		requests = int64(float64(requests) * min(max(1, 0.3/spare), 10)) // a busy queue forgets slowly
	}
	s := container.AlwaysOn(tasks, rate)
	s.Service, s.Seed = c.Warm, c.Seed
	s.Duration, s.Warmup = stretch(float64(requests) / rate)
	return container.Simulate(s)
}

// stretch is a run of so many seconds behind its warm-up.
func stretch(s float64) (length, warmup time.Duration) {
	length = time.Duration(1.2 * min(s, 7*365*86400) * 1e9)
	return length, length / 6
}
