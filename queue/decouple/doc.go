// Package decouple puts the same user requests in front of the same slow provider in two ways:
// through an API that calls it while the user waits, and through an API that puts the request in a
// queue for workers.
//
// # The question
//
// "Put a queue in front of it." What does the queue change when the provider is slow, hangs or
// fails, and what not? It changes who waits: users are accepted in milliseconds and nothing is
// refused; a backlog is worked off later, at the price of its age. It does not change the capacity:
// if more arrives on average than the provider can do, the backlog grows for ever.
//
// # The model
//
// Users arrive by a [load.Profile]; the n-th has the same arrival time and needs the same time of
// the provider both ways (common random numbers). The [Provider] works on Servers calls at once, in
// order, each for a time of the law Service; it fails with a probability, and in windows it is
// slow, hangs or refuses.
//
// [Sync]: Threads requests are worked on, each thread is held until the provider has answered, also
// while it waits for a free server there. Backlog more wait for a thread; the rest gets a 503. A
// user's client gives up after Timeout and sends again after a jittered exponential backoff, at
// most Retries times. The API does not notice that a user has left and calls the provider all the
// same: wasted work (SkipGone looks before a thread begins).
//
// [Async]: the request is in the queue after Accept. Min(Workers, Servers) messages are worked on
// at once, in the order of their arrival in the queue. A message whose call failed is visible again
// after RetryDelay, and goes to the dead-letter queue after MaxReceives failures. A message older
// than Retention is lost.
//
// # Formulas
//
//	steady state of the API  MMcK in queue/theory: c = min(Threads, Servers), K = Threads + Backlog
//	timeouts in it           its SojournAbove: P(Erlang wait + call > timeout)
//	an outage, both ways     [HangFluid]: backlog rate x length, drain backlog/(capacity - rate)
//	calls per message        Attempts in queue/theory: (1-p^n)/(1-p)
//	retries sustain an overload if rate (1 + Retries) >= capacity: a warning
//
// # Sources
//
// The condition on retries is that of Bronson, Aghayev, Charapko and Zhu, "Metastable Failures in
// Distributed Systems", HotOS 2021. Visibility, receives, dead letters and retention are those of
// Amazon SQS with its defaults (Developer Guide), simplified: package queue/sqs has the rest.
//
// # Deviations
//
// Networks take no time. A failed call costs a server all of its time, a refused one ErrorLatency.
// The API sets no timeout of its own on the provider and has no circuit breaker: package
// queue/client has them. The queue hands out messages in order and never twice. While a call hangs
// its message stays in flight, however long. OldestAge of a row leaves out messages that wait for
// another attempt.
package decouple
