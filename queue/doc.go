// Package queue simulates a service with a waiting line.
//
// # The question
//
// Messages come, wait, and are served. How long do they wait, how many are lost, and what does each
// remedy do: more servers, a bounded queue, another order of service, dropping what is too old? The
// answer is rarely in proportion to anything: of one server with Poisson arrivals and exponential
// times (M/M/1), a message waits four service times at 80 % load, and nineteen at 95 %.
//
// # The model
//
// [Simulate] is G/G/c/K: [Arrivals] of any kind, a [Law] of service, Servers servers and Capacity
// places, of which those in service take their share. [Discipline] says who is next and who is
// thrown out, [Full] what happens to a message that finds no place. A message keeps its place until
// it is served, dropped or expired: offered = served + rejected + dropped + expired + still there.
//
// There are two engines with the same result to the last bit: events, which does all of it, and a
// recursion over the messages (Lindley's for one server, Kiefer and Wolfowitz's for more), which is
// faster and does first come, first served without losses. The clock is whole nanoseconds; random
// numbers come from one stream for each purpose, so that a changed policy meets the same messages.
//
// A queue that gets more than it can do is no error: [Simulate] gives what happened in the run and
// a warning that wraps [ErrUnstable].
//
// # Symbols
//
//	lambda  Config.Arrivals  messages per second
//	mu      Config.Service   services per second of one server; 1/mu is the mean service time
//	c       Config.Servers
//	K       Config.Capacity  places, those in service included
//	rho     Config.Load()    lambda/(c mu)
//	Wq, W   WaitMean, SojournMean   s
//	Lq, L   QueueMean, SystemMean   messages; L = lambda W
//
// # Formulas
//
// The closed forms of queueing theory, and how long a simulation must be, are in queue/theory.
//
// # Sources
//
// Nichols, Jacobson, McGregor, Iyengar, "Controlled Delay Active Queue Management", RFC 8289, 2018:
// CoDel. Its form for requests is that of facebook/folly, folly/executors/Codel.cpp.
//
// # Deviations
//
// What is left out, or differs from real services:
//
//   - Servers are alike and never fail, and a service once begun is completed.
//   - Clients that give up and come again are in queue/client; deliveries that must be acknowledged
//     in queue/sqs; logs that are read by offset in queue/commitlog; workers that come and go with
//     the backlog in queue/autoscale; a queue between an API and a slow provider in queue/decouple.
package queue
