package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// A comparison is of benchmarks of one package with the bare loop that stands beside them.
type comparison struct {
	folder, bare string
	unit         string // of the metric that both report by the second; "" where both do the same work in one operation
	scale        float64
	items        string
	benchmarks   []string
}

func comparisons() []comparison {
	return []comparison{
		{"queue", "BareLindley", "Mmessages/s", 1e6, "messages", []string{"Simulate/recursion/1", "Simulate/recursion/4", "Simulate/events/1", "Simulate/events/4"}},
		{"queue/sqs", "Bare", "messages/s", 1, "messages", []string{"Simulate/always-idle", "Simulate/workers-batches", "Simulate/fifo"}},
		{"queue/client", "BareLoop", "attempts/s", 1, "attempts", []string{"Simulate", "EveryPolicy", "Storm"}},
		{"queue/commitlog", "Bare", "Mrecords/s", 1e6, "records", []string{"Plain", "KeysAndPartitions"}},
		{"queue/autoscale", "BareLoop", "messages/s", 1, "messages", []string{"Diurnal"}},
		{"queue/decouple", "BareLoop", "requests/s", 1, "requests", []string{"Sync", "Async"}},
		{"replication", "BareLoop", "events/s", 1, "events", []string{"Simulate/Async", "Simulate/Raft5"}},
		{"replication/quorum", "BareLoop", "trials/s", 1, "trials", []string{"Simulate/lnkd-ssd"}},
		{
			"replication/raft", "BareElection", "elections/s", 1, "elections",
			[]string{"ElectionDissertation", "ElectionEtcd", "ElectionHashicorp"},
		},
		{"replication/index", "BareLoop", "writes/s", 1, "writes", []string{"Simulate/light"}},
		{"replication/multileader", "BareLoop", "writes/s", 1, "writes", []string{"Simulate/last-writer-wins"}},
		{"coldstart", "Bare", "requests/s", 1, "requests", []string{"Simulate/mru", "Simulate/mru-events", "Simulate/aws"}},
		{"coldstart/fleet", "Bare", "requests/s", 1, "requests", []string{"Replay/fixed"}},
		{"coldstart/container", "Bare", "requests/s", 1, "requests", []string{"Simulate/fixed"}},
		{"coldstart/cost", "Bare", "cells/s", 1, "cells", []string{"Curve"}},
		{"livemigration", "BareRounds", "", 1, "migrations", []string{"Rounds"}},
		{"livemigration", "PageWrites/limit/8GiB", "writes/s", 1, "page writes", []string{"PageWrites/8GiB"}},
		{"bloom/filter", "HashOnly", "keys/s", 1, "lookups", []string{"Lookup/absent/classic", "Lookup/absent/blocked", "Lookup/absent/splitblock"}},
	}
}

// bareTable measures the benchmarks of each package and their bare loop in turn, on one processor.
func bareTable(ctx context.Context, rounds int) (string, error) {
	temp, err := os.MkdirTemp("", "benchmarks")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	var b strings.Builder
	b.WriteString("| package | benchmark | bare loop | times the bare loop's time | here, M items/CPU s | items |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, c := range comparisons() {
		test := filepath.Join(temp, strings.ReplaceAll(c.folder, "/", "-")+".test")
		build := exec.CommandContext(ctx, "go", "test", "-c", "-o", test, "./"+c.folder)
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%v: %w\n%s", build, err, out)
		}
		seconds, err := c.measure(ctx, test, rounds)
		if err != nil {
			return "", fmt.Errorf("%s: %w", c.folder, err)
		}
		for i, name := range c.benchmarks {
			fmt.Fprintf(&b, "| `%s` | `%s` | `%s` | %s | %s | %s |\n", c.folder, name, c.bare,
				spread(ratios(seconds[i+1], seconds[0])), digits(1/median(seconds[i+1])/1e6), c.items)
		}
	}
	return b.String(), nil
}

// measure has the CPU seconds an item of the bare loop and of each benchmark, round by round.
func (c comparison) measure(ctx context.Context, test string, rounds int) ([][]float64, error) {
	names := append([]string{c.bare}, c.benchmarks...)
	runs := make([]benchmark, len(names))
	for i, name := range names {
		var err error
		if runs[i], err = c.prepare(ctx, test, name); err != nil {
			return nil, err
		}
	}
	seconds := make([][]float64, len(names))
	for range rounds {
		for i, r := range runs {
			s, err := r.seconds(ctx)
			if err != nil {
				return nil, err
			}
			seconds[i] = append(seconds[i], s)
		}
	}
	return seconds, nil
}

// A benchmark is one of a test binary, with how often to repeat it and the items of one operation.
type benchmark struct {
	test, folder, name string
	times              int
	items              float64
}

// leastSeconds is the CPU time that the repeated operations take at least, so that what comes before them does not blur it.
const leastSeconds = 0.3

// prepare finds out how often to repeat the benchmark, and its items from the rate that it reports.
func (c comparison) prepare(ctx context.Context, test, name string) (benchmark, error) {
	r := benchmark{test, filepath.Join(root, c.folder), name, 0, 1}
	out, _, err := r.run(ctx, "0.5s")
	if err != nil {
		return r, err
	}
	line := regexp.MustCompile(`(?m)^Benchmark` + regexp.QuoteMeta(name) + `\s+(\d+)\s+(\S+) ns/op(.*)$`).FindStringSubmatch(out)
	if line == nil {
		return r, fmt.Errorf("no benchmark %s:\n%s", name, out)
	}
	if r.times, err = strconv.Atoi(line[1]); err != nil {
		return r, err
	}
	if err := r.lengthen(ctx); err != nil || c.unit == "" {
		return r, err
	}
	perOperation, err := strconv.ParseFloat(line[2], 64)
	if err != nil {
		return r, err
	}
	metric := regexp.MustCompile(`(\S+) ` + regexp.QuoteMeta(c.unit) + `(\s|$)`).FindStringSubmatch(line[3])
	if metric == nil {
		return r, fmt.Errorf("%s reports no %s: %s", name, c.unit, line[0])
	}
	perSecond, err := strconv.ParseFloat(metric[1], 64)
	r.items = perOperation * 1e-9 * perSecond * c.scale
	return r, err
}

// lengthen repeats the benchmark more often until it takes long enough: on a busy machine it got little of its half second.
func (r *benchmark) lengthen(ctx context.Context) error {
	for {
		each, err := r.seconds(ctx)
		if err != nil {
			return err
		}
		got := each * float64(r.times) * r.items
		if got >= leastSeconds {
			return nil
		}
		r.times = int(float64(r.times) * min(max(1.2*leastSeconds/max(got, 1e-9), 2), 100))
	}
}

// seconds is the CPU time of an item: that of many operations and one, less that of one, which leaves out what comes before them.
func (r benchmark) seconds(ctx context.Context) (float64, error) {
	_, one, err := r.run(ctx, "1x")
	if err != nil {
		return 0, err
	}
	_, many, err := r.run(ctx, strconv.Itoa(1+r.times)+"x")
	return (many - one) / float64(r.times) / r.items, err
}

func (r benchmark) run(ctx context.Context, length string) (out string, cpu float64, err error) {
	exactly := "^Benchmark" + strings.ReplaceAll(r.name, "/", "$/^") + "$"
	cmd := exec.CommandContext(ctx, r.test, "-test.run", "^$", "-test.cpu", "1", "-test.bench", exactly, "-test.benchtime", length)
	cmd.Dir = r.folder
	text, err := cmd.CombinedOutput()
	if err != nil {
		return "", 0, fmt.Errorf("%v: %w\n%s", cmd, err, text)
	}
	return string(text), (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), nil
}
