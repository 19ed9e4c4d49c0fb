package decouple_test

import (
	"fmt"
	"time"

	"cloudconcepts/queue/autoscale/load"
	"cloudconcepts/queue/decouple"
	"cloudconcepts/queue/theory"
)

// A payment provider hangs for a minute. Without a queue most users of that minute are refused; with one they are late.
func Example() {
	r, err := decouple.Simulate(decouple.Shop())
	if err != nil {
		fmt.Println(err)
		return
	}
	s, a := r.Sync, r.Async
	fmt.Printf("%d requests\n", s.Requests)
	fmt.Printf("direct: %d failed (%d refused, %d timed out)\n", s.Failed, s.Dropped, s.Timeouts)
	fmt.Printf("queue:  %d lost, accepted in %.0f ms, deepest backlog %d, oldest %.0f s, empty %.0f s after the outage\n",
		a.Dead+a.Expired, a.Accept.Mean*1000, a.DepthPeak, a.AgeMax, a.EmptyAt-180)
	// Output:
	// 59931 requests
	// direct: 5918 failed (5768 refused, 150 timed out)
	// queue:  0 lost, accepted in 15 ms, deepest backlog 5897, oldest 60 s, empty 59 s after the outage
}

// What a queue does not change: the capacity.
func ExampleSimulate_overload() {
	c := decouple.Shop()
	c.Arrivals, c.Provider.Windows, c.Duration = load.Constant(250), nil, time.Minute
	r, err := decouple.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range r.Warnings {
		fmt.Println(w)
	}
	// Output:
	// decouple: the backlog grows for ever: 250 calls/s arrive on average and 200/s can be done: a queue adds no capacity
	// decouple: the API is overloaded: 250 requests/s arrive on average and 200/s can be done
}

// How many users of an API with 8 calls at once and 12 more places time out after 3 s, in the steady state.
func Example_theory() {
	m, err := theory.MMcK{Arrival: 7, Service: 1, Servers: 8, Capacity: 20}.Solve()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("refused %.2f %%, timed out %.2f %%\n", 100*m.LossFraction, 100*m.SojournAbove(3))
	// Output:
	// refused 1.80 %, timed out 8.30 %
}

// A minute of hanging at 100 requests/s with a capacity of 200/s.
func ExampleHangFluid() {
	o := decouple.HangFluid(100, 200, 60, 150, 2)
	fmt.Printf("refused %.0f, timed out %.0f; queue: %.0f waiting, drained after %.0f s\n", o.Dropped, o.TimedOut, o.Backlog, o.Drain)
	// Output:
	// refused 5850, timed out 150; queue: 6000 waiting, drained after 60 s
}

// A result prints what matters most of it.
func ExampleResult_String() {
	c := decouple.Shop()
	r, err := decouple.Simulate(c)
	fmt.Println(r, err)
	// Output:
	// without a queue: 54003 of 59931 requests succeeded, 0.101 s mean, 0.476 s p99
	// with a queue: 59921 of 59931 completed, 5.99 s mean, 57.1 s p99, the oldest after 59.94 s <nil>
}
