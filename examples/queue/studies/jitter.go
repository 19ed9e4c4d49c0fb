package studies

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/client"
	"cloudconcepts/queue/client/contention"
	"cloudconcepts/queue/queueplot"
)

// Jitter asks which backoff clients should use.
func Jitter() study.Study {
	clients := []int{2, 5, 10, 20, 50, 100, 200}
	names := []string{"none", "exponential", "decorrelated", "equal-jitter", "full-jitter"}
	base, limit := 5*time.Millisecond, 2*time.Second
	return study.Study{
		Name:     "jitter",
		Question: "Why does backoff need jitter?",
		Next:     "How do calls grow with the number of clients, from 10 to 1,000? Does a shorter base change the order?",
		Examples: []string{"--clients 10,100,1000 --runs 20", "--backoff exponential,full-jitter --base 20ms"},
		Flags: func(f *study.Flags) {
			f.IntList(&clients, "clients", "numbers of clients that start at once, rising")
			f.ChoiceList(&names, "backoff", "backoff laws", "none", "exponential", "full-jitter", "equal-jitter", "decorrelated")
			f.Duration(&base, "base", "base of the backoff")
			f.Duration(&limit, "cap", "its cap")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			b := queueplot.Backoffs{Runs: env.RunsOr(300, 30), Seed: env.Seed, Base: base.Seconds(), Cap: limit.Seconds()}
			if !slices.IsSorted(clients) || len(slices.Compact(slices.Clone(clients))) != len(clients) {
				return study.Report{}, fmt.Errorf("%w: --clients = %v, want rising numbers", client.ErrInvalidConfig, clients)
			}
			var err error
			b.Points, err = par.Map(ctx, len(names)*len(clients), func(_ context.Context, i int) (queueplot.JitterPoint, error) {
				defer env.Progress(i+1, len(names)*len(clients))
				return contend(names[i/len(clients)], clients[i%len(clients)], base, limit, b.Runs, env.Seed)
			})
			if err != nil {
				return study.Report{}, err
			}
			if base == 5*time.Millisecond && limit == 2*time.Second {
				b.Published = publishedCalls()
			}
			return study.Report{
				Answer: jitterAnswer(b.Points, names),
				Table:  jitterTable(b.Points),
				Figure: queueplot.Jitter(b),
				Reading: "Every client reads a version, writes, and fails if somebody else wrote in between. Without backoff the calls grow with the square of the clients. Plain exponential " +
					"backoff only moves the crowd: clients that collided once wait the same time and collide again, ever more rarely, so it takes longest of all. Random " +
					"waits spread them out.",
				Sources: []string{
					"rings: aws-samples/aws-arch-backoff-simulator, the program behind \"Exponential Backoff And Jitter\" (AWS Architecture Blog), run 100 times a point",
				},
				Config: struct {
					Clients []int         `json:"clients"`
					Backoff []string      `json:"backoff"`
					Base    time.Duration `json:"base_ns"`
					Cap     time.Duration `json:"cap_ns"`
					Runs    int           `json:"runs"`
				}{clients, names, base, limit, b.Runs},
				Result: b.Points,
			}, nil
		},
	}
}

func contend(name string, clients int, base, limit time.Duration, runs int, seed uint64) (queueplot.JitterPoint, error) {
	var law client.Jitter
	if err := law.UnmarshalText([]byte(name)); err != nil {
		return queueplot.JitterPoint{}, err
	}
	c := contention.AWS(law, clients)
	c.Runs, c.Seed = runs, seed
	if law != client.None {
		c.Backoff.Base, c.Backoff.Cap = base, limit
	}
	r, err := contention.Simulate(c)
	return queueplot.JitterPoint{Law: law, Clients: clients, Calls: r.Calls, Time: r.End, PerWrite: r.CallsPerClient}, err
}

// publishedCalls are what the article's program printed, 100 runs a point.
func publishedCalls() []queueplot.PublishedCalls {
	return []queueplot.PublishedCalls{
		{Law: client.None, Calls: [3]float64{51, 689, 2417}, Time: 2.018},
		{Law: client.Exponential, Calls: [3]float64{50, 622, 1843}, Time: 63.084},
		{Law: client.EqualJitter, Calls: [3]float64{42, 347, 812}, Time: 6.713},
		{Law: client.FullJitter, Calls: [3]float64{38, 333, 795}, Time: 4.934},
		{Law: client.Decorrelated, Calls: [3]float64{37, 374, 1004}, Time: 4.627},
	}
}

func jitterTable(points []queueplot.JitterPoint) study.Table {
	t := study.NewTable("backoff", "clients", "calls", "calls_low", "calls_high", "calls_per_client", "completion_s", "completion_low_s", "completion_high_s")
	for _, p := range points {
		t.Add(p.Law.String(), p.Clients, p.Calls.Mean, p.Calls.Low, p.Calls.High, p.PerWrite, p.Time.Mean, p.Time.Low, p.Time.High)
	}
	return t.Show("backoff", "clients", "calls", "calls_per_client", "completion_s")
}

func jitterAnswer(points []queueplot.JitterPoint, names []string) string {
	perLaw := len(points) / len(names)
	n := points[len(points)-1].Clients
	var parts []string
	for i := range names {
		p := points[(i+1)*perLaw-1]
		parts = append(parts, fmt.Sprintf("%s calls and %s with %s", units.FormatCount(float64(int(p.Calls.Mean+0.5))), units.FormatSeconds(p.Time.Mean), backoffName(p.Law)))
	}
	return fmt.Sprintf("Because clients that back off alike collide again: until %d of them have written once it takes %s.", n, strings.Join(parts, ", "))
}

func backoffName(j client.Jitter) string {
	switch j {
	case client.None:
		return "no backoff"
	case client.Exponential:
		return "plain exponential backoff"
	case client.FullJitter:
		return "full jitter"
	case client.EqualJitter:
		return "equal jitter"
	}
	return "decorrelated jitter"
}
