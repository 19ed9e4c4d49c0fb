package study_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"runtime"
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
		study.Main(fake(failing(), waiting(), deaf(), hungry(), panicking()))
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

// deaf is a study whose model does not look at its context.
func deaf() study.Study {
	return study.Study{
		Name: "deaf", Question: "Who is there?",
		Run: func(context.Context, study.Env) (study.Report, error) {
			_, _ = os.Stdout.WriteString("started\n")
			select {}
		},
	}
}

// hungry is a study that takes more memory than there may be, until it is told to stop.
func hungry() study.Study {
	size := int64(1)
	return study.Study{
		Name: "hungry", Question: "Is there more?",
		Flags: func(f *study.Flags) { f.Bytes(&size, "size", "how much more") },
		Run: func(ctx context.Context, _ study.Env) (study.Report, error) {
			memory := make([]byte, size)
			<-ctx.Done()
			runtime.KeepAlive(memory)
			return study.Report{}, ctx.Err()
		},
	}
}

func panicking() study.Study {
	return study.Study{
		Name: "panicking", Question: "Is there a bug?",
		Run: func(context.Context, study.Env) (study.Report, error) { panic("a bug") },
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
		"hungry --size 2GiB":         {2, "fake: hungry: it needs more than 1.5 GiB of memory; ask for less: a shorter run, a lower rate, or fewer of what it counts\nfake: the flags given were --size 2GiB; all flags: "},
		"panicking":                  {2, "panic: panic: a bug\n\t\n\tgoroutine "},
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
	for _, c := range []struct {
		study  string
		signal os.Signal
	}{{"waiting", os.Interrupt}, {"waiting", syscall.SIGTERM}, {"deaf", os.Interrupt}} {
		var stderr bytes.Buffer
		cmd := program(t, c.study, "--out", "here")
		cmd.Stderr = &stderr
		stdout, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		_, err = io.ReadFull(stdout, make([]byte, len("started\n")))
		require.NoError(t, err)
		require.NoError(t, cmd.Process.Signal(c.signal))
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
