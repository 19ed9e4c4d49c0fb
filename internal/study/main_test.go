package study_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"cloudconcepts/internal/study"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain lets the test binary play the program itself, so that signals, pipes and exit codes are real.
func TestMain(m *testing.M) {
	if os.Getenv("CLOUDCONCEPTS_TEST_PROGRAM") != "" {
		if os.Getenv("CLOUDCONCEPTS_TEST_FULL_DISK") != "" {
			fillDisk()
		}
		study.Main(fake(failing(), waiting()))
	}
	os.Exit(m.Run())
}

// waiting is a study that only an interruption ends.
func waiting() study.Study {
	return study.Study{
		Name: "waiting", Question: "How long?",
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			env.Progress(1, 2)
			_, _ = os.Stdout.WriteString("started\n")
			<-ctx.Done()
			return study.Report{}, ctx.Err()
		},
	}
}

func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), "CLOUDCONCEPTS_TEST_PROGRAM=1")
	cmd.Dir = t.TempDir()
	return cmd
}

func TestExitCodes(t *testing.T) {
	for args, want := range map[string]struct {
		code   int
		stderr string
	}{
		"rounds --quiet":             {0, ""},
		"rounds --memory x":          {2, "fake: --memory \"x\": it does not start with a number; want"},
		"rounds --memory 2000PiB":    {2, "fake: invalid config: Memory"},
		"failing":                    {1, "fake: failing: the model broke\n"},
		"rounds --out /dev/null/dir": {1, "fake: cannot make the folder /dev/null/dir: not a directory"},
	} {
		t.Run(args, func(t *testing.T) {
			var stderr bytes.Buffer
			cmd := program(t, strings.Fields(args)...)
			cmd.Stderr = &stderr
			_ = cmd.Run() // the exit code is looked at below
			assert.Equal(t, want.code, cmd.ProcessState.ExitCode())
			assert.True(t, strings.HasPrefix(stderr.String(), want.stderr), stderr.String())
		})
	}
}

func TestInterruptStopsCleanly(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		var stderr bytes.Buffer
		cmd := program(t, "waiting", "--out", "here")
		cmd.Stderr = &stderr
		stdout, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		_, err = io.ReadFull(stdout, make([]byte, len("started\n")))
		require.NoError(t, err)
		require.NoError(t, cmd.Process.Signal(signal))
		_ = cmd.Wait() // the exit code is looked at below
		assert.Equal(t, 130, cmd.ProcessState.ExitCode())
		assert.Equal(t, "fake: interrupted\n", stderr.String())
		assert.NoDirExists(t, cmd.Dir+"/here", "nothing is left behind")
	}
}

func TestAReaderThatLeavesIsNoError(t *testing.T) {
	var stderr bytes.Buffer
	cmd := program(t, "rounds")
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	cmd.Stdout, cmd.Stderr = writer, &stderr
	require.NoError(t, cmd.Run())
	require.NoError(t, writer.Close())
	assert.Empty(t, stderr.String())
	assert.FileExists(t, cmd.Dir+"/out/fake/rounds.md")
}

func TestProgressIsSilentWithoutATerminal(t *testing.T) {
	var b bytes.Buffer
	p := study.NewProgress(&b, "waiting", false)
	time.Sleep(time.Millisecond)
	p.Report(1, 2)
	p.Close()
	p.Report(2, 2)
	assert.Empty(t, b.String())
}
