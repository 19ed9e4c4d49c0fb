package studies

import "cloudconcepts/internal/study"

// exam are the questions of an examination that the studies of queues answer.
func exam() []study.Exam {
	return []study.Exam{
		{
			Question: "What is the role of a queue between two services?",
			Answer:   "It decouples them: the sender is answered at once, the workers take messages at their own pace. A flash sale becomes a backlog of 90,080 messages that is worked off at 500/s, and is gone 5 min after the sale.",
			Study:    "flashsale",
			Shows:    []string{"works it off at 500/s: 90,080 messages pile up", "the backlog is gone 5 min after the sale"},
		},
		{
			Question: "An API in front of a slow provider, with and without SQS: what changes?",
			Answer:   "Without a queue, requests hold threads while the provider hangs, and 5,918 of 35,900 users fail. With one, all are accepted and none fails, but the work is done later: after 58.3 s at P99.",
			Study:    "withqueue",
			Shows:    []string{"of 35,900 users 5,918 fail without a queue", "after 58.3 s at P99"},
		},
		{
			Question: "Why is a server at 90 % utilization too busy?",
			Answer:   "Random gaps and random work make lines, and the wait grows like 1/(1 - load): for services of 1 s, P99 is 9.21 s at 50 % and 46.1 s at 90 %. Several servers behind one queue need less room.",
			Study:    "utilization",
			Shows:    []string{"grows like 1/(1 - load): services of 1 s", "9.21 s", "46.1 s", "when one server is 50 % busy", "at 90 %"},
		},
		{
			Question: "What should a service do under overload?",
			Answer:   "Serve only what is still in time: refuse early, drop what is too old, or serve the newest first. At 3 times the capacity, an unbounded first-come line serves 0 % in time, newest-first 100 % of its capacity.",
			Study:    "overload",
			Shows:    []string{"at 3 times the capacity", "0 % under fifo", "100 % under lifo"},
		},
		{
			Question: "Why does an outage outlast its cause, and what makes a service resilient?",
			Answer:   "Clients that time out try again, and the server works for those who have left: it recovers only below capacity/(1 + retries) = 150/s. A short line, dropping old requests or a circuit breaker brings it back.",
			Study:    "retrystorm",
			Shows:    []string{"capacity/(1 + retries) = 150/s", "short line (150 places)   yes", "expire what is too old    yes", "circuit breaker           yes"},
		},
		{
			Question: "Why can SQS deliver a message twice?",
			Answer:   "A message that a worker takes is hidden for the visibility timeout, and comes back if it was not deleted by then. With a timeout of 0.5 times the mean work it is delivered 1.887 times; it must be long against the slowest message.",
			Study:    "visibility",
			Shows:    []string{"with 0.5 times the mean", "1.887"},
		},
		{
			Question: "Does a FIFO queue with deduplication give exactly-once?",
			Answer:   "Only for copies sent within five minutes. A copy that comes after 10 min is a new message: on both kinds of queue it is executed again. The consumer has to remember what it has done (idempotence).",
			Study:    "dedup",
			Shows:    []string{"10 min", "a FIFO queue makes it 1.000 if the second comes after 1 s"},
		},
		{
			Question: "How do Kafka consumers get faster without more consumers?",
			Answer:   "By moving more at a time: larger fetches and polls spread the round trip and the overhead over more records. Waiting for 200 records, at most 500 ms, cuts the fetches to 1.98 a second, and makes records wait.",
			Study:    "kafka",
			Shows:    []string{"waiting for 200 records, at most 500 ms, cuts the fetches from", "to 1.98 a second"},
		},
		{
			Question: "Why do more Kafka consumers not help?",
			Answer:   "A partition is read by one consumer of a group, so 16 consumers of 12 partitions do the work of 12. With keys the fullest partition decides: it has 22.1 % of the records, and the group does the work of 4.53.",
			Study:    "partitions",
			Shows:    []string{"16 consumers of 12 partitions", "the work of 12, and with keys", "the work of 4.53, since 22.1 % of those records are in one partition"},
		},
	}
}
