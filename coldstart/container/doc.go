// Package container simulates what a function on demand is compared with: containers that stay, and that requests wait
// for, with nothing or with an autoscaler to say how many.
//
// # The question
//
// A function starts an environment for each request that finds none free. A service of containers lets it wait in a
// queue: no cold start for one request, but a wait for all while there are too few tasks, and idle tasks while there are too many. How long is
// the tail of the latency, how many task-seconds does it take, and how late does a scaler see a burst?
//
// # The model
//
// Poisson requests of a rate in steps ([Config].Load) wait in one queue, first come, first served, for one of PerTask places of a ready task. With
// Fixed scaling this is M/G/c/K: [ErlangC], [WaitMean] and [WaitSurvival] are exact for exponential service. A task
// takes Startup from the decision until it takes requests, and is paid for from the decision until its last request is
// done. Tasks that are no longer wanted take no more requests: those that still start go first, then those with the least work.
//
// # Symbols
//
//	c        Tasks x PerTask             places
//	a        rate x mean Service         load, in places
//	C(c, a)  ErlangC                     probability to wait
//
// # Scaling
//
// TargetTracking measures each Period, over all of it, the utilization (or the requests for each ready task) and wants tasks x metric/Target.
// A utilization cannot exceed 1, so that an overloaded service grows by at most 1/Target in a period; requests for each task see all of a burst.
//
// Knative (documentation of the Knative Pod Autoscaler): every Tick it wants
//
//	ceil(mean concurrency/(PerTask x Utilization))       [Desired]
//
// with the mean over the Stable window (60 s), requests that wait included. If the same from the Panic window (6 s) is at least Threshold (2) times
// the ready pods, it panics: the greatest wish so far holds, and nothing goes until a whole Stable window had no
// such wish. It goes to zero after a Stable window without requests and a Grace; a request that finds no pod asks for one at once.
//
// CloudRun (Google Cloud documentation, "About instance autoscaling"): every 5 s, by the mean over 1 min, to 60 % of the concurrency and of the
// CPU. An instance that is not wanted gets no more requests, unless the others are full, and stays for Idle; the first one is
// started by a request only.
//
// # Deviations
//
// The time of a service does not depend on how many share the task. Tasks with a free place
// get requests in turn, no matter how full they are; as all places are alike, only the end of tasks depends on it. Requests do not give up waiting. Means are exact integrals,
// while real autoscalers sample and collect them with a delay. Cloud Run's own limit on the wait and its placement are
// not published in full, and not here. Constants of the presets that their documentation comments call assumptions are just that.
package container
