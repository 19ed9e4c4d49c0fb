package commitlog_test

import (
	"fmt"
	"time"

	"cloudconcepts/queue/commitlog"
)

// fetch.min.bytes trades requests for delay: at 1,000 records/s, 64 KB a fetch
// cut the requests by 64 for 31.5 ms.
func Example() {
	c := commitlog.Kafka()
	c.Producer.Rate, c.Producer.Arrivals = 1000, commitlog.Regular
	for _, records := range []int64{1, 64} {
		c.Fetch.MinBytes = records * c.Producer.RecordBytes
		r, err := commitlog.Simulate(c)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("at least %2d records: %.0f fetches/s, a record waits %.1f ms\n", records, r.FetchesPerS, r.BrokerWaitMean*1000)
	}
	// Output:
	// at least  1 records: 1000 fetches/s, a record waits 0.0 ms
	// at least 64 records: 16 fetches/s, a record waits 31.5 ms
}

func ExampleDelayedFetch() {
	f := commitlog.DelayedFetch(100, 64, 500*time.Millisecond, 0)
	fmt.Printf("%.4f records a fetch, %.4f fetches/s, %.1f ms\n", f.RecordsPerFetch, f.FetchesPerS, f.WaitMean*1000)
	// Output: 49.9184 records a fetch, 2.0033 fetches/s, 249.3 ms
}

// A result prints what matters most of it.
func ExampleResult_String() {
	c := commitlog.Kafka()
	r, err := commitlog.Simulate(c)
	fmt.Println(r, err)
	// Output:
	// 5858 produced, 5858 consumed, 0 lost, 0 repeated; lag at most 2 records, 1.28e-06 s
	// 1 records a fetch, latency 8e-07 s mean, 8.01e-07 s p99 <nil>
}
