// Package studies holds the studies of serverless cold starts: one question, one picture, one file each.
package studies

import (
	"cloudconcepts/internal/study"
)

// Program is the command `go run ./examples/coldstart`.
func Program() study.Program {
	return study.Program{
		Concept: "coldstart",
		Title:   "Serverless cold starts",
		Summary: "When requests are cold, why, what each remedy buys, and when containers win.",
		About:   about,
		Exam:    exam(),
		Studies: All,
		Invalid: invalid(),
		Presets: presets,
	}
}

// All makes every study, in the order in which they are best read.
func All() []study.Study {
	return []study.Study{
		TTL(),
		Causes(),
		Anatomy(),
		Latency(),
		Burst(),
		Scaling(),
		Provisioned(),
		Warmers(),
		Policies(),
		Selection(),
		Memory(),
		Cost(),
		Hybrid(),
		Gantt(),
		AWS(),
		Simulate(),
	}
}

const about = `A **serverless platform** runs a function in an environment that it makes when a request comes and finds none free: a **cold
start**. The environment then serves one request after the other and is removed when it has been idle for a while. A request is cold
because the environment has expired, or because all of them are busy: the first kind vanishes with more traffic, the second does not.

The studies follow the phases of a cold start per runtime, count cold requests against measurements on AWS Lambda, let bursts meet the
limits of scaling, size provisioned concurrency, try warmers and keep-alive policies, and put the bill beside that of containers.`
