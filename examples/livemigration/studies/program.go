// Package studies holds the studies of live migration: one question, one
// picture, one file each.
package studies

import (
	"cloudconcepts/internal/study"
	"cloudconcepts/livemigration"
)

// Program is the command `go run ./examples/livemigration`.
func Program() study.Program {
	return study.Program{
		Concept: "livemigration",
		Title:   "Live migration",
		Summary: "Moving a running virtual machine to another host, and what it costs.",
		About:   about,
		Exam:    exam(),
		Studies: All,
		Invalid: []error{livemigration.ErrInvalidConfig},
		Presets: presets,
	}
}

// All makes every study, in the order in which they are best read.
func All() []study.Study {
	return []study.Study{
		Rounds(),
		Convergence(),
		Curves(),
		Throttle(),
		Strategies(),
		Downtime(),
		Hypervisors(),
		Parallel(),
		PostCopy(),
		Memcached(),
		QEMU(),
		Simulate(),
	}
}

const about = `A guest has to move to another host while it runs. Its memory is copied, and while it is copied the
guest writes: what was copied is stale again. **Pre-copy** copies in rounds, each of which sends what became dirty in the one
before, and stops the guest only for the last one. It ends if a round is short enough to fit the downtime limit. It need not
end at all: then the guest is **throttled**, or moved first and copied after (**post-copy**), or stopped for longer.

The model knows the workload by one curve, the unique memory dirtied within a time, and the hypervisor by its rules, as its
source states them.`
