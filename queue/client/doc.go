// Package client simulates clients in front of a service that can be overloaded: timeouts, retries,
// backoff, and what limits them.
//
// # The question
//
// A service has an outage of ten seconds and comes back. Its clients have timed out and tried
// again, what they gave up still stands in its line, and it now works through requests that nobody
// waits for while new ones time out in turn. Does it recover? Which of the known remedies (backoff,
// jitter, retry budgets, breakers, throttling, short lines, newest first, deadlines) help, and what
// do they cost?
//
// # The model
//
// Requests arrive by themselves (a Poisson process of piecewise constant rate, or evenly spaced).
// Each is one attempt or more. An attempt passes the client's own limits ([Throttle], MaxInFlight,
// [Breaker]), may have to wait for a credit, passes the server's [TokenBucket], waits in its line,
// under any discipline of package queue, and is served by one of the servers. The answer takes the
// round trip. If it is not there Timeout after the attempt was sent, the client gives the attempt
// up and perhaps, [Budget] and Retries permitting, sends another one after a [Backoff]. The server
// does not learn of that: what was given up is served all the same, unless the line's discipline
// throws it out, or it had not left the client yet.
//
// Between C/(1+R) and C the system is metastable: it works, until something makes enough requests
// time out at once, and then does not come back when that is over.
//
// A deadline on the wait helps only if it leaves the timeout room for the service: with long
// services, a line that throws out what has waited for the whole timeout serves exactly what comes
// back just too late. The same happens to attempts held at the client, first in, first out. What is
// fresh must be served: newest first, first attempts before retries, or a short line.
//
// # Symbols
//
//	L    Config.Rate                          requests/s
//	C    Server.Capacity(): servers/mean      attempts/s
//	tau  Config.Timeout                       s
//	R    Config.Retries
//	b    Budget.PerRequest, at a RetryCost of 1
//	d    Outage.For                           s
//
// # Formulas
//
//	stable after any trigger   L < C/(1+R), or L < C/(1+b)   [StableLoad]
//	throughput under credits   credits/(round trip + service)
//	throttled clients          the server sees Throttle.K times what it accepts
//	backoff means              [Backoff.Mean]
//	after an outage            RetryStorm in queue/theory
//
// # Sources
//
// Bronson, Aghayev, Charapko and Zhu, "Metastable Failures in Distributed Systems", HotOS 2021
// ([Metastable]). The sources of [SRE], [Resilience4j], [AWSRetryQuota] and [AWSStandard] stand
// with them. The retry storm measured on a real HTTP server was made for this package; see
// TestMeasuredHTTPServer.
//
// # Deviations
//
// All clients share one budget, breaker and throttle, as one process does; many processes would
// trip one by one. What the client's own limits reject is never retried. The round trip is all on
// the way back. A server does not learn that its client has gone. AWS's adaptive mode and the
// retry-after header are left out.
package client
