//go:build linux

package sweep

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain lets the test binary play a process that runs a shard and says a word for each block, so that it can really be
// killed, and really has no room for its files.
func TestMain(m *testing.M) {
	dir := os.Getenv("CLOUDCONCEPTS_TEST_SWEEP")
	if dir == "" {
		os.Exit(m.Run())
	}
	if room, err := strconv.Atoi(os.Getenv("CLOUDCONCEPTS_TEST_ROOM")); err == nil {
		signal.Ignore(syscall.SIGXFSZ) // a write that finds no room fails, as on a full disk
		limit := syscall.Rlimit{Cur: uint64(room), Max: uint64(room)}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			panic(err)
		}
	}
	spec, err := Parse([]byte(crashSweep))
	if err != nil {
		panic(err)
	}
	plan, err := NewPlan(slowModel(), spec)
	if err != nil {
		panic(err)
	}
	job := Job{Plan: plan, Shard: Whole(), Dir: dir, Version: "v1", Progress: func(int, int) { fmt.Println("block") }}
	if _, err := job.Run(context.Background()); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

const crashSweep = `{"model": "toy", "sweep": {"servers": {"from": 1, "to": 600, "points": 600}}, "measure": ["sum_s", "noise"]}`

// slowModel takes a moment for each run.
func slowModel() Model {
	return Of("toy", Without(func(c toy) (toyResult, error) {
		time.Sleep(2 * time.Millisecond)
		return runToy(c)
	}), Preset[toy]{"one", toy{Servers: 2}})
}

func process(t *testing.T, dir string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(append(os.Environ(), "CLOUDCONCEPTS_TEST_SWEEP="+dir), env...)
	return cmd
}

// expected is what the crashing sweep gives when nothing happens to it.
func expected(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	runAll(t, dir, strings.Replace(crashSweep, `"sweep"`, `"config": {"link": {"rate_bytes_per_s": 0}, "law": "exp:0", "rule": null}, "sweep"`, 1), 1)
	return merged(t, dir)
}

// TestKilledAtRandomPoints kills a sweep 60 times without warning. What it had done is never lost, and in the end the result
// is the same as without.
func TestKilledAtRandomPoints(t *testing.T) {
	t.Parallel()
	dir, r := t.TempDir(), rand.New(rand.NewPCG(1, 1))
	kept, kills := 0, 60
	if testing.Short() {
		kills = 10
	}
	for range kills {
		cmd := process(t, dir)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		said, done := bufio.NewScanner(out), 0
		for most := r.IntN(9); done < most && said.Scan(); done++ {
		}
		time.Sleep(time.Duration(r.IntN(3000)) * time.Microsecond)
		require.NoError(t, cmd.Process.Kill())
		for said.Scan() {
			done++
		}
		require.ErrorContains(t, cmd.Wait(), "signal: killed", "it had not finished")
		now := rows(t, dir)
		require.GreaterOrEqual(t, now, kept+done, "a block that was reported is kept")
		kept = now
	}
	assert.Greater(t, kept, kills)
	out, err := process(t, dir).CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Equal(t, 600-kept, strings.Count(string(out), "block"), "nothing is done twice")
	assert.Equal(t, expected(t), merged(t, dir))
}

// rows is how many whole rows the journal holds.
func rows(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(shardFile(dir, Whole()) + ".part")
	if os.IsNotExist(err) {
		return 0
	}
	require.NoError(t, err)
	n := 0
	for line := range strings.Lines(string(text)) {
		if text, err := content([]byte(line)); err == nil && isRow(text) {
			n++
		}
	}
	return n
}

// TestNoRoom lets the files of a sweep grow to some size only, at many sizes, and then goes on with room.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	dir, step := t.TempDir(), 3
	if testing.Short() {
		step = 12
	}
	for room := 100; room < 200_000; room = room*step/2 + 7 {
		before := rows(t, dir)
		out, err := process(t, dir, fmt.Sprintf("CLOUDCONCEPTS_TEST_ROOM=%d", room)).CombinedOutput()
		require.Error(t, err, string(out))
		assert.Contains(t, string(out), "file too large; what is done is kept: make room and run the same command again")
		done := strings.Count(string(out), "block\n")
		assert.GreaterOrEqual(t, rows(t, dir), before+done)
	}
	out, err := process(t, dir).CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Equal(t, expected(t), merged(t, dir))
}

func TestACrashWhileTheFinalFileIsWritten(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	job := jobOf(t, dir, smallSweep, Whole())
	job.Progress = func(int, int) { cancel() }
	_, err := job.Run(ctx)
	require.ErrorIs(t, err, context.Canceled)
	temp := strings.Replace(shardFile(dir, Whole()), "00001-of", ".00001-of", 1) + ".tmp"
	require.NoError(t, os.WriteFile(temp, []byte(strings.Repeat("half of a file that is longer than the next\n", 2000)), 0o666))
	runAll(t, dir, smallSweep, 1)
	other := t.TempDir()
	runAll(t, other, smallSweep, 1)
	assert.Equal(t, merged(t, other), merged(t, dir))
	assert.NoFileExists(t, temp)
}
