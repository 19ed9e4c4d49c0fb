package queue

// Simulate runs c. The same Config gives the same Result. The only errors are those of Validate; too much load, losses and
// numbers that cannot be trusted are results with warnings.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	return newResult(simulate(c)), nil
}

// mostRecursed are the servers up to which the recursion, which is linear in them, is the faster engine.
const mostRecursed = 24

func simulate(c Config) *run {
	_, alike := c.Service.Fixed()
	if c.Engine == Recursion || c.Engine == Auto && c.recursive() && (alike || c.Servers <= mostRecursed) {
		return recurse(c)
	}
	return simulateEvents(c)
}
