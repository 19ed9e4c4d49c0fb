package studies

import (
	"cmp"
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
	"cloudconcepts/queue/theory"
)

// overloaded is one server under several policies.
type overloaded struct {
	cfg      queue.Config
	loads    []float64
	policies []string
	places   int
	runs     int
}

// Overload asks what a service should do with more work than it can do.
func Overload() study.Study {
	o := overloaded{cfg: queue.Default(), loads: []float64{0.3, 0.6, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, 2.5, 3}, places: 10}
	o.cfg.Service, o.cfg.Messages, o.cfg.Deadline, o.cfg.Policy.Threshold = queue.Exp(10*time.Millisecond), 80_000, 100*time.Millisecond, 5
	o.policies = []string{"fifo", "codel", "codel-facebook", "bounded", "lifo", "adaptive-lifo", "expire"}
	var given func(string) bool
	return study.Study{
		Name:     "overload",
		Question: "What should a service do with more requests than it can serve?",
		Next:     "Clients that wait for 20 ms only: which policies still serve anybody? What do `--target 25ms` and `--places 100` repair?",
		Examples: []string{"--deadline 20ms", "--policies fifo,lifo,expire --load 0.5,1,2,4", "--places 100", "--target 25ms"},
		Flags: func(f *study.Flags) {
			f.ChoiceList(&o.policies, "policies", "what to compare; bounded is fifo with few places", "fifo", "bounded", "lifo", "adaptive-lifo", "expire", "codel", "codel-facebook", "codel-timeout", "red")
			f.FloatList(&o.loads, "load", "loads as multiples of the capacity, rising, in (0, 10]")
			f.Text(&o.cfg.Service, "LAW", "service", "time of one service")
			f.Duration(&o.cfg.Deadline, "deadline", "a message that starts later is worth nothing")
			f.Int(&o.places, "places", "bounded: messages in the system")
			f.Int(&o.cfg.Policy.Threshold, "threshold", "adaptive-lifo: the longest line that is still served in order")
			f.Duration(&o.cfg.Policy.Target, "target", "codel...: the wait that is fine")
			f.Duration(&o.cfg.Policy.Interval, "interval", "codel...: how long the wait may stay above it")
			f.Count(&o.cfg.Messages, "messages", "messages of each run, in [100, 20M]; above the capacity as many as it can serve, and the excess")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			at := o
			at.runs, at.cfg.Seed = env.RunsOr(5, 5), env.Seed
			if env.Quick && !given("messages") {
				at.cfg.Messages = 15_000
			}
			return at.report(ctx, env)
		},
	}
}

func (o overloaded) report(ctx context.Context, env study.Env) (study.Report, error) {
	if err := o.check(); err != nil {
		return study.Report{}, err
	}
	all := queueplot.Overloads{
		Deadline: o.cfg.Deadline.Seconds(), Service: o.cfg.Service.String(), Messages: o.cfg.Messages, Runs: o.runs, Seed: o.cfg.Seed,
		Curves: map[string][]queueplot.OverloadPoint{},
	}
	var err error
	n := len(o.loads)
	all.Points, err = par.Map(ctx, len(o.policies)*n, func(ctx context.Context, i int) (queueplot.OverloadPoint, error) {
		defer env.Progress(i+1, len(o.policies)*n)
		return o.point(ctx, o.policies[i/n], o.loads[i%n])
	})
	if err != nil {
		return study.Report{}, err
	}
	for _, name := range o.policies {
		all.Curves[name] = o.curve(name)
	}
	return study.Report{
		Answer: overloadAnswer(all.Points, o.policies),
		Table:  overloadTable(all.Points, o.policies, n),
		Figure: queueplot.Overload(all),
		Reading: "Above the capacity an unbounded queue in order makes everybody wait longer than the deadline: the server does full work, all of it too late. Whatever keeps the waits of " +
			"those served short saves the goodput: throwing out what is too old, serving the newest first, or having few places. The price is the same everywhere: the excess is " +
			"lost. CoDel as it is for packets drops ever faster but counts on senders that slow down; these do not. The target of 5 ms is half a service here, which costs its form for " +
			"requests goodput at low load.",
		Sources: []string{"lines: go doc ./queue/theory Overload; go doc ./queue/theory MMcK", "codel: RFC 8289; codel-facebook: facebook/folly, folly/executors/Codel.cpp"},
		Config:  o.cfg, Result: all.Points,
	}, nil
}

// check refuses what the model cannot see.
func (o overloaded) check() error {
	c, mean := o.cfg, o.cfg.Service.Mean()
	switch {
	case len(o.policies) == 0 || len(o.loads) == 0:
		return fmt.Errorf("%w: --policies = %v, --load = %v, want at least one of each", queue.ErrInvalidConfig, o.policies, o.loads)
	case !slices.IsSorted(o.loads) || !(o.loads[0] > 0) || !(o.loads[len(o.loads)-1] <= 10):
		return fmt.Errorf("%w: --load = %v, want rising loads in (0, 10]", queue.ErrInvalidConfig, o.loads)
	case c.Deadline <= 0:
		return fmt.Errorf("%w: --deadline = %v, want more than 0s", queue.ErrInvalidConfig, c.Deadline)
	case c.Messages < 100 || c.Messages > 20e6:
		return fmt.Errorf("%w: --messages = %d, want in [100, 20M]", queue.ErrInvalidConfig, c.Messages)
	case !(mean > 0) || !(float64(c.Messages)*mean/o.loads[0] < 1e8):
		return fmt.Errorf("%w: --service = %v, want a mean above 0 and messages x mean / load below 1e8 s", queue.ErrInvalidConfig, c.Service)
	}
	return nil
}

// under is the configuration of a named policy at a load.
func (o overloaded) under(name string, load float64) (queue.Config, error) {
	c, mean := o.cfg, o.cfg.Service.Mean()
	c.Messages = int64(float64(c.Messages) * max(load, 1))
	c.Arrivals, c.Warmup = queue.Poisson(load/mean), c.Messages/10
	c.Duration = time.Duration(float64(c.Messages) * mean / load * 1e9) // a queue that grows is not worked off
	if name == "bounded" {
		c.Discipline, c.Capacity = queue.FIFO, o.places
		if o.places < 1 {
			return c, fmt.Errorf("%w: --places = %d, want in [1, %d]", queue.ErrInvalidConfig, o.places, queue.MaxCapacity)
		}
		return c, nil
	}
	err := c.Discipline.UnmarshalText([]byte(name))
	return c, err
}

func (o overloaded) point(ctx context.Context, name string, load float64) (queueplot.OverloadPoint, error) {
	c, err := o.under(name, load)
	if err != nil {
		return queueplot.OverloadPoint{}, err
	}
	s, err := queue.Replicate(ctx, c, o.runs)
	if err != nil {
		return queueplot.OverloadPoint{}, err
	}
	p := o.theory(name, load)
	mean := c.Service.Mean()
	p.Goodput, p.Low, p.High = s.Goodput.Mean*mean, max(s.Goodput.Low*mean, 0), s.Goodput.High*mean
	p.P99, p.Lost = s.WaitP99.Mean, s.LossFraction.Mean
	return p, nil
}

// theory has the closed form, for exponential services.
func (o overloaded) theory(name string, load float64) queueplot.OverloadPoint {
	p := queueplot.OverloadPoint{Policy: name, Load: load, Theory: math.NaN()}
	mean, deadline := o.cfg.Service.Mean(), o.cfg.Deadline.Seconds()
	g, err := theory.Overload{Arrival: load / mean, Service: 1 / mean, Deadline: deadline}.Solve()
	if err != nil || !o.cfg.Service.Exponential() {
		return p
	}
	switch name {
	case "fifo":
		p.Theory = g.FIFO * mean
	case "expire":
		p.Theory = g.Expire * mean
	case "lifo":
		p.Theory = g.LIFO * mean
	case "bounded":
		if s, err := (theory.MMcK{Arrival: load / mean, Service: 1 / mean, Servers: 1, Capacity: o.places}).Solve(); err == nil {
			p.Theory = s.Throughput * (1 - s.WaitAbove(deadline)) * mean
		}
	}
	return p
}

func (o overloaded) curve(name string) []queueplot.OverloadPoint {
	var points []queueplot.OverloadPoint
	low, high := o.loads[0], o.loads[len(o.loads)-1]
	for i := range 121 {
		p := o.theory(name, low+(high-low)*float64(i)/120)
		if math.IsNaN(p.Theory) {
			return nil
		}
		points = append(points, p)
	}
	return points
}

// overloadTable has a row for each load, and the goodput of each policy side by side; the file has more.
func overloadTable(points []queueplot.OverloadPoint, policies []string, loads int) study.Table {
	names, shown := []string{"load_over_capacity"}, []string{"load_over_capacity"}
	for _, p := range policies {
		p = column(p)
		names = append(names, p+"_goodput_fraction", p+"_low_fraction", p+"_high_fraction", p+"_theory_fraction", p+"_lost_fraction", p+"_wait_p99_s")
		shown = append(shown, p+"_goodput_fraction")
	}
	t := study.NewTable(names...)
	for i := range loads {
		row := []any{points[i].Load}
		for k := range policies {
			p := points[k*loads+i]
			row = append(row, p.Goodput, p.Low, p.High, p.Theory, p.Lost, p.P99)
		}
		t.Add(row...)
	}
	t = t.Show(shown...).Head("load_over_capacity", "load/capacity")
	for _, p := range policies {
		t = t.Head(column(p)+"_goodput_fraction", p)
	}
	return t
}

// column is a policy's name in the head of a column.
func column(policy string) string { return strings.ReplaceAll(policy, "-", "_") }

// overloadAnswer ranks the policies at the highest load.
func overloadAnswer(points []queueplot.OverloadPoint, names []string) string {
	perName := len(points) / len(names)
	var last []queueplot.OverloadPoint
	for i := range names {
		last = append(last, points[(i+1)*perName-1])
	}
	slices.SortStableFunc(last, func(a, b queueplot.OverloadPoint) int { return cmp.Compare(b.Goodput, a.Goodput) })
	var parts []string
	for _, p := range last {
		parts = append(parts, units.FormatPercent(math.Round(1000*min(p.Goodput, 1))/1000)+" under "+p.Policy)
	}
	lead := "Refuse or forget what would be too late"
	if last[0].Load <= 1 {
		lead = "As long as it can serve them, serve the oldest that is not yet too late"
	}
	return fmt.Sprintf("%s: at %.3g times the capacity the share of it that is served in time is %s.", lead, last[0].Load, strings.Join(parts, ", "))
}
