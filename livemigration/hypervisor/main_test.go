package hypervisor

import (
	"fmt"
	"testing"

	"cloudconcepts/internal/validation"

	lm "cloudconcepts/livemigration"
)

func TestMain(m *testing.M) { validation.Main(m) }

// computed is a claim about a closed form or an exact computation.
func computed(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: source, Unit: unit}
}

// published is a claim of a paper, a manual or a source text.
func published(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Published, Name: name, Source: source, Unit: unit}
}

// measured is a claim about what a real system did.
func measured(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Measured, Name: name, Source: source, Unit: unit}
}

// qemuSource is where the runs of QEMURuns come from.
const qemuSource = "measured with QEMU 7.2.22 (Debian 12) over loopback, one guest of 512 MiB; testdata/qemu-7.2-runs.csv"

// runName names a run of QEMURuns by its line and its settings.
func runName(i int, run MeasuredRun) string {
	c := run.Config
	u := c.VM.Workload.(lm.Uniform)
	return fmt.Sprintf("run %d: %.0f writes/s over %d pages, link %.0f MB/s, %v, limit %v",
		i, u.Rate/lm.PageBytes, u.WorkingSet/lm.PageBytes, c.Link.Bandwidth/lm.MB, c.Method.Strategy, c.Method.Limit)
}
