//go:build external && linux

package sweep

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFullDisk fills a file system of its own while a sweep writes to it, and makes room again. Mounting needs root.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	require.NoError(t, syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=400k"))
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(disk, 0)) })
	ballast := filepath.Join(disk, "ballast")
	require.NoError(t, os.WriteFile(ballast, make([]byte, 300<<10), 0o600))
	const spec = `{"model": "toy", "sweep": {"servers": {"from": 1, "to": 500, "points": 500}}, "measure": ["sum_s", "noise"]}`
	job := jobOf(t, disk, spec, Whole())
	report, err := job.Run(t.Context())
	require.ErrorContains(t, err, "no space left on device; what is done is kept: make room and run the same command again")
	require.Positive(t, report.Done)
	require.Less(t, report.Done, 500)

	// With a little room the rows fit, but not the final file beside them.
	require.NoError(t, os.Truncate(ballast, 200<<10))
	next, err := jobOf(t, disk, spec, Whole()).Run(t.Context())
	require.ErrorContains(t, err, "no space left on device")
	assert.GreaterOrEqual(t, next.Kept, report.Done)
	assert.Equal(t, 500, next.Kept+next.Done)
	assert.NoFileExists(t, shardFile(disk, Whole()))

	require.NoError(t, os.Remove(ballast))
	last, err := jobOf(t, disk, spec, Whole()).Run(context.Background())
	require.NoError(t, err)
	assert.Equal(t, Report{Blocks: 500, Kept: 500}, last)
	m, err := Merge(disk)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(ballast, make([]byte, 150<<10), 0o600))
	_, err = m.Write(disk)
	require.ErrorContains(t, err, "no space left on device")
	assert.NoFileExists(t, filepath.Join(disk, CSVFile))
	assert.NoFileExists(t, filepath.Join(disk, JSONLFile))
	require.NoError(t, os.Remove(ballast))

	there := t.TempDir()
	runAll(t, there, spec, 1)
	assert.Equal(t, merged(t, there), merged(t, disk))
	assert.Equal(t, 500, strings.Count(merged(t, disk), "\n"))
}
