// Package livemigration simulates the live migration of virtual machines.
//
// # The question
//
// A guest moves to another host while it runs. Its memory is copied, and what was copied grows
// stale as the guest writes on. Does the copying ever end? How long does it take, how long does the
// guest stand still, how much goes over the wire, and what does each remedy (throttling, post-copy,
// a longer downtime limit) cost?
//
// # The model
//
// A workload is a [DirtyCurve] U(t): the unique bytes that the guest dirties within t seconds after
// all pages were clean. Pre-copy is then a map: a round sends U(what the round before sent /
// bandwidth). A [Method] says how a hypervisor does it: by which [SwitchOver], until what is left
// fits which Limit, and with which [StopRule], [Throttle] and [RateControl]. Package hypervisor has
// the methods of real systems, and migrations that were measured on them.
//
// [Simulate] cuts memory into stretches of addresses that share one history and draws nothing, so
// there is no Replicate. [SimulatePages] does the same with real pages, one bit each, and random
// writes, and confirms it.
//
// # Formulas
//
// The closed forms, and the symbols that the comments use, are in package theory.
//
// # Sources
//
// Each policy names its own, and package hypervisor those of the real systems.
//
// # Deviations
//
//   - Writes are stationary and every stretch of addresses holds the same mix of hot and cold
//     pages; see [DirtyCurve].
//   - Near the boundary of convergence a run can settle in a cycle that real noise would break; see
//     [Drain].
//   - Storage is copied before memory, not interleaved with it.
package livemigration
