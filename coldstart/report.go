package coldstart

import (
	"fmt"

	"cloudconcepts/internal/stats"
)

// report makes the result of a run; l may be nil.
func report(r *run, l *log) Result {
	t, c := &r.tally, r.c
	if !r.opened { // it ended before
		r.clock.open()
	}
	out := Result{
		Config: c, Requests: t.requests, Served: t.served, Failed: t.failed, Dropped: t.dropped, DeadLettered: t.dead, Waiting: t.waiting,
		Warm: t.warm, Cold: t.cold, Provisioned: t.provisioned, Spilled: t.spilled, Timeouts: t.timeouts, Errors: t.errors,
		Suppressed: t.suppressed, Proactive: t.proactive, Pings: t.pings, ColdPings: t.coldPings, ThrottledPings: t.throttledPings,
		Created: t.born, Expired: t.expired, ColdBy: t.causes, Throttles: t.throttles, Rows: r.rows,
		Window: float64(max(r.end-r.from, 0)) / 1e9,
	}
	accepted := t.warm + t.cold + t.provisioned
	out.ColdProbability = ratio(float64(t.cold), float64(accepted))
	p := byBatches(out.ColdProbability, &t.meanColds)
	out.ColdLow, out.ColdHigh = max(p.Low, 0), min(p.High, 1)
	out.ThrottledFraction = ratio(float64(t.throttles.Total()), float64(t.throttles.Total()+accepted))
	out.SpilledFraction = ratio(float64(t.spilled), float64(t.requests))
	out.LifespanMean = ratio(t.lives.Float(), float64(t.expired)) / 1e9
	out.environments(r)
	out.times(t)
	out.bill(r)
	if l != nil {
		out.Records, out.Spans = l.records, l.spans
	}
	out.Warnings = out.warnings()
	return out
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// byBatches is a mean with the uncertainty of its batch means.
func byBatches(mean float64, b *stats.BatchMeans) Estimate {
	if b.Batches() < 2 {
		return Estimate{Mean: mean, Low: mean, High: mean}
	}
	low, high := b.Interval(0.95)
	return around(mean, low, high, b.StandardError())
}

// around moves an interval to a mean that is not exactly its middle.
func around(mean, low, high, standardError float64) Estimate {
	half := (high - low) / 2
	return Estimate{Mean: mean, Low: mean - half, High: mean + half, StandardError: standardError}
}

func (out *Result) environments(r *run) {
	ns := out.Window * 1e9
	live, busy := r.clock.areas[0].Plus(r.clock.areas[2]).Float(), r.clock.areas[1].Plus(r.clock.areas[3]).Float()
	out.InstancesMean, out.RunningMean = ratio(live, ns), ratio(busy, ns)
	out.IdleMean = out.InstancesMean - out.RunningMean
	out.ProvisionedMean = ratio(r.clock.areas[2].Float(), ns)
	out.Instances, out.Running = byStretches(out.InstancesMean, &r.slices.live), byStretches(out.RunningMean, &r.slices.busy)
	if ns == 0 {
		return
	}
	for n, d := range r.clock.spread {
		if d > 0 {
			out.Spread = append(out.Spread, Share{n, float64(d) / ns})
			out.InstancesMax = n
		}
	}
}

// byStretches is a mean with the uncertainty of those of stretches of the run.
func byStretches(mean float64, m *stats.Moments) Estimate {
	e := m.Estimate()
	return around(mean, e.Low, e.High, e.StandardError)
}

func (out *Result) times(t *tally) {
	out.latency, out.coldLatency = new(t.latency), new(t.colds)
	out.LatencyMean = t.latency.Mean() / 1e9
	out.Latency = Estimate{Mean: out.LatencyMean, Low: out.LatencyMean, High: out.LatencyMean}
	if b := &t.meanLatency; b.Batches() >= 2 {
		low, high := b.Interval(0.95)
		out.Latency = Estimate{Mean: b.Mean() / 1e9, Low: low / 1e9, High: high / 1e9, StandardError: b.StandardError() / 1e9}
	}
	out.LatencyP50, out.LatencyP90 = out.LatencyQuantile(0.5), out.LatencyQuantile(0.9)
	out.LatencyP99, out.LatencyP999 = out.LatencyQuantile(0.99), out.LatencyQuantile(0.999)
	out.LatencyMax = float64(out.latency.Max()) / 1e9
	out.ColdLatencyMean, out.ColdLatencyP99 = t.colds.Mean()/1e9, out.coldLatency.Quantile(0.99)/1e9
	p := [phases]float64{}
	for i := range p {
		p[i] = t.phases[i].Float() / 1e9
	}
	out.Phases = PhaseTimes{
		p[sandbox], p[network], p[download], p[extensions], p[runtimeInit], p[functionInit], p[lostInit], p[restore], p[firstCall],
	}
}

// LatencyQuantile is that of the latency, in seconds, p in [0, 1].
func (out Result) LatencyQuantile(p float64) float64 {
	if out.latency == nil {
		return 0
	}
	return out.latency.Quantile(p) / 1e9
}

// LatencyAbove is the share of the served requests whose latency is more than so many seconds.
func (out Result) LatencyAbove(seconds float64) float64 {
	if out.latency == nil {
		return 0
	}
	return out.latency.Above(int64(min(max(seconds, 0)*1e9, 1e18)))
}

// bill adds up memory x time and dollars.
func (out *Result) bill(r *run) {
	c, t := r.c, &r.tally
	gb := float64(c.MemoryMB) / 1024
	live, busy := r.clock.areas[0].Float()/1e9, r.clock.areas[1].Float()/1e9
	given, used := r.clock.areas[2].Float()/1e9, r.clock.areas[3].Float()/1e9
	out.BilledGBSeconds, out.ProvisionedBilledGBSeconds = t.billed.Float()/1e3*gb, t.billedProvisioned.Float()/1e3*gb
	if c.PerInstance > 1 { // an environment costs the same for one request as for many
		out.BilledGBSeconds, out.ProvisionedBilledGBSeconds = busy*gb, used*gb
	}
	out.ProvisionedGBSeconds = given * gb
	out.WastedGBSeconds = max(live-busy+given-used, 0) * gb
	p := c.Price
	out.Cost = out.BilledGBSeconds*p.GBSecond + out.ProvisionedBilledGBSeconds*p.ProvisionedDuration +
		out.ProvisionedGBSeconds*p.ProvisionedGBSecond + float64(r.invocations)*p.Request
}

// warnings say what cannot be trusted.
func (out *Result) warnings() (list []error) {
	say := func(format string, args ...any) {
		list = append(list, fmt.Errorf("%w: "+format, append([]any{ErrPrecision}, args...)...))
	}
	switch {
	case out.Requests == 0:
		return append(list, fmt.Errorf("%w: no request came in the window", ErrPrecision))
	case out.Served == 0:
		say("none of %d requests was served", out.Requests)
	}
	if n := out.Cold; n > 0 && n < 100 {
		say("the cold probability rests on %d cold starts; take a longer Duration", n)
	}
	if d, k := out.Config.Duration-out.Config.Warmup, out.Config.KeepAlive.Mean(); out.Config.KeepAlive.kind != forever && d.Seconds() < 10*k {
		say("the run is shorter than ten keep-alive times; it shows its start, not a steady state")
	}
	return list
}
