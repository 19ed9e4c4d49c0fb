package livemigration

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The dirty limit's control loop comes to rest within its tolerance of 25 MB/s.
func TestDirtyLimitLoop(t *testing.T) {
	d := DirtyLimit{Quota: 30 * MB}.start(ConstantRate{Rate: 1 * GB, WorkingSet: 64 * GiB}, 1).(*dirtyLimit)
	for range 60 {
		d.tick(d.timer, 0)
	}
	computed("rate at which QEMU's dirty limit comes to rest", "its quota, within the control loop's tolerance of 25 MB/s", "bytes/s").
		Within(t, "quota 30 MB/s, guest that writes 1 GB/s", 30*MB, 1*GB*(1-d.throttle()), dirtyLimitTolerance)
	assert.Equal(t, 0.0, DirtyLimit{Quota: 1 * MB}.start(Uniform{}, 1).(*dirtyLimit).throttle())
}
