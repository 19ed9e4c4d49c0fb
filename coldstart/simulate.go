package coldstart

// Simulate runs c. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	if c.Engine == Stack || c.Engine == Auto && c.stackable() && c.fewBusy() {
		s := newStack(c)
		return report(s.simulate(), nil), nil
	}
	e := newEngine(c)
	return report(e.simulate(), &e.log), nil
}

// stackable tells whether the stack gives the exact result.
func (c Config) stackable() bool {
	_, fixed := c.KeepAlive.law.Fixed()
	fixed = fixed && c.KeepAlive.kind == byLaw || c.KeepAlive.kind == forever
	limited := c.Limits.Scaling != NoScaling || c.Limits.Requests > 0 && c.Limits.concurrency() > 0
	return fixed && !limited && c.Selection == MRU && c.PerInstance == 1 && c.Provisioned.Count == 0 && c.Retry.Kind == NoRetry &&
		c.Warmer.Concurrent == 0 && c.ErrorProbability == 0 && c.Timeout == 0 && c.Sample == 0 && c.Records == 0
}

// fewBusy tells whether so few environments work at a time that a sorted list of them is fast.
func (c Config) fewBusy() bool {
	work := c.Warm.Mean() + c.CPU.Work.Mean()*stretch(c.MemoryMB, c.CPU.Parallelism)
	if most := c.Limits.concurrency(); most > 0 && most < 1000 {
		return true
	}
	return !c.Arrivals.Traced() && c.Arrivals.Most()*work < 1000
}
