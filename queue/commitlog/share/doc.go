// Package share simulates a share group of Kafka (KIP-932): a log read like a queue.
//
// # The question
//
// What do a lock on every record, its limit of deliveries and late acknowledgements cost, and does
// a record that fails hold up the others?
//
// # The model
//
// Records become available in the order of their offsets. A member that polls acquires up to
// MaxPollRecords of the available ones, lowest offsets first, and works on one after the other. At
// the end of each it accepts, releases (to be delivered again) or rejects it, or says nothing. The
// lock of a delivery lasts Lock; with Sweep > 0 its end is noticed at the next multiple of Sweep
// only, with 0 at once. A record whose delivery ends without an accept becomes available again or,
// at DeliveryLimit deliveries, is archived. An acknowledgement counts while the sender holds the
// lock: after the lock has ended it fails, unless the record has come back to the same member. No
// more than MaxLocks records are locked at a time. With Members = 0 there is always a new idle
// member.
//
// # Formulas
//
// With always an idle member, a service time S and an exact lock V, and every late acknowledgement
// failing: [Deliveries] on average and [ArchivedFraction].
//
// # Sources
//
// Apache Kafka, "KIP-932: Queues for Kafka". Delivery limit 5, lock 30 s and the sweep every 5 s
// are those of franz-go's kfake broker, as is the rule for late acknowledgements.
//
// # Deviations
//
// One share partition; no fetch settings, sessions or renewals of locks. The default of MaxLocks is
// this package's choice.
package share
