package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/examples/replication/studies"
	"cloudconcepts/internal/study/studytest"
)

func TestEveryStudy(t *testing.T) { studytest.EveryStudy(t, studies.Program()) }

func TestWrongValues(t *testing.T) { studytest.WrongValues(t, studies.Program()) }

func TestInterrupted(t *testing.T) { studytest.Interrupted(t, studies.Program()) }

func TestPresets(t *testing.T) { studytest.Presets(t, studies.Program()) }

func TestExam(t *testing.T) { studytest.Exam(t, studies.Program()) }

func TestNext(t *testing.T) { studytest.Next(t, studies.Program()) }

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
	assert.InDelta(t, 0.887, quorum("--preset ymmr-printed")("p_consistent_0"), 0.002)
	assert.InDelta(t, 0.7, quorum("--preset propagation --n 5 --r 2 --w 2")("p_consistent_0"), 0.002, "1 - C(3,2)/C(5,2)")
	assert.Equal(t, disk("p_consistent_0"), quorum("--read-fan-out all")("p_consistent_0"))
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
	paper := election("--preset raft-paper --timeout-max 155ms")
	assert.InEpsilon(t, 0.287, paper("election_p50_s"), 0.1, "figure 16 of the Raft paper: median with 150 to 155 ms")
	for _, flags := range []string{"--servers 5 --alive 2", "--alive 0", "--servers 1", "--timeout-max 150ms --quick"} {
		blocked := election(flags)
		assert.Zero(t, blocked("election_mean_s"), flags)
		assert.Positive(t, blocked("blocked"), flags)
	}
}

// A group's preset and its flags describe the same elections.
func TestElectionPresets(t *testing.T) {
	for preset, flags := range map[string]string{
		"raft-paper": "--ineligible 2 --heartbeat 75ms --disk uniform:7500us,10ms",
		"etcd":       "--rules etcd --pre-vote --check-quorum --one-way const:1ms --heartbeat 100ms",
		"hashicorp":  "--rules hashicorp --pre-vote --one-way const:1ms",
	} {
		named := result(t, "election --elections 500 --preset "+preset, "election_mean_s")
		spelt := result(t, "election --elections 500 "+flags, "election_mean_s")
		assert.InDelta(t, spelt("election_mean_s"), named("election_mean_s"), 0, preset)
	}
}

// More choices than the one asked for change nothing of it, and all of table 4 is within a tenth of the paper.
func TestFrontier(t *testing.T) {
	stdout, err := studytest.Run(t, studies.Program(), "frontier", "--json", "--preset", "ymmr", "--trials", "200000")
	require.NoError(t, err)
	var out struct {
		Result []struct {
			R, W      int
			Both      float64 `json:"read_and_write_p999_s"`
			Fresh     float64 `json:"t_visibility_999_s"`
			Read      float64 `json:"published_read_p999_s"`
			Write     float64 `json:"published_write_p999_s"`
			Published float64 `json:"published_t_visibility_999_s"`
		} `json:"result"`
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &out))
	require.Len(t, out.Result, 6)
	for _, p := range out.Result {
		assert.InEpsilon(t, p.Read+p.Write, p.Both, 0.05, "R %d, W %d", p.R, p.W)
		assert.InDelta(t, p.Published, p.Fresh, 0.13*p.Published, "R %d, W %d", p.R, p.W)
	}
}

// The time without a majority is exact where what is left of 1 would be rounding.
func TestAvailability(t *testing.T) {
	stdout, err := studytest.Run(t, studies.Program(), "availability", "--json", "--up", "0.99,0.999999", "--servers", "7")
	require.NoError(t, err)
	var out struct {
		Result struct {
			Clusters []struct {
				Servers  int
				Node     float64 `json:"node_up_fraction"`
				Majority float64 `json:"majority_up_fraction"`
				Down     float64 `json:"no_majority_per_year_s"`
			}
			Quorums []struct {
				W, R      int
				WriteDown float64 `json:"no_write_per_year_s"`
				ReadDown  float64 `json:"no_read_per_year_s"`
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &out))
	const year = 365.25 * 86400
	clusters := out.Result.Clusters
	require.Len(t, clusters, 14)
	for i, want := range []float64{0.99, 0.9801, 0.999702, 0.99940797, 0.99999015} {
		assert.InDelta(t, want, clusters[i].Majority, 1e-8)
		assert.InEpsilon(t, year*(1-clusters[i].Majority), clusters[i].Down, 1e-6)
	}
	assert.InEpsilon(t, year*35e-24, clusters[13].Down, 1e-4, "four of seven down: C(7,4) 1e-24")
	for _, q := range out.Result.Quorums {
		assert.Equal(t, 6, q.W+q.R)
		assert.InEpsilon(t, q.WriteDown, out.Result.Quorums[5-q.W].ReadDown, 1e-12, "write and read change places")
	}
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
		"availability --servers 2", "availability --up 2", "availability --n 1", "availability --up 1", "quorum --write-rate 2", "quorum --preset propagation --ack-rate 2", "frontier --n 8",
		"frontier --trials 0", "election --spread 5000h", "election --spread -1ms", "election --alive -2", "election --timeout-min 40m --timeout-max 30m", "election --rules etcd --heartbeat 30ms", "election --servers 0", "election --alive 6", "election --timeout-min 0s", "election --timeout-max 1ms",
		"election --rules paxos", "election --pre-vote", "election --one-way exp:-1s", "election --elections 0", "simulate --acks any:4 --mode sync --replicas 3",
		"simulate --replicas 31", "simulate --delay -1ms", "simulate --mode nonsense", "simulate --write-rate -1/s", "simulate --duration 0s", "simulate --crash-at -1s", "simulate --disconnected 2,3", "gsi --duration 1ns", "stale --reads 2", "nonsense",
	)
}

// All that is wrong is in one message.
func TestBadQuorum(t *testing.T) {
	_, err := studytest.Run(t, studies.Program(), "quorum", "--n", "3", "--r", "4", "--w", "0", "--trials", "0", "--ack-rate", "2")
	require.Error(t, err)
	for _, text := range []string{"R = 4, want in [1, 3]", "W = 0, want in [1, 3]", "Trials = 0", "--ack-rate = 2"} {
		assert.ErrorContains(t, err, text)
	}
}

// Every write in conflict: the picture has a range all the same.
func TestEveryWriteInConflict(t *testing.T) {
	_, err := studytest.Run(t, studies.Program(), "conflicts", "--quick", "--write-rate", "1e6/s", "--writes", "2000", "--out", t.TempDir())
	require.NoError(t, err)
}
