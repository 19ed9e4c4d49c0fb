// Package quiet simulates the followers of a Raft leader that lives, and counts how often they lose patience with it.
//
// # The question
//
// How short can an election timeout be, before late heartbeats and a leader that pauses cost elections that nobody needs?
//
// # The model
//
// The leader sends a heartbeat to all followers every Heartbeat, over FIFO links with delays of the law OneWay, and now and
// then stands still for a Pause. Each follower has a timer by the rules of one of package raft's three rule sets. An
// interval between heartbeats in which a timer runs out is a needless election; all then go on with fresh timers.
//
// # Sources
//
// Those of package raft.
//
// # Deviations
//
//   - The leader is never replaced: what an election itself costs is in package raft. A pre-vote would turn most of these
//     elections down again.
package quiet
