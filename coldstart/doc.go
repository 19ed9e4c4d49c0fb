// Package coldstart simulates a function on a platform like AWS Lambda: environments that start when a request finds none free, stay for a while, and
// go. It has the closed forms of the same beside the simulation.
//
// # The question
//
// How often is a request cold, how long does it then take, and what do the remedies do and cost: a longer keep-alive,
// pings, provisioned concurrency, SnapStart, more memory, another runtime? The first surprise is why requests are
// cold: at a rate of 0.1/s and a keep-alive of 5 min hardly ever because an environment had expired (exp(-30)), but 1 % of the time since
// all that there were had a request already.
//
// # The model
//
// [Simulate] takes requests in order of arrival ([Arrivals]). A request goes to a free provisioned environment, else to an
// idle one ([Selection] says to which), else it is cold: a new one starts, unless a limit ([Limits]: concurrency of the
// account or reserved for the function, requests a second, the rate of new environments) throttles it. Who was
// throttled may come again ([Retry]). A cold start is drawn whole or in phases ([Cold]), with measured times of runtimes ([Runtime]); the
// environment is busy all the while. An idle environment goes after [KeepAlive]: a fixed time, a random one, halving every period,
// never. A request that comes exactly at its end is still warm. [Warmer] sends pings.
//
// The clock is whole nanoseconds; random numbers come from one stream for each purpose, so that a changed policy meets the same
// requests. Overload and throttling are results, not errors.
//
// # Symbols
//
//	lambda  Arrivals          requests/s
//	S_w     Warm, CPU         time of a warm response; S_c of a cold one, start included
//	T       KeepAlive
//	a       lambda E[S]       offered load, in environments
//	p       ColdProbability
//	N       InstancesMean     environments: busy and idle
//
// # Formulas
//
//	[ColdPoisson]      p = exp(-lambda T), E[N] = 1 - p           exact without service time
//	[ColdRenewal]      p = P(gap > T)                              exact without service time
//	[ColdCap1]         p = exp(-lambda T), rejected a/(1 + a)      exact for a concurrency of 1
//	[ColdExpTTL]       a Markov chain on (busy, idle)              exact for exponential service and keep-alive, any selection
//	[ColdHalving]      p = q/(2 - q), q = exp(-lambda period)      exact without service time; [Halved] for a batch
//	[PoolSizeApprox]   a birth-death chain on N                    approximate, for a fixed keep-alive and the newest or last used first
//	[ErlangB]          throttled at a limit; spill-over from provisioned environments; [ErlangBInverse] sizes them
//	[RunningMean]      E[busy] = lambda (S_w + p (S_c - S_w)), [InstancesMean] E[N] = lambda p E[life]: Little's law
//	[RampThrottled]    a jump of the demand against a token bucket; [LegacyThrottled] against the rule before November 2023
//	[Mixture]          F = (1 - p) F_w + p F_c: a percentile sees cold starts if they are more than what is beyond it
//	[IdlePerRequest]   memory (1 - exp(-lambda T))/lambda of idle GB-seconds; [IdleGap] of one gap
//
// A fixed keep-alive with service times has no exact closed form. The function is then between [ColdPoisson], which is far too low once
// requests overlap, and the simulation.
//
// # Sources
//
// Semantics: AWS Lambda Developer Guide (execution environment lifecycle, function scaling, scaling behavior, asynchronous invocation,
// memory), AWS Lambda Operator Guide (scaling before November 2023), AWS Compute Blog (billing of INIT since August 2025). Keep-alive:
// Copik et al., SeBS (Middleware 2021), which saw half of the idle environments go every 380 s. Model and
// measurements on AWS Lambda: Mahmoudi and Khazaei, SimFaaS, with its data set. Runtimes: the project lambda-perf.
// Firecracker (NSDI 2020) and Brooker et al. (ATC 2023) for microVMs and images.
//
// # Deviations
//
// AWS publishes neither how long an idle environment stays nor which one it chooses: both are settings. No public source has all phases of a
// cold start: the presets have those that were measured, and the rest is 0 until set. Environments do not share machines, and the
// time of a handler does not depend on its neighbours. Many functions under one policy are in package fleet, traces
// in trace, containers in container, prices in cost.
package coldstart
