package studies

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Burst asks how fast the platform scales.
func Burst() study.Study {
	rate, peak, at := 100.0, 5000.0, 10*time.Second
	service := coldstart.Const(time.Second)
	account := 10_000
	c := coldstart.AWSLambda("nodejs22-zip-x86")
	c.Duration = 2 * time.Minute
	return study.Study{
		Name:     "burst",
		Question: "How fast does Lambda scale in a burst?",
		Next:     "How large may a burst be that nobody notices? With `--account 1000`, the default of an account, what becomes of it?",
		Examples: []string{"--peak 3k/s", "--service const:100ms --peak 20k/s", "--account 1000"},
		Flags: func(f *study.Flags) {
			f.Frequency(&rate, "rate", "requests per second before the burst")
			f.Frequency(&peak, "peak", "requests per second from then on")
			f.Text(&service, "LAW", "service", "time of a warm request")
			f.Int(&account, "account", "concurrency of the account")
			f.Duration(&c.Duration, "duration", "length of the run")
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			if !(rate > 0) || !(peak >= rate) || peak*c.Duration.Seconds() > 2e7 {
				return study.Report{}, fmt.Errorf("%w: --rate = %g/s, --peak = %g/s, want above 0, at least the rate, and at most 20 million requests in --duration = %v", coldstart.ErrInvalidConfig, rate, peak, c.Duration)
			}
			c.Seed, c.Warm = env.Seed, service
			c.Arrivals = coldstart.Paced(coldstart.Step{Rate: rate}, coldstart.Step{At: at, Rate: peak})
			c.Sample = max(c.Duration/120, time.Millisecond)
			runs := []coldstartplot.Scaled{{Name: "aws"}, {Name: "aws-legacy"}, {Name: "no limit of scaling"}}
			limits := []coldstart.Limits{coldstart.AWSLimits(), coldstart.LegacyLimits(account, min(3000, account)), {}}
			var rows []burstRow
			for i := range runs {
				one := c
				one.Limits = limits[i]
				one.Limits.Account = account
				r, err := coldstart.Simulate(one)
				if err != nil {
					return study.Report{}, err
				}
				runs[i].Result = r
				rows = append(rows, newBurstRow(runs[i].Name, r))
			}
			return study.Report{
				Answer: burstAnswer(rows, peak, service),
				Table:  study.Rows(rows).Head("instances_max", "most environments"),
				Figure: coldstartplot.Burst(runs),
				Reading: "A burst needs rate times duration environments at once. Since November 2023 a function gets 1,000 of them at once and 100 more a second, as tokens that come back evenly; before, a " +
					"Region had 500 to 3,000 at once and 500 more a minute. What comes meanwhile is throttled, unless somebody tries it again. The account's concurrency is the ceiling, " +
					"and 1,000 is the default.",
				Sources: []string{
					"AWS Lambda Developer Guide, \"Lambda scaling behavior\" and \"Understanding Lambda function scaling\"; AWS Lambda Operator Guide for the rule before",
					"closed form of the throttled: go doc ./coldstart/theory RampThrottled",
				},
				Config: c, Result: rows,
			}, nil
		},
	}
}

// burstRow is what a rule of scaling makes of the burst.
type burstRow struct {
	Scaling   string  `json:"scaling"`
	Throttled float64 `json:"throttled_fraction"`
	Count     int64   `json:"throttled"`
	Last      float64 `json:"last_throttle_s"` // after the burst began
	Cold      int64   `json:"cold"`
	Most      int     `json:"instances_max"`
	P99       float64 `json:"latency_p99_s"`
}

func newBurstRow(name string, r coldstart.Result) burstRow {
	row := burstRow{Scaling: name, Throttled: r.ThrottledFraction, Count: r.Throttles.Total(), Cold: r.Cold, Most: r.InstancesMax, P99: r.LatencyP99}
	for _, s := range r.Rows {
		if s.Throttled > 0 {
			row.Last = s.At - 10
		}
	}
	return row
}

func burstAnswer(rows []burstRow, peak float64, service coldstart.Law) string {
	var parts []string
	for _, r := range rows[:2] {
		parts = append(parts, fmt.Sprintf("%s throttles %s requests (%s) for %s", r.Scaling, units.FormatCount(float64(r.Count)), units.FormatPercent(r.Throttled), units.FormatSeconds(r.Last)))
	}
	needed := peak * service.Mean()
	longer := ""
	if most := float64(rows[2].Most); most > needed {
		longer = fmt.Sprintf(" (and %s without a limit of scaling, since a cold start holds its environment longer)", units.FormatCount(most))
	}
	return fmt.Sprintf("A burst of %s/s needs %s environments at once%s: %s.", units.FormatCount(peak), units.FormatCount(needed), longer, strings.Join(parts, ", "))
}
