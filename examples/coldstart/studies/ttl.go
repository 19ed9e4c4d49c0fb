package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/coldstart/theory"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// TTL asks what the keep-alive decides, and what it does not.
func TTL() study.Study {
	c := awsConfig()
	keeps := []string{"1m", "5m", "10m", "27m", "60m", "halving:380s"}
	rates := []float64{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10}
	requests := int64(400_000)
	var given func(string) bool
	return study.Study{
		Name:     "ttl",
		Question: "Does more traffic end cold starts?",
		Next:     "Does the law of the keep-alive matter? Then see why requests are cold: `go run ./examples/coldstart causes`.",
		Examples: []string{"--keep-alive 10m,exp:10m,uniform:25m,65m", "--rate 0.001/s,0.01/s,0.1/s,1/s --requests 2M", "--warm exp:100ms --cold exp:400ms"},
		Flags: func(f *study.Flags) {
			f.Var(&lawList{&keeps}, "keep-alive", "how long idle environments stay, a curve each (at most 7): "+coldstart.KeepAliveForms)
			f.FrequencyList(&rates, "rate", "requests per second to simulate, at random (Poisson), in (0, 100/s]")
			f.Text(&c.Warm, "LAW", "warm", "time of a warm request")
			f.Text(&c.Cold.Response, "LAW", "cold", "time of a cold request, all of it")
			f.Count(&requests, "requests", "requests of each point, or 20 keep-alives if that is longer, within 9 years")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c.Seed = env.Seed
			if env.Quick && !given("requests") {
				requests /= 20
			}
			sweep := coldstartplot.KeepAlives{Config: c, Requests: requests, Measured: awsMeasured()}
			if given("warm") || given("cold") {
				sweep.Measured = nil // they are for other times
			}
			policies, err := parseKeeps(keeps)
			if err != nil {
				return study.Report{}, err
			}
			if err := checkRates(rates, requests); err != nil {
				return study.Report{}, err
			}
			sweep.Points, err = sweepKeeps(ctx, env, c, policies, rates, requests)
			return study.Report{
				Answer: ttlAnswer(sweep),
				Table:  study.Rows(sweep.Points).Show("keep_alive", "rate_per_s", "requests", "cold_fraction", "theory_fraction", "overlap_fraction", "instances").Head("instances", "environments"),
				Figure: coldstartplot.TTL(sweep),
				Reading: "Dashed: a request is cold if none came for the time of the keep-alive, as if service took no time. Dots: simulated; they follow that line down to its knee and then leave it, because a " +
					"request that finds all environments busy is cold at any keep-alive. Beyond the knee a longer keep-alive helps by keeping more of them; right at a late knee more traffic even means more cold starts. Rings: measured on AWS Lambda.",
				Sources: []string{
					awsSource, "keep-alives: 27 min is the longest that Wang et al. (USENIX ATC 2018) saw; half of the idle ones every 380 s, Copik et al. (SeBS, Middleware 2021)",
					"formulas: go doc ./coldstart/theory ColdPoisson, go doc ./coldstart/theory ColdHalving",
				},
				Notes:  riseNote(sweep),
				Config: c, Result: sweep.Points,
			}, err
		},
	}
}

func sweepKeeps(ctx context.Context, env study.Env, c coldstart.Config, keeps []coldstart.KeepAlive, rates []float64, requests int64) ([]coldstartplot.KeepPoint, error) {
	n := len(rates)
	return par.Map(ctx, n*len(keeps), func(_ context.Context, i int) (coldstartplot.KeepPoint, error) {
		at, rate := c, rates[i%n]
		at.KeepAlive = keeps[i/n]
		at.Arrivals = coldstart.Poisson(rate)
		at.Duration, at.Warmup = span(rate, requests, at.KeepAlive)
		r, err := coldstart.Simulate(at)
		env.Progress(i+1, n*len(keeps))
		return coldstartplot.KeepPoint{
			KeepAlive: at.KeepAlive, Rate: rate, Requests: r.Requests, Cold: r.ColdProbability, Low: r.ColdLow, High: r.ColdHigh, Instances: r.InstancesMean,
			Theory: theory.ColdExpiry(at.KeepAlive, rate), Overlap: float64(r.ColdBy.Overlapping()) / float64(max(r.Cold, 1)),
		}, err
	})
}

// span is how long a run has to be for its requests and for its pool to settle, and its warm-up.
func span(rate float64, requests int64, keep coldstart.KeepAlive) (length, warmup time.Duration) {
	mean := keep.Mean()
	if math.IsInf(mean, 1) {
		mean = 0
	}
	s := min(1.2*max(float64(requests)/rate, 20*mean), 9*365*86400)
	length = time.Duration(s * 1e9)
	return length, length / 6
}

// ttlAnswer compares the keep-alive nearest to 10 min with its expiry alone, at the highest rate up to 1/s.
func ttlAnswer(s coldstartplot.KeepAlives) string {
	low, high := s.Ends()
	if high.Requests == 0 {
		return "No request came."
	}
	verb := "falls"
	if high.Cold > low.Cold {
		verb = "rises"
	}
	text := fmt.Sprintf("%s: with a keep-alive of %s the cold share %s from %s at %s to %s at %s",
		s.Verdict(), coldstartplot.KeepName(high.KeepAlive), verb, percent(low.Cold), coldstartplot.PerTime(low.Rate), percent(high.Cold), coldstartplot.PerTime(high.Rate))
	switch {
	case math.IsNaN(high.Theory): // there is no formula for it
	case high.Theory > 0 && high.Theory < 1e-6:
		text += fmt.Sprintf(", where idle expiry alone would leave 1 in 10^%.0f", -math.Log10(high.Theory))
	default:
		text += ", where idle expiry alone would leave " + percent(high.Theory)
	}
	if high.Cold > 0 {
		text += fmt.Sprintf("; %s of the cold requests there find environments, but all of them busy", percent(high.Overlap))
	}
	return text + "."
}

// riseNote says where more traffic means more cold starts.
func riseNote(s coldstartplot.KeepAlives) []string {
	up, ok := s.Rise()
	if !ok {
		return nil
	}
	return []string{fmt.Sprintf("More traffic can even mean more cold starts: with a keep-alive of %s the share rises to %s at %s, where expiry has ended and requests begin to overlap.",
		coldstartplot.KeepName(up.KeepAlive), percent(up.Cold), coldstartplot.PerTime(up.Rate))}
}

// percent is a fraction in percent with three digits at most, or as odds if it is small.
func percent(x float64) string {
	switch {
	case x <= 0:
		return "0 %"
	case x < 1e-5:
		return "1 in " + units.FormatCount(digits(1/x))
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-2)
	return units.FormatPercent(math.Round(x/unit) * unit)
}
