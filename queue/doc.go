// Package queue simulates a service with a waiting line, and has the closed forms
// of queueing theory beside the simulation.
//
// # The question
//
// Messages come, wait, and are served. How long do they wait, how many are lost,
// and what does each remedy do: more servers, a bounded queue, another order of
// service, dropping what is too old? The answer is rarely in proportion to
// anything: at 80 % load a queue waits four service times, at 95 % nineteen.
//
// # The model
//
// [Simulate] is G/G/c/K: [Arrivals] of any kind (Poisson, even, renewal, on-off, diurnal, a
// rate that changes, batches, a trace), a [Law] of service, Servers servers and
// Capacity places, of which those in service take their share. [Discipline] says
// who is next and who is thrown out, [Full] what happens to a message that finds no
// place. A message keeps its place until it is served, dropped or expired: offered =
// served + rejected + dropped + expired + still there.
//
// There are two engines with the same result to the last bit: events, which does
// all of it, and a recursion over the messages (Lindley's for one server, Kiefer and
// Wolfowitz's for more), which is faster and does first come, first served without
// losses. The clock is whole nanoseconds; random numbers come from one
// stream for each purpose, so that a changed policy meets the same messages.
//
// A queue that gets more than it can do is no error: [Simulate] gives what
// happened in the run and a warning that wraps [ErrUnstable], the closed forms +Inf.
//
// # Symbols
//
//	lambda  Arrival       messages per second
//	mu      Service       services per second of one server; 1/mu is the mean service time
//	c       Servers
//	K       Capacity      places, those in service included
//	a       lambda/mu, the offered load in servers
//	rho     lambda/(c mu), [Steady].Load
//	cv2     variance/mean^2 of a time: 0 constant, 1 exponential
//	theta   Abandonment   1/s, 1/mean patience
//	D       Deadline on the wait, or the constant service time, s
//	Wq, W   WaitMean, SojournMean   s
//	Lq, L   QueueMean, SystemMean    messages; L = lambda W ([Little])
//
// # Formulas
//
// Each model is a struct of its parameters; Solve validates it and gives its
// [Steady] state with means and, where there is one, the law of the wait.
//
//	[MM1]            Wq = rho/(mu - lambda); n Var(mean of n waits), relaxation time, mean number at time t
//	[MMc]            Wq = C/(c mu - lambda), P(wait > t) = C e^(-(c mu - lambda) t); [ErlangC]
//	[MMcK]           p_n in proportion to the product of a/min(i, c); loss p_K; [ErlangB] is K = c
//	[MMInf]          L = a, no wait
//	[ErlangA]        M/M/c with impatience: loss theta Lq/lambda
//	[MG1]            Wq = rho (1 + cv2)/(2 mu (1 - rho))
//	[MDc]            Wq = sum over i >= 1 of E (N_i - i c)^+/(i lambda), N_i Poisson of mean i a
//	[MD1K]           loss = 1 - 1/(pi_0 + rho); also a token bucket of K tokens
//	[GM1]            sigma = A*(mu (1 - sigma)), Wq = sigma/(mu (1 - sigma))
//	[GGc]            about (ca2 + cs2)/2 times the wait of M/M/c
//	[MMcPriority]    Wq_k = C/(c mu) / ((1 - s_(k-1)) (1 - s_k))
//	[Feedback]       failures at once join the queue again: M/M/c with lambda/(1-p)
//	[BatchArrivals]  L = rho (b+1)/(2 (1-rho))
//	[BatchService]   r + ... + r^K = lambda/mu, L = r/(1-r)
//	[Overload]       goodput under a deadline: FIFO, FIFO that drops the expired, LIFO
//	[Burst]          peak (lambda_p - C) T, drained after peak/(C - lambda_0), oldest peak/C
//	[Attempts]       (1 - p^R)/(1 - p) deliveries, p^R dead letters
//	[Amplification]  (1 + retries)^depth calls
//	[RetryThreshold] C/(1 + R), [RetryStorm] how long recovery takes
//	[BacklogTarget]  latency/processing time; [Workers] backlog/target
//
// All are exact but [GGc] (an approximation, with its error in its comment) and the
// fluid limits [Burst] and [RetryStorm]. They avoid sums of both signs and powers that
// overflow, and are good to some 12 digits up to loads within 1e-4 of 1 and a million
// servers, to fewer digits beyond.
//
// How long must a simulation be? [MM1.Messages] says it: the waits of successive
// messages are so alike that at load 0.8 a mean wait with a standard error of 1 %
// takes 1.2 million messages, at 0.95 17 million.
//
// # Sources
//
// The formulas are those of textbooks; they were derived again or computed in a second
// way for the tests, and their tables are at 25 digits and more. CoDel is RFC 8289, its
// form for requests that of facebook/folly (folly/executors/Codel.cpp), the target
// for a backlog per worker AWS's guide to scaling on a queue of SQS.
//
// # Deviations
//
// What is left out, or differs from real services:
//
//   - Servers are alike and never fail, and a service once begun is completed.
//   - Clients that give up and come again are in queue/client; deliveries that must be
//     acknowledged in queue/sqs; logs that are read by offset in queue/commitlog; workers
//     that come and go with the backlog in queue/autoscale.
//   - [BatchService] lets arrivals join the batch that is in service. A poller that
//     takes a batch and closes it waits longer.
//   - [RetryThreshold] is where the fluid turns. Within some 7 % of it chance and the
//     length of the run decide.
package queue
