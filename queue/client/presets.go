package client

import "time"

// Default is a config to start from: 100 requests/s for ten minutes, without
// retries or limits, in front of one server that takes 1/300 s on average.
func Default() Config {
	return Config{
		Rate: 100, Timeout: time.Second,
		Server:   Server{Servers: 1, Service: Exp(time.Second / 300), Places: -1, Policy: DefaultPolicy()},
		Duration: 10 * time.Minute, MaxAttempts: 100_000_000, Seed: 1,
	}
}

// Metastable is the example of Bronson, Aghayev, Charapko and Zhu,
// "Metastable Failures in Distributed Systems" (HotOS 2021): a database for
// 300 queries/s that answers in less than 100 ms, clients that time out after
// 1 s and retry once, an outage of 10 s. At a load (requests/s) of 280 it
// stays down; below 150 it recovers. Here the database is one server with
// exponential times, watched until 490 s after the outage.
func Metastable(load float64) Config {
	c := Default()
	c.Rate, c.Retries, c.RetryRejected = load, 1, true
	c.Outages = []Outage{{At: 10 * time.Second, For: 10 * time.Second}}
	c.Duration = 510 * time.Second
	return c
}

// AWSStandard gives c the standard retry mode of the AWS SDKs: three attempts,
// full jitter below 1 s, then below 2 s, at most 20 s (botocore,
// retries/standard.py), and the quota of aws-sdk-go-v2.
func AWSStandard(c Config) Config {
	c.Retries, c.RetryRejected = 2, true
	c.Backoff = Backoff{Jitter: FullJitter, Base: 500 * time.Millisecond, Cap: 20 * time.Second}
	c.Budget = AWSRetryQuota()
	return c
}
