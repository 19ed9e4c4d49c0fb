package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/examples/queue/studies"
	"cloudconcepts/internal/study"
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

func service(t *testing.T, flags string) func(string) float64 {
	t.Helper()
	return result(t, "simulate "+flags, "wait_mean_s", "wait_p50_s", "wait_p99_s", "sojourn_mean_s", "sojourn_p99_s", "wait_probability",
		"loss_fraction", "utilization", "throughput_per_s", "queue_mean")
}

// The service by its flags, against closed forms.
func TestSimulate(t *testing.T) {
	one := service(t, "--arrivals poisson:0.8/s --service exp:1s --servers 1 --messages 4M --warmup 100k")
	assert.InEpsilon(t, 4, one("wait_mean_s"), 0.045)
	assert.InEpsilon(t, 23.0259, one("sojourn_p99_s"), 0.05)
	assert.InEpsilon(t, 3.2, one("queue_mean"), 0.05)
	four := service(t, "--arrivals poisson:3.2/s --service exp:1s --servers 4")
	assert.InEpsilon(t, 0.596432, four("wait_probability"), 0.012)
	assert.InEpsilon(t, 0.745541, four("wait_mean_s"), 0.03)
	bounded := service(t, "--arrivals poisson:1.2/s --service exp:1s --servers 1 --capacity 10")
	assert.InEpsilon(t, 0.192586, bounded("loss_fraction"), 0.01)
	constant := service(t, "--arrivals poisson:3.2/s --service const:1s --servers 4")
	assert.InEpsilon(t, 0.386095, constant("wait_mean_s"), 0.02)
	regular := service(t, "--arrivals every:1.25s --service exp:1s --servers 1")
	assert.InEpsilon(t, 1.69273, regular("wait_mean_s"), 0.03)
	for _, law := range []string{"erlang:4,1s", "hyper:cv2=4,1s", "lognormal:1s,cv=2", "uniform:1s,2s"} {
		assert.Positive(t, service(t, "--arrivals poisson:0.5/s --servers 1 --messages 100k --service "+law)("wait_mean_s"))
	}
	lifo := service(t, "--arrivals poisson:1.5/s --service exp:1s --servers 1 --discipline lifo --deadline 10s --messages 1M")
	assert.InDelta(t, 1-0.959564576/1.5, lifo("loss_fraction"), 0.006)
	expire := service(t, "--arrivals poisson:1.5/s --service exp:1s --servers 1 --discipline expire --deadline 10s --messages 1M")
	assert.InDelta(t, 0.334334546, expire("loss_fraction"), 0.005)
	overload := service(t, "--arrivals poisson:2/s --service exp:1s --servers 1 --messages 100k")
	assert.InEpsilon(t, 1, overload("utilization"), 0.001)
}

func TestTraces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace.csv")
	write := func(text string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o600)) }
	write("time_s,service_s\n0,2\n1,2\n2,2\n")
	r := service(t, "--servers 1 --arrivals trace:"+path)
	assert.InDelta(t, 1, r("wait_mean_s"), 1e-9, "0, 1 and 2 seconds")
	for text, want := range map[string]string{"": "empty", "2\n1\n": "line 2", "1\nx\n": "line 2", "-1\n": "line 1", "1\nNaN\n": "line 2"} {
		write(text)
		_, err := studytest.Run(t, studies.Program(), "simulate", "--arrivals", "trace:"+path, "--out", t.TempDir())
		assert.Equal(t, 2, study.ExitCode(err), "%q: %v", text, err)
		assert.ErrorContains(t, err, want, "%q", text)
	}
}

// Deliveries by the command line, against the closed forms of the visibility timeout.
func TestSQS(t *testing.T) {
	deliveries := func(flags string) func(string) float64 {
		return result(t, "sqs --service exp:1s --visibility-timeout 1s --messages 400000 "+flags,
			"deliveries_per_message", "duplicates_fraction", "dlq_fraction", "processed", "expired")
	}
	works := deliveries("--late-delete works --max-receives 0")
	assert.InDelta(t, 1.420191, works("deliveries_per_message"), 0.006)
	assert.InDelta(t, 0.367879, works("duplicates_fraction"), 0.004)
	fails := deliveries("--late-delete fails --max-receives 0 --workers 0")
	assert.InDelta(t, 1.581977, fails("deliveries_per_message"), 0.008)
	assert.InDelta(t, 0.0497871, deliveries("--late-delete fails --max-receives 3")("dlq_fraction"), 0.0015)
	assert.InDelta(t, 0.0024788, deliveries("--late-delete works --max-receives 3")("dlq_fraction"), 0.0004)
	failing := result(t, "sqs --messages 200000 --service exp:20ms --visibility-timeout 30s --failure-probability 0.3 --max-receives 3")
	assert.InDelta(t, 1.39, failing("deliveries_per_message"), 0.007)
	assert.InDelta(t, 0.027, failing("dlq_fraction"), 0.0016)
	for _, preset := range []string{"sqs-fifo", "sqs-fair", "jetstream", "redis-streams"} {
		assert.Positive(t, result(t, "sqs --messages 2000 --preset "+preset)("processed"), preset)
	}
}

// Fetches by the command line: the closed form, and the cells of a measured broker.
func TestLog(t *testing.T) {
	fetches := func(flags string) func(string) float64 {
		return result(t, "log --rate 100/s --fetch-max-wait 500ms --partitions 1 --consumers 1 --service const:0s --max-poll-records 500 "+flags,
			"records_per_fetch", "fetches_per_s", "fetch_wait_mean_s", "lag_max_records", "lag_max_s")
	}
	closed := fetches("--fetch-min-records 64 --round-trip const:0s --duration 20000s")
	assert.InEpsilon(t, 49.918434, closed("records_per_fetch"), 0.005)
	assert.InEpsilon(t, 2.003268, closed("fetches_per_s"), 0.005)
	assert.InEpsilon(t, 0.249326, closed("fetch_wait_mean_s"), 0.005)
	measured := fetches("--fetch-min-records 64 --round-trip const:5ms --duration 20000s")
	assert.InEpsilon(t, 50.23, measured("records_per_fetch"), 0.015)
	assert.InEpsilon(t, 0.2549, measured("fetch_wait_mean_s"), 0.015)
	ten := fetches("--fetch-min-records 10 --round-trip const:5ms --duration 5000s")
	assert.InEpsilon(t, 0.0467, ten("fetch_wait_mean_s"), 0.03)
	behind := result(t, "log --rate 100/s --service const:12ms --duration 1000s")
	assert.InEpsilon(t, 1000*100-1000/0.012, behind("lag_max_records"), 0.05, "grows by rate - 1/service; up to 500 are in hand")
}

// What happens to the group, and the logs that are not Kafka's.
func TestLogSystems(t *testing.T) {
	assert.InDelta(t, 45, result(t, "log --rate 100/s --partitions 2 --consumers 2 --crash-at 2m --restart-time 1h")("lag_max_s"), 10, "the session timeout, and what was not committed")
	lost := result(t, "log --rate 100/s --service const:5ms --commit before --crash-at 2m,5m")
	assert.Positive(t, lost("lost"))
	assert.Zero(t, lost("duplicates"))
	burst := result(t, "log --rate 50/s --service const:10ms --burst-rate 200/s --burst-at 1m --burst-length 1m --duration 5m")
	assert.InEpsilon(t, 6000, burst("lag_max_records"), 0.1, "a minute of 200/s against 100/s")
	assert.EqualValues(t, 2, result(t, "log --partitions 4 --consumers 2 --join-at 1m --leave-at 3m")("rebalances"))
	shards := result(t, "log --preset kinesis --rate 2k/s", "rejected", "offered", "delay_mean_s")
	assert.InDelta(t, 0.5, shards("rejected")/shards("offered"), 0.02)
	assert.InEpsilon(t, 0.3, result(t, "log --preset kinesis --consumers 3")("delay_mean_s"), 0.03)
	group := result(t, "log --preset share-group --poison 3%", "deliveries_per_record", "archived", "latency_p99_s")
	assert.InDelta(t, 1.12, group("deliveries_per_record"), 0.01)
}

func TestBadInput(t *testing.T) {
	studytest.Refuses(t, studies.Program(),
		"simulate --servers 0", "simulate --service exp:-1s", "simulate --arrivals poisson:0/s", "simulate --arrivals trace:missing.csv", "simulate --capacity 2",
		"simulate --discipline nonsense", "simulate --discipline expire", "simulate --messages 0", "simulate --class-shares 0.5,0.4", "simulate --deadline -1s",
		"sqs --batch 11", "sqs --delay 16m", "sqs --visibility-timeout 13h", "sqs --retention 59s", "sqs --wait 21s", "sqs --max-receives 1001", "sqs --messages 0",
		"sqs --failure-probability 2", "sqs --preset kafka", "log --partitions 0", "log --fetch-min-records 0", "log --consumers 0", "log --rate -1/s", "log --duration 0s",
		"log --fetch-max-wait 0s", "utilization --load 0", "utilization --load 1", "utilization --servers 0", "visibility --ratio 0", "visibility --max-receives 0",
		"flashsale --workers 0", "flashsale --length 1h", "withqueue --threads 0", "withqueue --outage -1s", "poison --groups 0", "poison --visibility-timeout 0s", "poison --workers 1M", "retrystorm --duration 1ns", "retrystorm --duration 40s", "kafka --rate 4.9e-324/s", "jitter --clients 0", "jitter --clients 5,3",
		"retrystorm --rate -1/s", "retrystorm --retries -1", "overload --load 2,1", "overload --deadline 0s", "kafka --rate 0/s", "kafka --record-bytes 0B", "partitions --consumers 0",
		"autoscale --min 200", "autoscale --metric-period 0s", "fair --tenants 0", "fair --hot-share 2", "dedup --delays 2m,1m", "dedup --resend-probability 0", "nonsense",
		"log --preset kinesis --fetch-max-wait 1s", "log --preset share-group --partitions 2", "log --poison 1%", "log --preset kinesis --partitions 0",
		"log --preset share-group --lock 0s", "log --burst-rate 200/s --burst-at 0s", "log --crash-at -1s", "log --commit never", "log --round-trip exp:NaN",
		"kafka --fetch-min-records 5,1", "kafka --fetch-max-wait 0s", "kafka --max-poll-records 0", "kafka --records 1", "kafka --service 300h",
		"partitions --consumers 65", "partitions --service 1us", "partitions --keys 0", "partitions --skew 5", "partitions --rebalance-time 1m",
	)
}
