//go:build unix

package study_test

import (
	"bytes"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"cloudconcepts/internal/study"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fillDisk lets no file of this process become longer than a few bytes, so that writing breaks off in the middle as on
// a full disk.
func fillDisk() {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 20, Max: 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		panic(err)
	}
}

func TestAFullDiskLeavesEverythingAsItWas(t *testing.T) {
	for _, out := range []string{"old", "new/sub"} {
		var stdout, stderr bytes.Buffer
		cmd := program(t, "rounds", "--json", "--out", out)
		cmd.Env = append(cmd.Env, "CLOUDCONCEPTS_TEST_FULL_DISK=1")
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		require.NoError(t, os.Mkdir(cmd.Dir+"/old", 0o755))
		require.NoError(t, os.WriteFile(cmd.Dir+"/old/rounds.csv", []byte("mine"), 0o600))
		_ = cmd.Run() // the exit code is looked at below
		assert.Equal(t, 1, cmd.ProcessState.ExitCode())
		assert.Equal(t, "fake: cannot write "+out+"/rounds.png: file too large; choose another folder with --out DIR\n", stderr.String())
		assert.Empty(t, stdout.String())
		assert.Equal(t, map[string]string{"rounds.csv": "mine"}, tree(t, cmd.Dir+"/old"))
		assert.NoDirExists(t, cmd.Dir+"/new")
	}
}

func TestAFileThatCannotBeMadeIsSaidOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	name := strings.Repeat("a", 252) // the temporary name is longer
	err := study.WriteFiles(".", []study.File{{Name: name, Data: []byte("1")}})
	require.EqualError(t, err, "cannot write "+name+": file name too long; choose another folder with --out DIR")
}
