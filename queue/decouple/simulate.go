package decouple

import "cloudconcepts/internal/des"

// Simulate runs c. The same Config gives the same Result. Requests come at the same times and need the same processing
// times both ways.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	r := Result{Config: c}
	s := newServer(&c)
	s.run()
	r.Sync = s.finish()
	q := newPipeline(&c)
	q.run()
	r.Async = q.finish()
	r.End = des.Seconds(q.now)
	r.warn(q.left < 0)
	return r, nil
}
