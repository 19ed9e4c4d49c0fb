// Package kinesis simulates the shards of a Kinesis data stream.
//
// # The question
//
// What do the limits of the shards reject, and how long do records take to reach several consumers?
//
// # The model
//
// Records (Poisson or regular) go to shards by the MD5 hash of their key. A shard accepts
// [WriteBytes] and [WriteRecords] a second; each is a token bucket that holds one second's worth,
// and what exceeds either is rejected and counted. With polling every consumer calls GetRecords on
// every shard; a shard serves [ReadCalls] calls a second, which all consumers share, so with k of
// them each polls every max(Poll, 0.2 k s). A call returns at most [CallRecords] records or
// [CallBytes] bytes, and [ReadBytes] a second are shared too: a call that comes before the bytes of
// earlier ones are paid for is refused, and its consumer tries again a poll later. With enhanced
// fan-out every consumer has ReadBytes of each shard for itself, records are pushed, and Push is
// the time that a push takes.
//
// # Formulas
//
//	delay by polling   [PollingDelay]: half a poll, 0.1 k s at the floor
//	shards needed      [ShardsFor]
//	rejected share     [RejectedFraction] in the fluid limit
//
// # Sources
//
// Amazon, "Amazon Kinesis Data Streams Developer Guide", "Quotas and limits"
// (service-sizes-and-limits), for the limits; all are constants.
//
// # Deviations
//
// A rejected record is gone: no producer retries. Shards do not split or merge. Records have one
// size. That a bucket holds one second's worth, and that a refused reader comes back a poll later,
// are this package's choices.
package kinesis
