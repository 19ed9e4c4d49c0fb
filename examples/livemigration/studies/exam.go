package studies

import "cloudconcepts/internal/study"

// exam are the questions of an examination that the studies of live migration answer.
func exam() []study.Exam {
	return []study.Exam{
		{
			Question: "Why is memory copied iteratively, in rounds?",
			Answer:   "The guest writes while it is copied: in the 6.87 s of the first pass it dirties 2.71 GiB again. Each round sends what the one before left dirty, so rounds get shorter, until the rest is small enough to stop the guest for it.",
			Study:    "rounds",
			Shows:    []string{"in the 6.87 s of the first pass it dirties 2.71 GiB again", "dirtied meanwhile"},
		},
		{
			Question: "When does pre-copy not converge?",
			Answer:   "When the guest dirties memory faster than the link sends it, and what stays dirty does not fit the downtime limit. At 2 times the bandwidth, 79.7 % of the working set is dirty again after every round.",
			Study:    "convergence",
			Shows:    []string{"at 2 times the bandwidth that is 79.7 % of the working set by rounds"},
		},
		{
			Question: "What can be done about a migration that does not converge?",
			Answer:   "Slow the guest (auto-converge), switch first and fetch pages after (post-copy), allow a longer pause, or take a faster link. At a dirty rate of 2 GB/s plain QEMU never ends; with auto-converge it ends in 15.3 s.",
			Study:    "hypervisors",
			Shows:    []string{"at 2 GB/s 10 of 16 move it (not rounds, qemu,", "15.3 s"},
		},
		{
			Question: "Live against offline migration: what does each cost?",
			Answer:   "Offline stops the guest for the whole copy, here 13.8 s, and sends each page once. Live pre-copy stops it for 303 ms, but takes 19.9 s and sends 1.45 times the memory, since dirtied pages go again.",
			Study:    "strategies",
			Shows:    []string{"offline stops the guest for 13.8 s", "pre-copy for 303 ms (19.9 s in all, 1.45 times the memory sent)"},
		},
		{
			Question: "Why does live migration want shared storage?",
			Answer:   "With it only memory and device state move. Any other disk has to be copied, too, and its writes mirrored until the switch: with 100 GiB this guest needs 17 min 44 s, and its memory follows only after 15 min 36 s.",
			Study:    "simulate",
			Flags:    "--storage mirror --disk 100GiB --disk-write-rate 20MB/s",
			Shows:    []string{"--disk 100GiB", "It takes 17 min 44 s in all", "15 min 36 s"},
		},
		{
			Question: "How does post-copy differ from pre-copy?",
			Answer:   "It moves the guest first and fetches pages when they are touched or in the background. So it ends at any dirty rate, where pre-copy does not; but the guest waits for pages, here 13.1 s, and a failure on the way loses it.",
			Study:    "strategies",
			Flags:    "--dirty-rate 2GB/s",
			Shows:    []string{"pre-copy never ends", "costs it 13.1 s waiting"},
		},
		{
			Question: "What is the downtime, and what does a longer limit buy?",
			Answer:   "It is the time in which no host runs the guest: the last dirty pages and the device state are sent. The guest is stopped once they fit the limit. A longer limit lets a migration end at all, and sooner.",
			Study:    "downtime",
			Shows:    []string{"First that it ends at all, then a shorter migration"},
		},
		{
			Question: "Is the dirty rate of a guest one number?",
			Answer:   "No. Hot pages are written again and again, and count once a round: memcached dirties 528 MiB/s over 125 ms, but 98.6 MiB/s over 1 min. Each round sees the rate over its own length.",
			Study:    "curves",
			Shows:    []string{"528 MiB/s over 125 ms but 98.6 MiB/s over 1 min"},
		},
		{
			Question: "A host is to be emptied: one guest after the other, or all at once?",
			Answer:   "One after the other. Guests that move together share the link but write as fast as ever, so each sends more rounds: 8 guests of 30 MB/s take 12 min 3 s one by one, and for ever 8 at a time.",
			Study:    "parallel",
			Shows:    []string{"12 min 3 s one by one", "for ever 8 at a time if each writes 30 MB/s"},
		},
	}
}
