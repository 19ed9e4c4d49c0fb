package studies

import "cloudconcepts/internal/study"

// exam are the questions of an examination that the studies of Bloom filters answer.
func exam() []study.Exam {
	return []study.Exam{
		{
			Question: "Which mistakes can a Bloom filter make, and which can it not?",
			Answer:   "It may say \"perhaps\" to a key that was never added, when other keys have set all its bits: a false positive. It never says \"no\" to a key that was added, since bits are only set: 0 false negatives.",
			Study:    "simulate",
			Shows:    []string{"false negatives", "A lookup of an absent key passes in", "1.997                0"},
		},
		{
			Question: "What do false positives cost in memory?",
			Answer:   "1 % takes 9.593 bits per key, however long the keys are; no filter can do with less than 6.644. Each further bit per key multiplies the rate by the same factor, so ten times fewer false positives take about half as much again.",
			Study:    "tradeoff",
			Shows:    []string{"1 % takes 9.593 bits", "no filter whatever can do with less than 6.644"},
		},
		{
			Question: "How many hash functions are best?",
			Answer:   "ln 2 times the bits per key, which leaves half of the bits set: 7 at 10 bits per key, with 0.819 % of false positives. Fewer test too little (one: 9.52 %), more fill the filter (20: 5.46 %).",
			Study:    "hashes",
			Shows:    []string{"at 10 bits per key, 7 is best with 0.819 %", "against 9.52 % with one and 5.46 % with 20"},
		},
		{
			Question: "What happens if more keys come than the filter was built for?",
			Answer:   "Nothing fails, it lies more often: built for 1 %, it lets through 15.7 % with twice the keys and 83.1 % with 5 times as many. It cannot grow in place; it has to be built anew from the keys.",
			Study:    "overfill",
			Shows:    []string{"lets through 1 % at the planned load", "15.7 % with twice the keys", "83.1 % with 5 times as many"},
		},
		{
			Question: "What does a Bloom filter do for a database?",
			Answer:   "An LSM tree asks the filter of each sorted run before it reads the run from disk. With 5 runs and 10 bits per key, an absent key costs 0.04096 reads on average instead of 5; a present key is never missed.",
			Study:    "allocation",
			Shows:    []string{"level 5 instead of 10 everywhere", "instead of 0.04096"},
		},
		{
			Question: "Memory against false positives in a database: where should the bits go?",
			Answer:   "Into the small levels, where a bit per key costs little and saves the same read. With 28.64 bits per key on level 1 and 9.468 on level 5, the same memory makes 3.48 times fewer reads than 10 everywhere.",
			Study:    "allocation",
			Shows:    []string{"28.64 bits per key on level 1 and 9.468 on level 5 instead of 10 everywhere", "3.48 times fewer for the same memory"},
		},
		{
			Question: "Why does the mean not tell the latency of absent keys?",
			Answer:   "A lookup costs next to nothing or a whole read, and nothing between. With 5 independent runs P99 is a whole read below 12.93 bits per key, and no read above; P99.9 needs 17.73.",
			Study:    "tail",
			Shows:    []string{"With 5 independent runs, below 12.93 bits per key", "P99.9 needs 17.73"},
		},
		{
			Question: "Should memory go to filters or to a cache?",
			Answer:   "Filters first: their first bits save more reads than the same memory as a cache, each further bit less. Of 8 GiB for 1,000,000,000 keys, filters should get 32 % under uniform access, the block cache the rest.",
			Study:    "cache",
			Shows:    []string{"Of 8 GiB for 1,000,000,000 keys", "(32 %) under uniform access"},
		},
		{
			Question: "Why can a key not be deleted from a Bloom filter?",
			Answer:   "Keys share bits: 1,000 keys with 7 hashes set only 5,034 different bits on average. Clearing those of one key would make others absent. A counting filter keeps a small counter instead of each bit, at several times the memory.",
			Study:    "fill",
			Shows:    []string{"With 1,000 keys, 7 hashes and 10,000 bits", "5,034"},
		},
	}
}
