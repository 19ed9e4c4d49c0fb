package theory_test

import (
	"fmt"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/queue/theory"
)

// The knee: waits against load, with one server and with four of the same speed.
func ExampleMMc() {
	for _, load := range []float64{0.5, 0.8, 0.9, 0.95} {
		one, err := theory.MMc{Arrival: load, Service: 1, Servers: 1}.Solve()
		if err != nil {
			fmt.Println(err)
			return
		}
		four, err := theory.MMc{Arrival: 4 * load, Service: 1, Servers: 4}.Solve()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("load %.2f: mean wait %5.2f and %4.2f s, p99 %5.1f and %4.1f s\n",
			load, one.WaitMean, four.WaitMean, one.WaitQuantile(0.99), four.WaitQuantile(0.99))
	}
	// Output:
	// load 0.50: mean wait  1.00 and 0.09 s, p99   7.8 and  1.4 s
	// load 0.80: mean wait  4.00 and 0.75 s, p99  21.9 and  5.1 s
	// load 0.90: mean wait  9.00 and 1.97 s, p99  45.0 and 10.9 s
	// load 0.95: mean wait 19.00 and 4.46 s, p99  91.1 and 22.5 s
}

// Half as much again as the service can do, and nobody waits for more than ten
// service times: what is left depends on who is served first.
func ExampleOverload() {
	g, err := theory.Overload{Arrival: 150, Service: 100, Deadline: 0.1}.Solve()
	fmt.Printf("%.1f %.1f %.1f %v\n", g.FIFO, g.Expire, g.LIFO, err)
	// Output: 0.0 99.8 96.0 <nil>
}

// A flash sale: the backlog is deepest when the burst ends, but the oldest message
// is seen three minutes later.
func ExampleBurst() {
	d, err := theory.Burst{Base: 200, Peak: 2000, Duration: 60, Capacity: 500}.Solve()
	fmt.Printf("%+v %v\n", d, err)
	// Output: {BacklogPeak:90000 Drain:300 AgeMax:180 DelayMean:90} <nil>
}

// Any law of the times between arrivals will do.
func ExampleGM1() {
	for _, gaps := range []law.Law{law.Const(1250 * time.Millisecond), law.Exp(1250 * time.Millisecond)} {
		s, err := theory.GM1{Interarrival: gaps, Service: 1}.Solve()
		fmt.Printf("%v: %.4f s %v\n", gaps, s.WaitMean, err)
	}
	// Output:
	// const:1.25s: 1.6927 s <nil>
	// exp:1.25s: 4.0000 s <nil>
}

// How many messages must be simulated for a mean wait to 1 %?
func ExampleMM1_Messages() {
	for _, load := range []float64{0.5, 0.8, 0.95} {
		n, err := theory.MM1{Arrival: load, Service: 1}.Messages(0.01)
		fmt.Printf("%.2f: %.2g %v\n", load, n, err)
	}
	// Output:
	// 0.50: 2.9e+05 <nil>
	// 0.80: 1.2e+06 <nil>
	// 0.95: 1.7e+07 <nil>
}

// A bad argument is an error that names all of them.
func ExampleMMcK_Validate() {
	fmt.Println(theory.MMcK{Arrival: -1, Service: 1, Servers: 4, Capacity: 2}.Validate())
	// Output:
	// theory: invalid config: Arrival = -1, want in [0, 1e+12] 1/s
	// theory: invalid config: Capacity = 2, want in [4, 1000000]
}

func ExampleSteady_String() {
	s, err := theory.MMc{Arrival: 0.8, Service: 1, Servers: 1}.Solve()
	fmt.Println(s, err)
	// Output: load 0.8: wait 4 s mean, sojourn 5 s mean; 80 % find no free server, 0 % lost; 80 % busy <nil>
}
