package studies

import "cloudconcepts/internal/study"

// exam are the questions of an examination that the studies of replication answer.
func exam() []study.Exam {
	return []study.Exam{
		{
			Question: "How does primary-replica replication work, and why may a read of a replica be stale?",
			Answer:   "The primary writes a log and sends it; each replica replays it in order, later. Until then it shows the past: with a mean lag of 5 ms, 36.8 % of the reads 5 ms after a write miss it (in theory).",
			Study:    "stale",
			Shows:    []string{"async                 5 ms", "36.8 %"},
		},
		{
			Question: "Synchronous or asynchronous replication: what does a commit pay, and for what?",
			Answer:   "An asynchronous commit takes 500 µs, one that waits for a standby's disk a round trip and a flush more, 5 ms in all on average. For that a crash of the primary loses no acknowledged write.",
			Study:    "commit",
			Shows:    []string{"500 µs async", "sync          any:1", "         5 ms"},
		},
		{
			Question: "The primary dies: what is lost, and how long can nobody write?",
			Answer:   "With asynchronous replicas the newest acknowledged writes, those still on their way; with synchronous ones 0. Writes wait for detection (2.5 s on average here), a decision, promotion, and until clients know the new primary (1.9 s).",
			Study:    "failover",
			Shows:    []string{"0 with sync", "2.5 s of them for detection and 1.9 s until they know the new primary"},
		},
		{
			Question: "What is split brain, and what prevents it?",
			Answer:   "Two primaries take writes on the two sides of a partition, and one side's are thrown away: 2,020 in 20 s here. Fencing (a lease, a power switch) stops the old primary; with a majority it can acknowledge nothing.",
			Study:    "splitbrain",
			Shows:    []string{"In a partition of 20 s", "2,020 of them are lost", "A lease, a power switch, or the need for a majority", "can acknowledge none"},
		},
		{
			Question: "What does a quorum with R + W > N promise, and what does it cost?",
			Answer:   "Some replica that answers the read has the newest write. Of 3 replicas, R = 1, W = 1 leaves 10.7 % of the reads stale at once, R = 2, W = 2 none, but each waits for the second-fastest replica.",
			Study:    "frontier",
			Shows:    []string{"R = 1, W = 1", "10.7 % stale at once", "  2  2    "},
		},
		{
			Question: "Why do etcd clusters have 3 or 5 servers, and not 4?",
			Answer:   "A majority of 4 is 3: 4 servers survive one failure, as 3 do. With servers up 99 %, 3 lack a majority for 2 h 37 min a year, 4 for 5 h 11 min, 5 for 5 min 11 s.",
			Study:    "availability",
			Shows:    []string{"servers that are up 99 % of the time", "2 h 37 min with three and 5 h 11 min with four", "five make it 5 min 11 s"},
		},
		{
			Question: "How does a Raft group get a new leader, and how long does it take?",
			Answer:   "A follower that hears nothing for its random timeout asks all for their vote; a majority makes it leader. With timeouts of 150-300 ms that takes 185 ms on average; timeouts too much alike, 150-155 ms, split the vote.",
			Study:    "election",
			Shows:    []string{"185 ms on average", "timeouts of 150-300 ms", "150-155 ms               68"},
		},
		{
			Question: "What problems do secondary indexes bring in a distributed table?",
			Answer:   "A global index is a copy by another key that follows later: queries miss the newest writes, and one hot partition throttles the table. With keys of Zipf 2 the busiest gets 70.9 % of the writes, so all can do 1,410/s.",
			Study:    "gsi",
			Shows:    []string{"with keys of Zipf 2 the busiest partition takes 70.9 % of the writes and follows up to 1,410/s"},
		},
		{
			Question: "Disaster recovery: what are RPO and RTO, and how do 43 seconds become a day?",
			Answer:   "RPO is how much data may be lost, RTO how long writes may stop. Promoting another region shortens the RTO but splits the history: after 43 s without a network, the old region needs 15 h 11 min to be in sync.",
			Study:    "incident",
			Shows:    []string{"43 s without a network", "restoring it and catching up takes 15 h 11 min"},
		},
	}
}
