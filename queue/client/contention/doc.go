// Package contention simulates many clients that all update one row.
//
// # The question
//
// Clients that collide back off and try again. How many calls, and how much time, until all of them
// are done, by the law of the backoff, and why does it need jitter?
//
// # The model
//
// Clients all start at time 0 and each wants to update the same row once, with optimistic
// concurrency control: read the row's version, then write; a write whose version is no longer the
// current one fails, and the client backs off ([client.Backoff]) and reads again. Every message
// takes |Normal(DelayMean, DelaySD)|. A client fails at most once for every other client that
// succeeds, so a run takes at most Clients^2 calls and always ends. One [Simulate] makes Runs runs.
//
// # Sources
//
// Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015, and its simulator,
// aws-samples/aws-arch-backoff-simulator ([AWS]).
//
// # Deviations
//
// Reads cost nothing but their delay; the server answers at once and never fails.
package contention
