package studies

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/coldstart/fleet"
	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Policies asks which keep-alive policy makes the most of its memory.
func Policies() study.Study {
	c := fleet.Default()
	c.Load.Functions, c.Load.MaxRate, c.Load.Minutes = 1000, 1e5, 2*trace.MinutesPerDay
	c.Duration, c.Warmup = 48*time.Hour, 24*time.Hour
	keeps := []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute, time.Hour, 4 * time.Hour}
	var caps []int64
	quantile := 0.5
	var given func(string) bool
	return study.Study{
		Name:     "policies",
		Question: "Which keep-alive policy makes the most of its memory?",
		Next:     "Look at the application at another place, `--percentile 75%`, or let functions not share environments (`--unit function`).",
		Examples: []string{"--percentile 75%", "--unit function", "--functions 3000 --max-rate-per-day 300000", "--bursty 0"},
		Flags: func(f *study.Flags) {
			f.Int(&c.Load.Functions, "functions", "functions, with rates, execution times and memory as on Azure in 2019")
			f.DurationList(&keeps, "keep-alive", "fixed times for which idle environments stay")
			f.BytesList(&caps, "memory-cap", "memory of all environments together under a cache; without it about what each fixed time takes")
			f.Fraction(&quantile, "percentile", "application to look at: the share of applications that are cold as seldom")
			f.Text(&c.Unit, "UNIT", "unit", "whose requests share environments: function or app")
			f.Float(&c.Load.MaxRate, "max-rate-per-day", "most requests of an application per day, at least 10,000")
			f.Fraction(&c.Load.Bursty, "bursty", "share of the applications that come in bursts")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if env.Quick && !given("functions") {
				c.Load.Functions = 250
			}
			c.Seed, c.Load.Seed = env.Seed, env.Seed
			front, runs, err := frontier(ctx, c, keeps, caps, quantile)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: policiesAnswer(front),
				Table:  study.Rows(policyRows(front)),
				Figure: coldstartplot.Policies(front),
				Reading: "Left and low is good. Above, every request counts the same, so the few busy applications decide; below, it is one application, and most are called seldom. A fixed time pays the same memory for " +
					"each of them. The hybrid histogram learns when an application will be called, unloads it meanwhile and loads it ahead: it wins where calls are seldom and regular, but keeps busy applications " +
					"for little more than a minute, so that bursts find fewer environments. Caches keep all until memory is short: LRU then ranks by the last use, greedy-dual by uses, init time and size.",
				Sources: []string{
					"the load's shares and fits, and the policy: Shahrad et al., Serverless in the Wild, USENIX ATC 2020",
					"greedy-dual: Fuerst and Sharma, FaasCache, ASPLOS 2021", "model: go doc ./coldstart/fleet, go doc ./coldstart/trace Azure",
				},
				Notes:  policyNotes(c, runs),
				Config: c, Result: policyRows(front),
			}, nil
		},
	}
}

// policiesAnswer compares all policies at the memory of the hybrid histogram.
func policiesAnswer(f coldstartplot.Frontier) string {
	one := f.Policies[1].Settings[0]
	if one.Requests == 0 {
		return "No request came."
	}
	text := fmt.Sprintf("the %s that the hybrid histogram keeps idle, it leaves %s of the requests of the %s cold, and %s of all requests",
		units.FormatBytes(rounded(one.Idle)), percent(one.App), f.Application(), percent(one.Cold))
	var parts []string
	bestApp, bestCold := one, one
	for i, p := range f.Policies {
		cold, app := p.At(one.Idle)
		if i == 1 || math.IsNaN(app) {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s: %s and %s", p.Name, percent(app), percent(cold)))
		at := coldstartplot.PolicyPoint{Policy: p.Name, App: app, Cold: cold}
		if app < bestApp.App {
			bestApp = at
		}
		if cold < bestCold.Cold {
			bestCold = at
		}
	}
	if len(parts) == 0 {
		return "With " + text + "; none of the others was tried with as much."
	}
	best := fmt.Sprintf("For the %s the %s, for all requests together the %s: with ", f.Application(), bestApp.Policy, bestCold.Policy)
	if bestApp.Policy == bestCold.Policy {
		best = fmt.Sprintf("The %s: with ", bestApp.Policy)
	}
	return best + text + "; " + strings.Join(parts, "; ") + "."
}

func policyRows(f coldstartplot.Frontier) []coldstartplot.PolicyPoint {
	var rows []coldstartplot.PolicyPoint
	for _, p := range f.Policies {
		rows = append(rows, p.Settings...)
	}
	return rows
}

func policyNotes(c fleet.Config, runs []fleet.Result) []string {
	notes := []string{fmt.Sprintf("The load is generated; no application comes more often than %s times a day, so that the run is short. The first %s only teach the policies.",
		units.FormatCount(c.Load.MaxRate), units.FormatDuration(c.Warmup))}
	var dropped int64
	for _, r := range runs {
		dropped += r.Dropped
	}
	if dropped > 0 {
		notes = append(notes, fmt.Sprintf("%s requests were dropped in runs whose memory does not hold even the busy environments.", units.FormatCount(float64(dropped))))
	}
	return notes
}
