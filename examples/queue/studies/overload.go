package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue"
	"cloudconcepts/queue/queueplot"
)

// Overload asks what a service should do with more work than it can do.
func Overload() study.Study {
	cfg := queue.Default()
	cfg.Service, cfg.Messages, cfg.Deadline = queue.Exp(10*time.Millisecond), 400_000, 100*time.Millisecond
	loads := []float64{0.3, 0.6, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, 2.5, 3}
	names := []string{"fifo", "codel", "codel-facebook", "bounded", "lifo", "adaptive-lifo", "expire"}
	places := 10
	return study.Study{
		Name:     "overload",
		Question: "What should a service do with more requests than it can serve?",
		Examples: []string{"--deadline 20ms", "--policies fifo,lifo,expire --load 0.5,1,2,4", "--places 100"},
		Flags: func(f *study.Flags) {
			f.ChoiceList(&names, "policies", "what to compare; bounded is fifo with few places", "fifo", "bounded", "lifo", "adaptive-lifo", "expire", "codel", "codel-facebook", "codel-timeout", "red")
			f.FloatList(&loads, "load", "loads as multiples of the capacity, rising, in (0, 10]")
			f.Text(&cfg.Service, "LAW", "service", "time of one service")
			f.Duration(&cfg.Deadline, "deadline", "a message that starts later is worth nothing")
			f.Int(&places, "places", "bounded: messages in the system")
			f.Count(&cfg.Messages, "messages", "messages of each run")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			if env.Quick {
				c.Messages = min(c.Messages, 50_000)
			}
			if len(loads) == 0 || len(names) == 0 || !slices.IsSorted(loads) || !(loads[0] > 0) || !(loads[len(loads)-1] <= 10) || c.Deadline <= 0 || !(c.Service.Mean() > 0) {
				return study.Report{}, fmt.Errorf("%w: --load = %v, --policies = %v, --deadline = %v, want rising loads in (0, 10], at least one policy, a deadline and a mean service above 0",
					queue.ErrInvalidConfig, loads, names, c.Deadline)
			}
			o := queueplot.Overloads{Deadline: c.Deadline.Seconds(), Service: c.Service.String(), Messages: c.Messages, Seed: c.Seed, Curves: map[string][]queueplot.OverloadPoint{}}
			var err error
			o.Points, err = par.Map(ctx, len(names)*len(loads), func(_ context.Context, i int) (queueplot.OverloadPoint, error) {
				defer env.Progress(i+1, len(names)*len(loads))
				return overloadPoint(c, names[i/len(loads)], loads[i%len(loads)], places)
			})
			if err != nil {
				return study.Report{}, err
			}
			for _, name := range names {
				if curve := overloadCurve(c, name, loads[0], loads[len(loads)-1]); len(curve) > 0 {
					o.Curves[name] = curve
				}
			}
			return study.Report{
				Answer: overloadAnswer(o.Points, names),
				Table:  study.Rows(o.Points).Show("policy", "load_over_capacity", "goodput_over_capacity", "theory_goodput_over_capacity", "loss_fraction", "wait_p99_s"),
				Figure: queueplot.Overload(o),
				Reading: "Above the capacity an unbounded queue in order makes everybody wait longer than the deadline: the server does full work, all of it too late. Whatever keeps the waits of " +
					"those served short saves the goodput: throwing out what is too old, serving the newest first, or having few places. The price is the same everywhere: the excess is " +
					"lost. Try `--deadline 20ms` and `--places 100`.",
				Sources: []string{"lines: go doc ./queue Overload and MMcK", "codel-facebook: facebook/folly, folly/executors/Codel.cpp"},
				Config:  c, Result: o.Points,
			}, nil
		},
	}
}

// policy is the configuration of a named policy.
func policy(c queue.Config, name string, places int) (queue.Config, error) {
	if name == "bounded" {
		c.Discipline, c.Capacity = queue.FIFO, places
		return c, nil
	}
	err := c.Discipline.UnmarshalText([]byte(name))
	c.Policy.Threshold = 5
	return c, err
}

func overloadPoint(c queue.Config, name string, load float64, places int) (queueplot.OverloadPoint, error) {
	c, err := policy(c, name, places)
	if err != nil {
		return queueplot.OverloadPoint{}, err
	}
	mean := c.Service.Mean()
	c.Arrivals, c.Warmup = queue.Poisson(load/mean), c.Messages/10
	c.Duration = min(time.Duration(float64(c.Messages)*mean/load*1e9), 10*365*24*time.Hour) // a queue that grows is not worked off
	r, err := queue.Simulate(c)
	if err != nil {
		return queueplot.OverloadPoint{}, err
	}
	p := theoryPoint(c, name, load)
	p.Goodput, p.P99, p.Lost = r.Goodput*mean, r.WaitP99, r.LossFraction
	return p, nil
}

// theoryPoint has the closed form, for exponential services.
func theoryPoint(c queue.Config, name string, load float64) queueplot.OverloadPoint {
	p := queueplot.OverloadPoint{Policy: name, Load: load, Theory: math.NaN()}
	mean := c.Service.Mean()
	g, err := queue.Overload{Arrival: load / mean, Service: 1 / mean, Deadline: c.Deadline.Seconds()}.Solve()
	if err != nil || !c.Service.Exponential() {
		return p
	}
	switch name {
	case "fifo":
		p.Theory = g.FIFO * mean
	case "expire":
		p.Theory = g.Expire * mean
	case "lifo":
		p.Theory = g.LIFO * mean
	}
	return p
}

func overloadCurve(c queue.Config, name string, low, high float64) []queueplot.OverloadPoint {
	var points []queueplot.OverloadPoint
	for i := range 121 {
		p := theoryPoint(c, name, low+(high-low)*float64(i)/120)
		if math.IsNaN(p.Theory) {
			return nil
		}
		points = append(points, p)
	}
	return points
}

func overloadAnswer(points []queueplot.OverloadPoint, names []string) string {
	perName := len(points) / len(names)
	most := points[perName-1].Load
	var parts []string
	for i, name := range names {
		parts = append(parts, units.FormatPercent(points[(i+1)*perName-1].Goodput)+" with "+name)
	}
	return fmt.Sprintf("Refuse or forget the excess early: at %.3g times the capacity, the share of it that is served in time is %s.", most, strings.Join(parts, ", "))
}
