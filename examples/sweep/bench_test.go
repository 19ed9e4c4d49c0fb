//go:build linux

package main

import (
	"syscall"
	"testing"
	"time"

	"cloudconcepts/internal/sweep"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/queue"
	"cloudconcepts/replication"

	"github.com/stretchr/testify/require"
)

// processorTime is what this process has used of all processors: what others do on them does not count.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkOverhead is what a cell costs beside the model, for the three largest configurations: their fields are set, read and
// checked, nothing is simulated, and three numbers are kept.
func BenchmarkOverhead(b *testing.B) {
	idle := func(m sweep.Model, spec string) func(*testing.B) {
		return func(b *testing.B) {
			s, err := sweep.Parse([]byte(spec))
			require.NoError(b, err)
			p, err := sweep.NewPlan(m, s)
			require.NoError(b, err)
			before := processorTime(b)
			for b.Loop() {
				_, err := sweep.Job{Plan: p, Shard: sweep.Whole(), Dir: b.TempDir()}.Run(b.Context())
				require.NoError(b, err)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*p.Cells()), "us/cell")
			b.ReportMetric(float64(processorTime(b)-before)/1e3/float64(b.N*p.Cells()), "processor-us/cell")
		}
	}
	b.Run("livemigration", idle(sweep.Of("livemigration",
		sweep.Without(func(lm.Config) (lm.Result, error) { return lm.Result{}, nil }), guest("qemu", hypervisor.QEMU())),
		`{"model": "livemigration", "measure": ["total_s", "downtime_s", "outcome=converged"], "sweep": {
			"vm.workload.value.rate_bytes_per_s": {"from": 1e6, "to": 1e9, "points": 50}, "link.rtt_ns": {"from": 1, "to": 1000, "points": 40}}}`))
	b.Run("queue", idle(sweep.Of("queue",
		sweep.Without(func(queue.Config) (queue.Result, error) { return queue.Result{}, nil }), preset("mm1", queue.Default())),
		`{"model": "queue", "measure": ["wait_mean_s", "wait_p99_s", "utilization"], "config": {"arrivals": "poisson:{rate_per_s}/s"}, "sweep": {
			"rate_per_s": {"from": 1, "to": 2, "points": 50}, "servers": {"from": 1, "to": 40, "points": 40}}}`))
	b.Run("replication", idle(sweep.Of("replication",
		sweep.Without(func(replication.Config) (replication.Result, error) { return replication.Result{}, nil }), preset("raft", replication.RaftGroup(3))),
		`{"model": "replication", "measure": ["commit_mean_s", "rto_s", "lost_acked_writes"], "sweep": {
			"pipeline.bandwidth_bytes_per_s": {"from": 1e6, "to": 1e9, "points": 50}, "workload.write_rate_per_s": {"from": 1, "to": 40, "points": 40}}}`))
}
