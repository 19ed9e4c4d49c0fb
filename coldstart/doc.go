// Package coldstart simulates a function on a platform like AWS Lambda, whose environments start
// when a request finds none free, stay for a while, and go.
//
// # The question
//
// How often is a request cold, and what do the remedies do and cost: a longer keep-alive, pings,
// provisioned concurrency, SnapStart, more memory? At 0.1/s, kept for 5 min, 1 % are cold: all that
// there were had a request already, and hardly ever had one expired (exp(-30)).
//
// # The model
//
// A request goes to a free provisioned environment, else to an idle one (by [Selection]), else it is
// cold: a new one starts, unless [Limits] throttle it; then it may come again ([Retry]). A cold
// start is drawn whole or in phases ([Cold]), with measured times ([Runtime]); the environment is
// busy meanwhile. An idle one goes after [KeepAlive]; a request exactly at its end is warm.
// [Warmer] sends pings. Overload is a result, not an error. The clock is whole nanoseconds; each
// purpose has its stream of random numbers, so that a changed policy meets the same requests.
//
// # Formulas
//
// They are in package theory.
//
// # Sources
//
// AWS Lambda Developer Guide (lifecycle, scaling, asynchronous invocation, memory). Mahmoudi and
// Khazaei, SimFaaS (2021): model and measurements. Copik et al., SeBS (2021): keep-alive. David,
// lambda-perf (2026): runtimes.
//
// # Deviations
//
// AWS publishes neither how long an idle environment stays nor which one it chooses: both are
// settings. Phases of a cold start that nobody measured are 0 until set. Environments do not share
// machines, and no handler waits for its neighbours. Package fleet has many functions.
package coldstart
