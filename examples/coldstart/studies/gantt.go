package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Gantt asks what environments do all day.
func Gantt() study.Study {
	c := coldstart.Default()
	c.Warm, c.KeepAlive = coldstart.Exp(10*time.Second), coldstart.Fixed(2*time.Minute)
	c.Duration = 20 * time.Minute
	rate, start := 0.05, coldstart.Const(10*time.Second)
	return study.Study{
		Name:     "gantt",
		Question: "What does each environment do, from its first request to its end?",
		Next:     "Ask the one that was used least recently, `--selection lru --rate 0.5/s`: now each is used in turn and none expires.",
		Examples: []string{"--selection lru --rate 0.5/s", "--rate 0.2/s --keep-alive 1m", "--keep-alive never", "--init exp:15s"},
		Flags: func(f *study.Flags) {
			f.Frequency(&rate, "rate", "requests per second, at random (Poisson)")
			f.Text(&c.Warm, "LAW", "warm", "time that a request works")
			f.Text(&start, "LAW", "init", "time until a new environment can work")
			f.Text(&c.KeepAlive, "POLICY", "keep-alive", "how long an idle environment stays: "+coldstart.KeepAliveForms)
			f.Text(&c.Selection, "RULE", "selection", "which idle environment serves: newest, mru (served last), lru or random")
			f.Duration(&c.Duration, "duration", "time from the deployment on, [10s, 24h]")
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			c.Seed, c.Warmup = env.Seed, 0
			c.Arrivals = coldstart.Poisson(rate)
			c.Cold = coldstart.Cold{Kind: coldstart.Phases, Function: start}
			if c.Duration < 10*time.Second || c.Duration > 24*time.Hour {
				return study.Report{}, fmt.Errorf("%w: --duration %v, want 10s to 24h", coldstart.ErrInvalidConfig, c.Duration)
			}
			if err := c.Validate(); err != nil {
				return study.Report{}, err
			}
			if expected := rate * c.Duration.Seconds(); expected > 2000 {
				return study.Report{}, fmt.Errorf("%w: --rate %s for --duration %v: %.0f requests, want at most 2,000 in one picture", coldstart.ErrInvalidConfig, units.FormatFrequency(rate), c.Duration, expected)
			}
			c.Records = 5000
			r, err := coldstart.Simulate(c)
			if err != nil {
				return study.Report{}, err
			}
			g := coldstartplot.Gantt{Result: r}
			return study.Report{
				Answer: ganttAnswer(g),
				Table:  study.Rows(coldstartplot.Lanes(r)).Show("instance", "cause", "created_s", "init_s", "busy_s", "idle_s", "expired_s", "requests").Head("instance", "environment"),
				Figure: coldstartplot.GanttChart(g),
				Reading: "Every row is an environment, in the order in which they were made; its first block is its start, and the colour of the dot in front says why a request had to wait for it. One row does most of the work, " +
					"as the one used last is asked first; the others were made for a moment of overlap and idle away until the keep-alive ends them.",
				Sources: []string{"life of an environment: AWS Lambda Developer Guide, \"Understanding the Lambda execution environment lifecycle\""},
				Config:  c, Result: newPrinted(r),
			}, nil
		},
	}
}

func ganttAnswer(g coldstartplot.Gantt) string {
	r := g.Result
	if r.Requests == 0 {
		return "Nothing: no request came in this time."
	}
	sum := g.Sum()
	return fmt.Sprintf("It idles: in %s, %s environments serve %s requests and spend %s of their time idle, %s working and %s starting; %s of the requests are cold (%d because there was none, %d because all were busy), and %s of the environments have expired.",
		units.FormatDuration(r.Config.Duration), units.FormatCount(float64(r.Created)), units.FormatCount(float64(r.Requests)), percent(sum.Idle), percent(sum.Busy), percent(sum.Init),
		units.FormatCount(float64(r.Cold)), r.ColdBy.First+r.ColdBy.IdleExpired, r.ColdBy.Overlapping(), units.FormatCount(float64(r.Expired)))
}
