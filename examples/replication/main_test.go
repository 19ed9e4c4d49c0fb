package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"cloudconcepts/examples/replication/studies"
	"cloudconcepts/internal/study/studytest"
)

func TestEveryStudy(t *testing.T) { studytest.EveryStudy(t, studies.Program()) }

func TestPresets(t *testing.T) { studytest.Presets(t, studies.Program()) }

// result runs a study with --json and checks that the keys are numbers.
func result(t *testing.T, line string, keys ...string) func(string) float64 {
	t.Helper()
	r := studytest.JSON(t, studies.Program(), line, keys...)
	return func(key string) float64 {
		t.Helper()
		return studytest.Number(t, r, key)
	}
}

// Quorums by the command line, against the paper's model simulated with 20 million trials.
func TestQuorum(t *testing.T) {
	quorum := func(flags string) func(string) float64 {
		return result(t, "quorum --trials 1000000 "+flags, "p_consistent_0", "t_visibility_99_s", "t_visibility_999_s", "read_p999_s", "write_p999_s")
	}
	disk := quorum("--preset lnkd-disk --n 3 --r 1 --w 1")
	assert.InDelta(t, 0.4368, disk("p_consistent_0"), 0.002)
	assert.InEpsilon(t, 0.0519, disk("t_visibility_999_s"), 0.05)
	assert.InEpsilon(t, 0.01095, disk("write_p999_s"), 0.03)
	ssd := quorum("--preset lnkd-ssd --n 3 --r 1 --w 1")
	assert.InDelta(t, 0.9736, ssd("p_consistent_0"), 0.0008)
	assert.InEpsilon(t, 0.00066, ssd("read_p999_s"), 0.03)
	assert.InDelta(t, 0.8930, quorum("--preset ymmr")("p_consistent_0"), 0.002)
	exponential := quorum("--preset exp --write-rate 0.1 --ack-rate 1")
	assert.InDelta(t, 0.4197, exponential("p_consistent_0"), 0.002)
	strict := quorum("--preset wan --r 2 --w 2")
	assert.InDelta(t, 1, strict("p_consistent_0"), 0)
	assert.Zero(t, strict("t_visibility_999_s"))
}

// Elections by the command line, against closed forms and the measured libraries.
func TestElection(t *testing.T) {
	election := func(flags string) func(string) float64 {
		return result(t, "election --elections 40000 "+flags, "split_vote_fraction", "election_mean_s", "election_p50_s", "election_p999_s", "heard_mean_s")
	}
	plain := election("--servers 5 --alive 4 --rules dissertation --timeout-min 1s --timeout-max 2s --one-way const:100ms")
	assert.InDelta(t, 0.0523, plain("split_vote_fraction"), 0.006)
	crowded := election("--servers 5 --alive 3 --timeout-min 1s --timeout-max 2s --one-way const:200ms")
	assert.InDelta(t, 0.488, crowded("split_vote_fraction"), 0.01)
	etcd := election("--servers 3 --alive 2 --rules etcd --election-timeout 1s --one-way const:50ms")
	assert.InDelta(t, 0.0975, etcd("split_vote_fraction"), 0.01)
	assert.InEpsilon(t, 1.512, etcd("heard_mean_s"), 0.02)
	server := election("--servers 5 --alive 4 --rules etcd --pre-vote --check-quorum --election-timeout 1s --one-way const:100ms")
	assert.InEpsilon(t, 1.73, server("heard_mean_s"), 0.02)
	hashicorp := election("--servers 5 --alive 3 --rules hashicorp --pre-vote --election-timeout 1s --one-way const:0.5ms")
	assert.InEpsilon(t, 2.158, hashicorp("election_mean_s"), 0.03)
	blocked := election("--servers 5 --alive 2")
	assert.Zero(t, blocked("election_mean_s"))
}

// A group by the command line, against closed forms and measured PostgreSQL.
func TestSimulate(t *testing.T) {
	group := func(flags string) func(string) float64 {
		return result(t, "simulate "+flags, "commit_mean_s", "commit_p99_s", "lag_mean_s", "lag_p99_s", "stale_read_fraction", "lost_acked_writes", "rto_s", "rpo_s")
	}
	far := "--mode sync --replicas 3 --write-rate 5/s --delay const:2ms;const:10ms;const:30ms --flush const:0s --apply const:0s --duration 1m --reads 0 --acks "
	for acks, want := range map[string]float64{"any:1": 0.004, "any:2": 0.020, "any:3": 0.060, "first:2(1,3)": 0.060, "first:1(2)": 0.020} {
		assert.InEpsilon(t, want, group(far+acks)("commit_mean_s"), 0.01, acks)
	}
	apply := group("--mode async --replicas 1 --write-rate 800/s --delay const:0s --flush const:0s --apply exp:1ms --duration 10m --reads 0")
	assert.InEpsilon(t, 0.005, apply("lag_mean_s"), 0.06, "M/M/1")
	crash := group("--mode async --replicas 2 --write-rate 2k/s --delay const:10ms --flush const:0s --crash-at 30s --duration 1m")
	assert.InDelta(t, 20, crash("lost_acked_writes"), 18, "Poisson with mean rate times delay")
	assert.Positive(t, crash("rto_s"))
	safe := group("--mode sync --acks any:1 --replicas 2 --write-rate 2k/s --delay const:10ms --crash-at 30s --duration 1m")
	assert.Zero(t, safe("lost_acked_writes"))
	assert.Zero(t, group("--mode remote-apply --acks any:2 --replicas 2 --delay exp:5ms --duration 20s")("stale_read_fraction"))
	for _, mode := range []string{"remote-write", "semisync-after-sync", "semisync-after-commit"} {
		assert.Positive(t, group("--duration 10s --mode "+mode)("commit_mean_s"), mode)
	}
	for _, policy := range []string{"primary", "any-replica", "sticky", "primary-window", "token-wait", "max-lag"} {
		group("--duration 5s --read-policy " + policy)
	}
}

func TestBadInput(t *testing.T) {
	studytest.Refuses(t, studies.Program(),
		"quorum --r 4", "quorum --w 0", "quorum --n 0", "quorum --trials 0", "quorum --preset nonsense", "quorum --preset exp --write-rate 0", "frontier --n 1",
		"availability --servers 2", "availability --up 2", "election --servers 0", "election --alive 6", "election --timeout-min 0s", "election --timeout-max 1ms",
		"election --rules paxos", "election --pre-vote", "election --one-way exp:-1s", "election --elections 0", "simulate --acks any:4 --mode sync --replicas 3",
		"simulate --replicas 31", "simulate --delay -1ms", "simulate --mode nonsense", "simulate --write-rate -1/s", "simulate --duration 0s", "simulate --crash-at -1s", "nonsense",
	)
}
