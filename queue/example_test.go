package queue_test

import (
	"fmt"
	"strings"
	"time"

	"cloudconcepts/queue"
)

// Messages wait at a single server that is busy 80 % of the time.
func ExampleSimulate() {
	cfg := queue.Default() // M/M/1: Poisson arrivals of 0.8/s, 1 s of exponential work
	cfg.Messages = 2_000_000
	r, err := queue.Simulate(cfg)
	if err != nil {
		panic(err)
	}
	fmt.Printf("wait %.1f s on average, theory 4; %.2f had to wait, theory 0.80\n", r.WaitMean, r.WaitProbability)
	cfg.Servers, cfg.Arrivals = 4, queue.Poisson(3.2)
	if r, err = queue.Simulate(cfg); err != nil {
		panic(err)
	}
	fmt.Printf("with four servers and four times the load %.1f s, theory 0.7\n", r.WaitMean)
	// Output:
	// wait 4.0 s on average, theory 4; 0.80 had to wait, theory 0.80
	// with four servers and four times the load 0.7 s, theory 0.7
}

// An overloaded queue serves nobody in time, or most, by the order alone.
func ExampleConfig() {
	for _, d := range []queue.Discipline{queue.FIFO, queue.LIFO, queue.Expire} {
		r, err := queue.Simulate(queue.Config{
			Arrivals: queue.Poisson(1.5), Service: queue.Exp(time.Second), Servers: 1,
			Discipline: d, Deadline: 10 * time.Second, Messages: 100_000, Warmup: 1000,
		})
		if err != nil {
			panic(err)
		}
		fmt.Printf("%-6v %.2f of 1 message/s in time\n", d, r.Goodput)
	}
	// Output:
	// fifo   0.00 of 1 message/s in time
	// lifo   0.96 of 1 message/s in time
	// expire 1.00 of 1 message/s in time
}

// Recorded messages can be replayed with another number of servers.
func ExampleReadTrace() {
	trace, err := queue.ReadTrace(strings.NewReader("time_s,service_s\n0,4\n1,4\n2,1\n3,1\n6,2\n"))
	if err != nil {
		panic(err)
	}
	for servers := 1; servers <= 3; servers++ {
		r, err := queue.Simulate(queue.Config{Arrivals: queue.FromTrace(), Trace: trace, Servers: servers})
		if err != nil {
			panic(err)
		}
		fmt.Printf("%d: longest wait %.0f s\n", servers, r.WaitMax)
	}
	_, err = queue.ReadTrace(strings.NewReader("1\n0.5\n"))
	fmt.Println(err)
	// Output:
	// 1: longest wait 6 s
	// 2: longest wait 2 s
	// 3: longest wait 0 s
	// queue: trace line 2: time 500ms after 1s, want times that never fall
}

// A result prints what matters most of it.
func ExampleResult_String() {
	c := queue.Default()
	r, err := queue.Simulate(c)
	fmt.Println(r, err)
	// Output: 1000000 served of 1000000: wait 4.072 s mean, 22.91 s p99; 0 % lost; 80 % busy <nil>
}
