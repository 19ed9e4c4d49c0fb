package client

// The streams of random numbers, one for each purpose, so that a changed
// policy meets the same arrivals.
const (
	streamArrivals uint64 = iota
	streamServices
	streamBackoff
	streamThrottle
	_ // of queue/client/contention
	streamLine
)
