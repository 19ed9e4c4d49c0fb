package coldstart

import "time"

// Default is the example of the README of SimFaaS (Mahmoudi and Khazaei): 0.9 requests/s, warm responses of 1.991 s and cold ones of 2.244 s
// on average, environments kept for 10 min, no limits, for 1e6 s.
func Default() Config {
	return Config{
		Arrivals: Poisson(0.9), Warm: Exp(1991 * time.Millisecond), CPU: CPU{Parallelism: 1},
		Cold: Cold{Kind: Whole, Response: Exp(2244 * time.Millisecond), ReadShare: 1, InitLimit: 10 * time.Second}, MemoryMB: 128,
		KeepAlive: Fixed(10 * time.Minute), Selection: MRU, PerInstance: 1,
		Limits: Limits{Burst: 1000, Refill: 100},
		Retry:  RetryPolicy(NoRetry), Price: OnDemand(), Duration: 1e6 * time.Second, Seed: 1,
	}
}

// AWSLambda is a function on AWS Lambda with a runtime of lambda-perf: cold starts in phases, an account of 1,000 concurrent environments,
// 10 requests/s for each, scaling by 1,000 environments per 10 s, a timeout of 15 min.
func AWSLambda(r Runtime) Config {
	c := Default()
	c.Cold.Kind, c.Cold.Runtime = Phases, r
	c.Warm, c.Timeout, c.MemoryMB = Exp(100*time.Millisecond), 15*time.Minute, 1024
	c.Limits = AWSLimits()
	return c
}

// AWSLimits are those of an account: 1,000 concurrent environments, 10 requests/s for each, 1,000 new ones at once for a function and 100 more
// a second (AWS Lambda Developer Guide, "Understanding Lambda function scaling" and "Lambda scaling behavior", since November 2023).
func AWSLimits() Limits {
	return Limits{Account: 1000, Scaling: AWSScaling, Burst: 1000, Refill: 100, Requests: 10}
}

// LegacyLimits are those before November 2023: burst environments at once, 500 to 3,000 by Region, and 500 more each minute (AWS Lambda
// Operator Guide).
func LegacyLimits(account, burst int) Limits {
	return Limits{Account: account, Scaling: LegacyScaling, Burst: burst, Refill: 500}
}

// RetryPolicy has usual numbers: a caller tries 5 times, after 100 ms, 200 ms and so on, with full jitter; the asynchronous queue of AWS Lambda
// tries for 6 h, after 1 s, 2 s and so on up to 5 min (AWS Lambda Developer Guide, asynchronous invocation).
func RetryPolicy(k RetryKind) Retry {
	switch k {
	case SyncRetry:
		return Retry{Kind: k, First: 100 * time.Millisecond, Most: 20 * time.Second, Factor: 2, Jitter: 1, Attempts: 5, MaxAge: 6 * time.Hour}
	case AsyncRetry:
		return Retry{Kind: k, First: time.Second, Most: 5 * time.Minute, Factor: 2, MaxAge: 6 * time.Hour}
	}
	return Retry{Kind: k}
}

// OnDemand is AWS Lambda's price in us-east-1 on x86, with provisioned concurrency.
func OnDemand() Price {
	return Price{
		GBSecond: 0.0000166667, Request: 0.2e-6, ProvisionedGBSecond: 0.0000041667, ProvisionedDuration: 0.0000097222, BillInit: true,
	}
}
