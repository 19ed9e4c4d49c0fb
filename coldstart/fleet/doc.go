// Package fleet simulates many functions under one keep-alive policy, with or without a cap on
// memory.
//
// # The question
//
// How many requests of tens of thousands of functions are cold, and how much memory sits idle to
// prevent more of them: with a fixed time, with the hybrid histogram that learns each application's
// habits, with caching that knows no time but only want of memory?
//
// # The model
//
// A request goes to the idle instance of its unit (a function, or all functions of an application)
// that became idle last; if there is none it is cold: a new instance is busy for Init and the
// execution, a warm one for the execution. Instances serve one request at a time. [KeepAlive] says
// how long an idle one stays, exactly that long being warm still. The hybrid policy ([Hybrid]) may
// unload at once and load again ahead of the next request; a cold start in between takes the place
// of the load.
//
// Without a cap units do not meet: each runs alone, on all processors. With MemoryCapMB all arrivals
// are merged in order of time. A cold start then makes room by the order of [Eviction] among all
// idle instances; if idle ones are not enough the request is dropped and nobody evicted; a load
// ahead of a request evicts nobody. Both ways give the same counts if the cap is never met.
//
// # Formulas
//
//	greedy-dual priority  clock + freq cost/size          [Eviction.Priority]
//	head, tail            of idle times, Head and Tail percentile of a histogram;
//	                      loaded from (1 - Margin) head to (1 + Margin) tail
//	representative        sd/mean of the bins' counts >= MinCV; sqrt(bins) if all are in one
//	wasted memory         sum over idle instances of MemoryMB x time
//	cold share of an app  cold / served requests; its 75th percentile over applications
//	                      is the figure of merit of Shahrad et al.
//
// # Sources
//
// Shahrad et al., Serverless in the Wild, ATC 2020; its constants as in DSLab FaaS
// (osukhoroslov/dslab, hybrid_histogram.rs). Fuerst and Sharma, FaasCache, ASPLOS 2021, and its
// simulator (aFuerst/faascache-sim, LambdaScheduler.py) for the formulas of [Eviction]; its TTL
// policy is LRU under Fixed(10 min). Copik et al., SeBS, Middleware 2021 (halving).
//
// # Deviations
//
// The hybrid policy forecasts by an autoregression of order 1, not ARIMA. Its keep-alive ends at the
// tail counted from the finish. An idle time is one of the unit: from its last finish to the next
// arrival if nothing is busy. A load ahead takes no time and costs no busy memory. Landlord charges
// by init time; in its authors' simulator by warm run time. Memory is one pool without hosts. There
// are no limits on concurrency.
package fleet
