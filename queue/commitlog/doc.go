// Package commitlog simulates a partitioned log, as of Kafka, that a producer fills and a consumer
// group reads.
//
// # The question
//
// How far does the group fall behind, in records and in time, how many requests does that cost, and
// which records are lost or done twice when a consumer crashes, is too slow, or the group changes?
// Each setting of the client is a field and does what the client's source says.
//
// # The model
//
// A producer appends records (Poisson or regular, at a rate that can step) to partitions, by key
// (murmur2, [PartitionOf]), in turn or at random. Brokers lead partitions. Every consumer has at
// most one fetch outstanding with a broker. A fetch names the consumer's partitions there of which
// nothing is buffered; the broker parks it until
//
//	sum over these partitions of min(bytes there, MaxPartitionBytes) >= MinBytes
//
// or MaxWait is over, and answers with what there is, up to MaxBytes and MaxPartitionBytes; both
// are soft for the first record. A poll hands out MaxPollRecords from the buffer, and the next
// fetches leave before it returns, so they overlap with processing. Fetches leave at polls only: a
// consumer that is busy sends none.
//
// A consumer has one worker or several (by key, or any free one). Offsets are committed by
// [Commit]; a crash then loses or repeats records, which are counted one by one. [Group] says when
// the group rebalances and what that costs. Records beyond the retention are gone, read or not.
//
// # Symbols
//
//	rate    Producer.Rate                   records/s
//	m       Fetch.MinBytes over RecordBytes records
//	T       Fetch.MaxWait                   s
//	r       Fetch.RoundTrip                 s
//
// # Formulas
//
//	fetches       [DelayedFetch], with and without a round trip
//	ceilings      [Config.ProcessingCeiling], [Config.FetchCeiling], [Config.CatchUpRate]
//	memory        [Config.MemoryBound]
//	crash         [Group.DetectionTime]
//	lag           [CatchUp]
//	keys          [PartitionFractions] (exact, for given keys), [LargestFraction] (expected)
//
// Lag in records is log end less position, the next record to hand to the application; the
// committed lag is log end less committed offset. Lag in time is the age of the record at the
// position. They are zero if there is none.
//
// # Sources
//
// apache/kafka: ConsumerConfig.java (names and defaults), AbstractFetch.java, DelayedFetch.scala,
// Utils.java and UtilsTest.java (murmur2 and its vectors). The delayed-fetch cells of paper_test.go
// were measured on franz-go's kfake broker. The closed form of the delayed fetch is derived in its
// comment.
//
// # Deviations
//
// Records have one size and are batches of their own; there is no replication, compression or
// producer batching. A rebalance is a wait for all members and a time (RebalanceTime), not the
// messages of the protocol. A cooperative one goes through two such times for partitions that move.
// Offsets are committed without delay (CommitTime only keeps the polling thread busy) and, at a
// revocation, always. A crashed consumer rejoins when its former self has been found dead, since no
// rebalance could end before. With several workers, records in work at a revocation are finished
// but not committed. The log is trimmed record by record, not by segments. Requests of metadata,
// offsets and heartbeats cost nothing.
package commitlog
