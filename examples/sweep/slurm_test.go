//go:build external

package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const slurmConf = `ClusterName=sweep
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=DIR/munge.socket,cred_expire=5
CredType=cred/munge
SlurmctldPort=PORT0
SlurmdPort=PORT1
StateSaveLocation=DIR/state
SlurmdSpoolDir=DIR/spool
SlurmctldPidFile=DIR/slurmctld.pid
SlurmdPidFile=DIR/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MailProg=/bin/true
ReturnToService=2
SwitchType=switch/none
MpiDefault=none
SchedulerParameters=sched_interval=1,requeue_delay=0
NodeName=localhost NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`

// A cluster is a Slurm of one node on this machine, with its own keys, ports and folders.
type cluster struct {
	dir string
	env []string
}

// newCluster starts a cluster that the test's end stops.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	dir, err := os.MkdirTemp("", "slurm") // its sockets need a short path
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, os.RemoveAll(dir)) })
	c := &cluster{dir, append(os.Environ(), "SLURM_CONF="+dir+"/slurm.conf")}
	key := make([]byte, 128)
	_, _ = rand.Read(key) // never fails
	conf := slurmConf
	for i, port := range freePorts(t, 2) {
		conf = strings.ReplaceAll(conf, fmt.Sprintf("PORT%d", i), strconv.Itoa(port))
	}
	conf = strings.ReplaceAll(conf, "DIR", dir)
	require.NoError(t, os.WriteFile(dir+"/munge.key", key, 0o600))
	require.NoError(t, os.WriteFile(dir+"/slurm.conf", []byte(conf), 0o600))
	require.NoError(t, os.Mkdir(dir+"/state", 0o700))
	require.NoError(t, os.Mkdir(dir+"/spool", 0o700))
	c.start(t, "munged", "--foreground", "--force", "--key-file="+dir+"/munge.key", "--socket="+dir+"/munge.socket",
		"--pid-file="+dir+"/munged.pid", "--log-file="+dir+"/munged.log", "--seed-file="+dir+"/munged.seed")
	require.Eventually(t, func() bool { _, err := os.Stat(dir + "/munge.socket"); return err == nil }, time.Minute, 50*time.Millisecond)
	c.start(t, "slurmctld", "-D", "-f", dir+"/slurm.conf")
	c.start(t, "slurmd", "-D", "-f", dir+"/slurm.conf", "-N", "localhost")
	require.Eventually(t, func() bool { return strings.TrimSpace(c.try("sinfo", "-h", "-o", "%t")) == "idle" }, time.Minute, 200*time.Millisecond)
	return c
}

// freePorts are ports that nothing listens on.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// start runs a daemon until the end of the test.
func (c *cluster) start(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = c.env
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may be gone already
		kill := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		kill.Stop()
		if t.Failed() {
			t.Logf("%s:\n%s", name, log.String())
		}
	})
}

func (c *cluster) try(name string, args ...string) string {
	cmd := exec.Command(name, args...)
	cmd.Env = c.env
	out, err := cmd.Output()
	if err != nil {
		return err.Error()
	}
	return string(out)
}

// killTask kills the program of one task, without warning, when it has done something; it returns the task's number.
func killTask(t *testing.T, dir string) (task string) {
	t.Helper()
	require.Eventually(t, func() bool {
		parts, err := filepath.Glob(filepath.Join(dir, "shards", "*.part"))
		require.NoError(t, err)
		for _, part := range parts {
			text, err := os.ReadFile(part)
			number := strings.TrimLeft(filepath.Base(part)[:5], "0")
			if pid := processOf(dir, number); err == nil && bytes.Count(text, []byte("\n")) > 2 && pid > 0 {
				task = number
				return syscall.Kill(pid, syscall.SIGKILL) == nil
			}
		}
		return false
	}, time.Minute, 5*time.Millisecond)
	return task
}

// processOf is the program that a task of the array runs, 0 if there is none: not the script around it.
func processOf(dir, task string) int {
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range processes {
		command, _ := os.ReadFile(p + "/cmdline") // a process may end meanwhile
		environ, _ := os.ReadFile(p + "/environ")
		words := strings.Split(string(command), "\x00")
		if len(words) > 4 && words[1] == "--spec" && words[4] == dir && bytes.Contains(environ, []byte("SLURM_ARRAY_TASK_ID="+task+"\x00")) {
			pid, _ := strconv.Atoi(filepath.Base(p))
			return pid
		}
	}
	return 0
}

const slurmSweep = `{"model": "queue", "config": {"arrivals": "poisson:{rate_per_s}/s", "messages": "300k", "warmup": 0}, "runs": 4,
	"sweep": {"rate_per_s": {"from": 0.1, "to": 0.9, "points": 10}, "servers": [1, 2, 3, 4]}, "measure": ["wait_mean_s", "wait_p99_s"]}`

// TestSlurm submits 20 shards to a real Slurm with the script of this folder, kills one of them, which is queued again, and
// compares what the merge job gives with the files of one process.
func TestSlurm(t *testing.T) {
	work := t.TempDir()
	program, spec, dir := filepath.Join(work, "sweep"), filepath.Join(work, "grid.json"), filepath.Join(work, "a folder")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	require.NoError(t, os.WriteFile(spec, []byte(slurmSweep), 0o600))
	c := newCluster(t)
	submit := exec.CommandContext(t.Context(), "sh", "slurm.sh", spec, dir, "20")
	submit.Env = append(c.env, "PROGRAM="+program)
	out, err = submit.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Contains(t, string(out), "of 20 shards")
	task := killTask(t, dir)
	require.Eventually(t, func() bool { return strings.TrimSpace(c.try("squeue", "-h")) == "" }, 5*time.Minute, 500*time.Millisecond)
	said, err := os.ReadFile(filepath.Join(dir, "log", task+".txt"))
	require.NoError(t, err)
	assert.Regexp(t, `Shard `+task+`/20 is done: 8 pieces of cells, [0-6] of them now`, string(said), "it went on where it was killed")
	merge, err := os.ReadFile(filepath.Join(dir, "log", "merge.txt"))
	require.NoError(t, err)
	assert.Contains(t, string(merge), "Wait mean: from")

	alone := filepath.Join(work, "alone")
	out, err = exec.CommandContext(t.Context(), program, "--spec", spec, "--out", alone).CombinedOutput()
	require.NoError(t, err, string(out))
	for _, name := range []string{"cells.csv", "cells.jsonl", "summary.md", "chart.png", "chart.svg"} {
		want, err := os.ReadFile(filepath.Join(alone, name))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(want, got), "%s of 20 shards is that of one process", name)
	}
}
