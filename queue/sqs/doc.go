// Package sqs simulates message queues with visibility timeouts: Amazon SQS standard, FIFO and fair
// queues, Lambda in front of them, and the rules in which NATS JetStream and Redis Streams differ.
//
// # The question
//
// A queue hands a message to a worker and hides it for a while; if it is not deleted by then,
// somebody else gets it. How often is a message processed twice, how many end in the dead-letter
// queue although nothing is wrong with them, what does one poison message block, how old does the
// oldest message get, and what does CloudWatch say about it?
//
// # The model
//
// One engine of events on an integer clock. A message is delayed, visible, in flight, or gone:
// deleted, expired by retention, or dead-lettered. [SQSStandard], [SQSFIFO], [SQSFair], [JetStream]
// and [RedisStreams] are configurations of it. Workers are a fixed number that receive (long or
// short poll) up to ten messages and process them one after another, or there is always an idle one
// (Consumer.Workers = 0), or they are Lambda invocations ([LambdaPollers]).
//
// [Kind] says in which order messages go out.
//
// An attempt takes a service time and then succeeds, and deletes its message, or fails: poison
// always, others with FailureProbability. What a delete does after its timeout is LateDelete. A
// dead letter that a late attempt completes is dead-lettered and also done: a count of its own.
//
// # Symbols
//
//	V  Queue.Visibility      R  Queue.MaxReceives     S  Consumer.Service, of mean m
//	p  Consumer.FailureProbability    D  Consumer.DeleteLatency    d  Queue.Expiry.Scan
//	N  deliveries of a message        q  exp(-V/m)
//
// # Formulas
//
// For an always idle worker, any law of S, and with or without a maximum ([Timeout]):
//
//	late delete works   P(N > n) = P(S > V) P(S > 2V) ... P(S > nV)    exponential: q^(n(n+1)/2)
//	late delete fails   P(N > n) = P(S > V)^n                          exponential: q^n
//	dead-lettered       P(N > R), after R V
//	failures            attempts (1 - p^R)/(1 - p), dead-lettered p^R  (Attempts in queue/theory)
//	claim by polling    first gap V + U(0, d), later gaps d ceil(V/d)
//	slow delete         V - D in place of V
//	poison              blocks its group R V
//
// # Sources
//
// Amazon, "Amazon SQS Developer Guide", "Amazon SQS API Reference" and "AWS Lambda Developer
// Guide": the page of each number stands with it, or in the error that names its limit.
// nats-server, server/consumer.go: what checkPending does. The closed forms are this package's own.
// The deliveries of paper_test.go were measured for this project on nats-server 2.15.2 and Redis
// 7.0.15, on loopback.
//
// # Deviations
//
// The count from which the age metric leaves a message out stands in one place and may be off by
// one: AgeReceives. That a message is dead-lettered at the receive after its last allowed one, and
// not before, is this model's reading. Limits of calls hold for sends and receives; refused sends
// are not repeated, and deletes are not limited. Lambda's empty polls and batching window are left
// out, its concurrency changes once a second, and how fast it falls is not documented (as it rises,
// here). What "recent" processing time is for a fair queue is not documented: a fading sum.
// JetStream's delayed negative acks do not stretch one another. A short poll misses messages with
// one probability, not server by server. Message sizes and the retry of a receive by its attempt ID
// are not modelled. A redriven message is a new one with a new place and time.
package sqs
