// Package theory has the closed forms of package coldstart: what a simulation can be compared with,
// and what needs none.
//
// # The question
//
// How often is a request cold, how many environments are there, and how many requests are
// throttled, by a formula?
//
// # Symbols
//
//	lambda  rate            requests/s
//	S       service         mean time of a response; S_w warm, S_c cold with the start
//	T       keep            time that an idle environment stays
//	a       lambda S        offered load, in environments
//	p       Cold            share of cold requests
//	N       Instances       environments: busy and idle
//
// # Formulas
//
// Exact without service time: a lower bound in practice, since requests that overlap are cold at any
// keep-alive.
//
//	[ColdPoisson]  p = exp(-lambda T), E[N] = 1 - p
//	[ColdRenewal]  p = P(gap > T)
//	[ColdHalving]  p = q/(2 - q), q = exp(-lambda period); [Halved] for a batch
//	[ColdExpiry]   p = E exp(-lambda T), any keep-alive
//
// With service times:
//
//	[ColdExpTTL]      a Markov chain on (busy, idle), exact for exponential service and keep-alive,
//	                  any selection
//	[ColdCap1]        p = exp(-lambda T), rejected a/(1 + a), exact for a concurrency of 1
//	[PoolSizeApprox]  a birth-death chain on N, approximate, for a fixed keep-alive and the newest
//	                  or last used first
//	[RunningMean]     E[busy] = lambda (S_w + p (S_c - S_w)), Little's law
//	[InstancesMean]   E[N] = lambda p E[life], Little's law
//	[Mixture]         F = (1 - p) F_w + p F_c: a percentile sees cold starts if they are more than
//	                  what is beyond it
//
// A fixed keep-alive with service times has no exact closed form: ColdPoisson is far too low once
// requests overlap, and the simulation is what there is.
//
// Limits and remedies:
//
//	[ErlangB]         throttled at a limit; spill-over from provisioned environments, which
//	                  [ErlangBInverse] sizes
//	[RampThrottled]   a jump of the demand against a token bucket; [LegacyThrottled] against the
//	                  rule before November 2023
//	[WarmerCold]      a burst beside pings; [PingCold] single requests beside pings that work
//	[IdlePerRequest]  memory (1 - exp(-lambda T))/lambda of idle GB-seconds; [IdleGap] of one gap
//
// The forms take rates in 1/s and are NaN outside the domain that their comment names.
//
// # Sources
//
// Copik et al., SeBS (2021) for halving; AWS Lambda Operator Guide for the rule before November 2023;
// Mahmoudi and Khazaei, Performance modeling of serverless computing platforms, for the birth-death
// chain. The others follow from Poisson arrivals, Little's law and Erlang's loss formula.
package theory
