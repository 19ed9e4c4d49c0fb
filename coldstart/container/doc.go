// Package container simulates what a function on demand is compared with: containers that stay, and
// that requests wait for, with nothing or with an autoscaler to say how many.
//
// # The question
//
// A function starts an environment for each request that finds none free. A service of containers
// lets it wait in a queue: no cold start for one request, but a wait for all while there are too few
// tasks, and idle tasks while there are too many. How long is the tail of the latency, how many
// task-seconds does it take, and how late does a scaler see a burst?
//
// # The model
//
// Poisson requests of a rate in steps ([Config].Load) wait in one queue, first come, first served,
// for one of PerTask places of a ready task. A task takes Startup from the decision until it takes
// requests, and is paid for from the decision until its last request is done. Tasks that are no
// longer wanted take no more requests: those that still start go first, then those with the least
// work. [Tracking], [KPA] and [Run] say how the scalers decide.
//
// # Symbols
//
//	c        Tasks x PerTask             places
//	a        rate x mean Service         load, in places
//	C(c, a)  ErlangC                     probability to wait
//
// # Formulas
//
// With Fixed scaling this is M/G/c/K: [ErlangC], [WaitMean], [WaitSurvival] and [LatencySurvival]
// are exact for exponential service and a long queue. Knative wants [Desired] pods:
//
//	ceil(mean concurrency/(PerTask x Utilization))
//
// # Sources
//
// Documentation of the Knative Pod Autoscaler; Google Cloud documentation, "About instance
// autoscaling".
//
// # Deviations
//
// The time of a service does not depend on how many share the task. Tasks with a free place get
// requests in turn, no matter how full they are; as all places are alike, only the end of tasks
// depends on it. Requests do not give up waiting. Means are exact integrals, while real autoscalers
// sample and collect them with a delay. Cloud Run's own limit on the wait and its placement are not
// published in full, and not here. Constants of the presets that their documentation comments call
// assumptions are just that.
package container
