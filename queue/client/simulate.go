package client

// Simulate runs c. The same Config gives the same Result; a changed policy meets the same arrivals.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	s := newSimulation(c)
	s.run()
	return s.result(), nil
}
