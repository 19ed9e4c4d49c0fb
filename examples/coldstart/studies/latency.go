package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Latency asks when a queue is worse than a cold start.
func Latency() study.Study {
	c := coldstart.AWSLambda("java21-zip-x86")
	c.Warm, c.Limits = coldstart.Exp(20*time.Millisecond), coldstart.Limits{}
	rate, quantile, requests := 280.0, 0.999, int64(200_000)
	tasks, runtime := []int{6, 8}, string(c.Cold.Runtime)
	return study.Study{
		Name:     "latency",
		Question: "When is the queue of a container worse than a cold start?",
		Next:     "Cold starts under 1 % do not reach P99 (`--quantile 99%`). How slow may a start be (`--init const:3s`) until containers win?",
		Examples: []string{"--quantile 99%", "--rate 0.01/s --tasks 1", "--init const:3s --tasks 6,8", "--runtime nodejs22-zip-x86 --service lognormal:20ms,cv=2"},
		Flags: func(f *study.Flags) {
			f.Frequency(&rate, "rate", "requests per second, at random (Poisson)")
			f.IntList(&tasks, "tasks", "containers that are always there, each for one request at a time: a curve each, at most 6")
			f.Text(&c.Warm, "LAW", "service", "time of a warm request and of one in a container")
			f.Choice(&runtime, "runtime", "measured init times of the function", runtimeNames()...)
			f.Text(&c.Cold.Function, "LAW", "init", "time of the function's own static code, on top of the runtime's init")
			f.Int(&c.MemoryMB, "memory", "memory of the function in MB")
			f.Text(&c.KeepAlive, "POLICY", "keep-alive", "how long an idle environment stays: "+coldstart.KeepAliveForms)
			f.Fraction(&quantile, "quantile", "quantile of the latency to compare")
			f.Count(&requests, "requests", "requests of each run")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if env.Quick {
				requests = min(requests, 40_000)
			}
			if err := checkLatency(rate, quantile, requests, tasks, c.Warm); err != nil {
				return study.Report{}, err
			}
			slices.Sort(tasks)
			c.Seed, c.Cold.Runtime, c.Arrivals = env.Seed, coldstart.Runtime(runtime), coldstart.Poisson(rate)
			l, err := latencies(ctx, env, c, rate, quantile, requests, slices.Compact(tasks))
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: latencyAnswer(l),
				Table:  study.Rows(l.Points).Show("tasks", "rate_per_s", "busy_fraction", "cold_fraction", "waited_fraction", "latency_p50_s", "latency_p99_s", "latency_p999_s"),
				Figure: coldstartplot.Tails(l),
				Reading: "Above, the tails at one rate: cold starts shift a small share of the requests by a whole init, a queue shifts all of them a little. Below, the same quantile against the rate: functions " +
					"are bad where requests are rare, since environments expire, and do not care for load; containers are good until they are nearly all busy, and then without bound. Notes mark where " +
					"they pass a cold request. A table row with 0 tasks is the function.",
				Sources: []string{
					"init times: lambda-perf (github.com/maxday/lambda-perf, Apache 2.0), commit 6070b79, July and August 2026",
					"formulas: go doc ./coldstart/container LatencySurvival, go doc ./coldstart/container ErlangC",
				},
				Notes:  []string{"The measured init leaves out the making of the sandbox and the download of the code, so a client sees more; the containers are warm from the start, and no autoscaler is late."},
				Config: c, Result: l.Points,
			}, nil
		},
	}
}

func checkLatency(rate, quantile float64, requests int64, tasks []int, warm coldstart.Law) error {
	mean := warm.Mean()
	switch {
	case !(mean >= 1e-4 && mean <= 60):
		return fmt.Errorf("%w: --service = %v, want a mean in [100us, 1m]", coldstart.ErrInvalidConfig, warm)
	case !(rate >= 1e-3 && rate*mean <= 1e4):
		return fmt.Errorf("%w: --rate = %g/s, want in [0.001/s, %.4g/s] with requests of %s", coldstart.ErrInvalidConfig, rate, 1e4/mean, units.FormatSeconds(mean))
	case !(quantile >= 0.5 && quantile <= 0.9999):
		return fmt.Errorf("%w: --quantile = %g, want in [0.5, 0.9999]", coldstart.ErrInvalidConfig, quantile)
	case requests < 1000 || requests > 10_000_000:
		return fmt.Errorf("%w: --requests = %d, want in [1,000, 10,000,000]", coldstart.ErrInvalidConfig, requests)
	case len(tasks) < 1 || len(tasks) > 6:
		return fmt.Errorf("%w: --tasks has %d numbers, want 1 to 6", coldstart.ErrInvalidConfig, len(tasks))
	}
	for _, n := range tasks {
		if n < 1 || n > 5000 {
			return fmt.Errorf("%w: --tasks = %d, want in [1, 5000]", coldstart.ErrInvalidConfig, n)
		}
	}
	return nil
}

func latencyAnswer(l coldstartplot.Latencies) string {
	name := coldstartplot.QuantileName(l.Quantile)
	text := fmt.Sprintf("At %s/s functions take %s at %s (%s cold)", units.FormatNumber(l.Rate), units.FormatSeconds(l.Function.LatencyQuantile(l.Quantile)), name, percent(l.Function.ColdProbability))
	for _, s := range l.Services {
		if s.Config.Load[0].Rate*l.Service.Mean() >= float64(s.Config.Tasks) {
			text += fmt.Sprintf("; %s keep up", coldstartplot.Containers(s.Config.Tasks, "cannot", "cannot"))
			continue
		}
		text += fmt.Sprintf("; %s, busy %s of the time, %s", coldstartplot.Containers(s.Config.Tasks, "", ""), percent(s.Utilization), units.FormatSeconds(s.LatencyQuantile(l.Quantile)))
	}
	text += fmt.Sprintf(". A cold request takes %s on average: ", units.FormatSeconds(l.Cold()))
	tasks := l.Services[0].Config.Tasks
	above := l.Above(tasks)
	switch {
	case math.IsNaN(l.Cold()):
		return strings.TrimSuffix(text, ". A cold request takes "+units.FormatSeconds(l.Cold())+" on average: ") + "; no request was cold at any rate."
	case above == 0:
		return text + fmt.Sprintf("%s of the service alone is longer.", name)
	case math.IsNaN(above):
		text += fmt.Sprintf("%s of %s is never worse at the rates tried", name, coldstartplot.Containers(tasks, "", ""))
	default:
		text += fmt.Sprintf("%s of %s is worse from about %s/s on, %s busy", name, coldstartplot.Containers(tasks, "", ""), units.FormatNumber(rounded(above)), percent(min(above*l.Service.Mean()/float64(tasks), 1)))
	}
	if seen := l.Seen(); seen > 0 {
		return text + fmt.Sprintf(", that of functions sees cold starts at %s/s and below.", units.FormatNumber(rounded(seen)))
	}
	return text + ", that of functions sees no cold starts."
}

// rounded keeps three digits.
func rounded(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 0) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-2)
	return math.Round(x/unit) * unit
}
