package commitlog

// Simulate runs c. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	e := newEngine(c)
	e.start()
	e.run()
	e.close()
	return e.result(), nil
}
