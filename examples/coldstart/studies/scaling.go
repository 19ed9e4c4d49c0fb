package studies

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/container"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Scaling lets one burst come to functions and to containers with an autoscaler.
func Scaling() study.Study {
	b := burstOnBoth{rate: 50, peak: 500, at: 2 * time.Minute, service: coldstart.Exp(100 * time.Millisecond), duration: 12 * time.Minute}
	b.tracked, b.knative = container.Tracked(b.rate), container.KnativeDefaults(b.rate)
	b.knative.PerTask = b.tracked.PerTask
	return study.Study{
		Name:     "scaling",
		Question: "A burst comes: which is faster, functions or containers with an autoscaler?",
		Next:     "Containers that start at once still wait for the metric: `--startup 1s`. A metric every 10 s helps more, and a target of 30 % buys room before the burst.",
		Examples: []string{"--startup 1s", "--period 10s --cooldown 10s", "--target 30%", "--peak 100/s"},
		Flags: func(f *study.Flags) {
			f.Frequency(&b.rate, "rate", "requests per second before the burst")
			f.Frequency(&b.peak, "peak", "requests per second from then on")
			f.Duration(&b.at, "burst-at", "when the burst begins, some minutes from the start")
			f.Text(&b.service, "LAW", "service", "time of a warm request")
			f.Text(&b.tracked.Startup, "LAW", "startup", "containers: from the decision until a task takes requests")
			f.Int(&b.tracked.PerTask, "per-task", "containers: requests that a task serves at a time")
			f.Fraction(&b.tracked.Tracking.Target, "target", "containers: utilization that the scaling aims at")
			f.Duration(&b.tracked.Tracking.Period, "period", "containers: time between looks at the metric")
			f.Duration(&b.tracked.Tracking.CooldownOut, "cooldown", "containers: time between additions")
			f.Duration(&b.duration, "duration", "length of the run")
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			if err := b.check(); err != nil {
				return study.Report{}, err
			}
			ways, err := b.run(env.Seed)
			if err != nil {
				return study.Report{}, err
			}
			rows := make([]scalingRow, len(ways))
			for i, w := range ways {
				rows[i] = w.scalingRow
			}
			return study.Report{
				Answer: b.answer(rows),
				Table:  study.Rows(rows),
				Figure: b.figure(ways, env.Seed),
				Reading: "Above, how many requests each of them can serve at a time; gray is what the load demands on average. Below, the requests that wait. A function starts an environment for every request that finds none " +
					"free, so its pool follows within one cold start, and nobody waits for anybody else. A service of containers sees the burst in its next metric, then starts tasks, and works off what has piled up meanwhile; utilization " +
					"cannot exceed 1, so each step only multiplies the tasks by 1/target. Knative counts the requests that wait, looks every 2 s, and starts pods in 2 s: a platform of containers that is nearly as fast as functions. It panics at the line, though, starts far more pods than are needed, and keeps them for a minute.",
				Sources: []string{
					"AWS Lambda Developer Guide, \"Understanding Lambda function scaling\"; Amazon ECS Developer Guide, \"Service auto scaling\"; Knative documentation, \"Autoscaling\"",
					"start of a task (30 s) and of a pod (2 s), metric and cool-down of a minute: assumptions, as in go doc ./coldstart/container Tracked; go doc ./coldstart/container KnativeDefaults",
				},
				Config: b.tracked, Result: rows,
			}, nil
		},
	}
}

// scalingRow is what a way of scaling makes of the burst.
type scalingRow struct {
	Way     string  `json:"way"`
	P50     float64 `json:"latency_p50_s"`
	P99     float64 `json:"latency_p99_s"`
	P999    float64 `json:"latency_p999_s"`
	Waiting int     `json:"most_waiting"`
	Calm    float64 `json:"line_gone_after_s"` // the burst began
	Places  float64 `json:"places_mean"`       // that are paid for
	Refused float64 `json:"refused_fraction"`
}

func (b *burstOnBoth) answer(rows []scalingRow) string {
	var parts []string
	for _, r := range rows {
		line := "nobody waits in line"
		if r.Waiting > 0 {
			line = fmt.Sprintf("up to %s wait, until %s after it began", units.FormatCount(float64(r.Waiting)), units.FormatSeconds(r.Calm))
		}
		parts = append(parts, fmt.Sprintf("with %s %s is P99 and %s", r.Way, units.FormatSeconds(r.P99), line))
	}
	return fmt.Sprintf("When %s become %s, %s.", units.FormatFrequency(b.rate), units.FormatFrequency(b.peak), strings.Join(parts, "; "))
}
