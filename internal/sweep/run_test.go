package sweep

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const smallSweep = `{"model": "toy", "runs": 4, "seed": 3, "sweep": {"servers": [1, 2, 3], "link.rate_bytes_per_s": {"from": 1, "to": 9, "points": 5}},
	"measure": ["sum_s", "noise"]}`

func jobOf(t *testing.T, dir, spec string, s Shard) Job {
	t.Helper()
	return Job{Plan: mustPlan(t, spec), Shard: s, Dir: dir, Version: "v1"}
}

func runAll(t *testing.T, dir, spec string, of int) {
	t.Helper()
	for n := range of {
		_, err := jobOf(t, dir, spec, Shard{n + 1, of}).Run(t.Context())
		require.NoError(t, err)
	}
}

// merged is all that the shards of a folder hold, as text.
func merged(t *testing.T, dir string) string {
	t.Helper()
	m, err := Merge(dir)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, m.Cells(func(cell int, tallies []*Tally) error {
		_, err := fmt.Fprintln(&b, cell, encoded(t, tallies))
		return err
	}))
	return b.String()
}

func TestMergedDoesNotDependOnTheShards(t *testing.T) {
	dir := t.TempDir()
	runAll(t, dir, smallSweep, 1)
	want := merged(t, dir)
	assert.Equal(t, 15, strings.Count(want, "\n"))
	for _, of := range []int{2, 7, 15, 60, 70} {
		dir := t.TempDir()
		runAll(t, dir, smallSweep, of)
		assert.Equal(t, want, merged(t, dir), "%d shards", of)
	}
}

func TestMergeInSmallPieces(t *testing.T) {
	dir := t.TempDir()
	runAll(t, dir, smallSweep, 4)
	want := merged(t, dir)
	m, err := Merge(dir)
	require.NoError(t, err)
	for _, m.chunk = range []int{1, 2, 7, 14, 15} {
		var b bytes.Buffer
		require.NoError(t, m.Cells(func(cell int, tallies []*Tally) error {
			_, err := fmt.Fprintln(&b, cell, encoded(t, tallies))
			return err
		}))
		assert.Equal(t, want, b.String(), "%d cells at a time", m.chunk)
	}
}

// TestEveryTornJournalIsContinued cuts the file of a running shard at each of its bytes, as a crash can, and goes on.
func TestEveryTornJournalIsContinued(t *testing.T) {
	const spec = `{"model": "toy", "sweep": {"servers": [1, 2, 3]}, "measure": ["sum_s"]}`
	dir := t.TempDir()
	job := jobOf(t, dir, spec, Whole())
	stopped, cancel := context.WithCancel(t.Context())
	job.Progress = func(done, _ int) {
		if done == 2 {
			cancel()
		}
	}
	_, err := job.Run(stopped)
	require.ErrorIs(t, err, context.Canceled)
	part := shardFile(dir, Whole()) + ".part"
	whole, err := os.ReadFile(part)
	require.NoError(t, err)
	_, err = jobOf(t, dir, spec, Whole()).Run(t.Context())
	require.NoError(t, err)
	want, err := os.ReadFile(shardFile(dir, Whole()))
	require.NoError(t, err)
	require.NoFileExists(t, part)
	torn := t.TempDir()
	path := shardFile(torn, Whole()) + ".part"
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	h, err := newHeader(&job.Plan.Grid, Whole(), "v1")
	require.NoError(t, err)
	for length := range whole {
		require.NoError(t, os.WriteFile(path, whole[:length], 0o666))
		rows := max(bytes.Count(whole[:length], []byte("\n"))-1, 0)
		j, err := openJournal(path, h)
		require.NoError(t, err, "%d bytes", length)
		assert.Len(t, j.rows, rows, "whole rows are kept")
		if length > 0 && rows > 0 {
			left, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, string(whole[:1+bytes.LastIndexByte(whole[:length], '\n')]), string(left), "half a line is cut off")
		}
		require.NoError(t, j.file.Close())
		if length%29 > 0 {
			continue
		}
		report, err := jobOf(t, torn, spec, Whole()).Run(t.Context())
		require.NoError(t, err, "%d bytes", length)
		assert.Equal(t, rows, report.Kept)
		got, err := os.ReadFile(shardFile(torn, Whole()))
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "%d bytes", length)
		require.NoError(t, os.Remove(shardFile(torn, Whole())))
	}
}

func TestRunIsRepeatable(t *testing.T) {
	dir := t.TempDir()
	first, err := jobOf(t, dir, smallSweep, Whole()).Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Report{Blocks: 60, Done: 60}, first)
	before, err := os.ReadFile(shardFile(dir, Whole()))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(shardFile(dir, Whole())+".part", []byte("left behind"), 0o666))
	again, err := jobOf(t, dir, smallSweep, Whole()).Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Report{Blocks: 60, Kept: 60}, again)
	after, err := os.ReadFile(shardFile(dir, Whole()))
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
	assert.NoFileExists(t, shardFile(dir, Whole())+".part")
}

func TestAFailingCellKeepsTheOthers(t *testing.T) {
	const spec = `{"model": "toy", "config": {"loud": true}, "sweep": {"servers": {"from": 1, "to": 30, "points": 30}}, "measure": ["sum_s"]}`
	dir := t.TempDir()
	report, err := jobOf(t, dir, spec, Whole()).Run(t.Context())
	assert.ErrorContains(t, err, "cell servers=13: toy: thirteen")
	again, err := jobOf(t, dir, spec, Whole()).Run(t.Context())
	assert.ErrorContains(t, err, "thirteen")
	assert.GreaterOrEqual(t, again.Kept, report.Done)
	_, err = Merge(dir)
	assert.ErrorContains(t, err, "missing or not finished: shard 1 of 1")
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	first := jobOf(t, dir, smallSweep, Shard{2, 3})
	var once sync.Once
	first.Progress = func(int, int) {
		once.Do(func() {
			_, err := jobOf(t, dir, smallSweep, Shard{2, 3}).Run(t.Context())
			assert.ErrorContains(t, err, "another process is working on shard 2/3 in this folder")
			_, err = jobOf(t, dir, smallSweep, Shard{1, 3}).Run(t.Context())
			assert.NoError(t, err, "another shard may run beside it")
		})
	}
	_, err := first.Run(t.Context())
	require.NoError(t, err)
	runAll(t, dir, smallSweep, 3)
	assert.Equal(t, 15, strings.Count(merged(t, dir), "\n"))
}

func TestForeignWorkIsRefused(t *testing.T) {
	for _, finished := range []bool{true, false} {
		for _, c := range []struct {
			change func(*Job)
			want   string
		}{
			{func(j *Job) { j.Plan = mustPlan(t, strings.Replace(smallSweep, `"runs": 4`, `"runs": 5`, 1)) }, "is of another sweep: runs is 4 there, 5 here"},
			{func(j *Job) { j.Plan = mustPlan(t, strings.Replace(smallSweep, `"seed": 3`, `"seed": 4`, 1)) }, "seed is 3 there, 4 here"},
			{func(j *Job) { j.Plan = mustPlan(t, strings.Replace(smallSweep, `2, 3]`, `2, 4]`, 1)) }, "servers is [1 2 3] there, [1 2 4] here"},
			{func(j *Job) { j.Plan = mustPlan(t, strings.Replace(smallSweep, `, "noise"`, ``, 1)) }, "measure is [sum_s noise] there, [sum_s] here"},
			{func(j *Job) {
				j.Plan = mustPlan(t, strings.Replace(smallSweep, `"toy"`, `"toy", "config": {"loud": true}`, 1))
			}, "config differs"},
			{func(j *Job) { j.Version = "v2" }, "was made by another version of the program, v1; this is v2"},
			{func(j *Job) { j.Shard = Shard{1, 3} }, "holds shard 1/2, and this is 1/3: a sweep is split in one way"},
		} {
			dir := t.TempDir()
			job := jobOf(t, dir, smallSweep, Shard{1, 2})
			ctx, cancel := context.WithCancel(t.Context())
			job.Progress = func(int, int) {
				if !finished {
					cancel()
				}
			}
			_, err := job.Run(ctx)
			require.Equal(t, finished, err == nil)
			before := contents(t, dir)
			other := jobOf(t, dir, smallSweep, Shard{1, 2})
			c.change(&other)
			_, err = other.Run(t.Context())
			assert.ErrorContains(t, err, c.want)
			assert.Equal(t, before, contents(t, dir), "nothing is touched")
			cancel()
		}
	}
}

// contents are all files below a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	}))
	return files
}

func TestMergeNamesWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(t *testing.T, dir string)
		want   []string
	}{
		"missing": {func(t *testing.T, dir string) {
			for _, n := range []int{2, 4, 5, 6, 9} {
				require.NoError(t, os.Remove(shardFile(dir, Shard{n, 9})))
			}
		}, []string{"missing or not finished: shard 2, 4-6, 9 of 9"}},
		"not finished": {func(t *testing.T, dir string) {
			path := shardFile(dir, Shard{3, 9})
			require.NoError(t, os.Rename(path, path+".part"))
		}, []string{"missing or not finished: shard 3 of 9"}},
		"short": {func(t *testing.T, dir string) { require.NoError(t, os.Truncate(shardFile(dir, Shard{3, 9}), 900)) }, []string{"shard 3/9: torn: it has no end"}},
		"empty": {func(t *testing.T, dir string) { require.NoError(t, os.Truncate(shardFile(dir, Shard{3, 9}), 0)) }, []string{"shard 3/9: torn: it is empty"}},
		"changed": {func(t *testing.T, dir string) {
			edit(t, shardFile(dir, Shard{4, 9}), func(s string) string { return strings.Replace(s, `"n":1`, `"n":2`, 1) })
		}, []string{"shard 4/9: torn or changed: its checksum is wrong"}},
		"longer": {func(t *testing.T, dir string) {
			edit(t, shardFile(dir, Shard{4, 9}), func(s string) string { return s + "\n" })
		}, []string{"shard 4/9: something stands behind its end"}},
		"under another name": {func(t *testing.T, dir string) {
			text, err := os.ReadFile(shardFile(dir, Shard{1, 9}))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(shardFile(dir, Shard{2, 9}), text, 0o666))
		}, []string{"shard 2/9: it holds shard 1/9"}},
		"of another number": {func(t *testing.T, dir string) {
			runAll(t, t.TempDir(), smallSweep, 1)
			require.NoError(t, os.WriteFile(shardFile(dir, Shard{1, 8}), nil, 0o666))
		}, []string{"shards of 8 and of 9"}},
		"foreign": {func(t *testing.T, dir string) {
			copyShard(t, dir, Shard{5, 9}, strings.Replace(smallSweep, `"seed": 3`, `"seed": 4`, 1), "v1")
		}, []string{"shard 5/9 is of another sweep: seed is 4 there, 3 here"}},
		"of another version": {func(t *testing.T, dir string) { copyShard(t, dir, Shard{5, 9}, smallSweep, "v0") }, []string{"shard 5/9 was made by another version of the program, v0; this is v1"}},
		"several": {func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(shardFile(dir, Shard{1, 9})))
			require.NoError(t, os.Truncate(shardFile(dir, Shard{2, 9}), 10))
			copyShard(t, dir, Shard{5, 9}, smallSweep, "v0")
		}, []string{"shard 1 of 9", "shard 2/9: torn", "shard 5/9 was made by another version"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			runAll(t, dir, smallSweep, 9)
			c.damage(t, dir)
			_, err := Merge(dir)
			for _, want := range c.want {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}

func edit(t *testing.T, path string, change func(string) string) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	changed := change(string(text))
	require.NotEqual(t, string(text), changed)
	require.NoError(t, os.WriteFile(path, []byte(changed), 0o666))
}

// copyShard puts a shard of another sweep or version in the place of one.
func copyShard(t *testing.T, dir string, s Shard, spec, version string) {
	t.Helper()
	other := t.TempDir()
	job := jobOf(t, other, spec, s)
	job.Version = version
	_, err := job.Run(t.Context())
	require.NoError(t, err)
	text, err := os.ReadFile(shardFile(other, s))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(shardFile(dir, s), text, 0o666))
}

func TestOtherFilesAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	runAll(t, dir, smallSweep, 2)
	want := merged(t, dir)
	for _, name := range []string{"notes.txt", ".00001-of-00002.jsonl.tmp", "00001-of-00002.jsonl~", "1-of-2.jsonl"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, ShardFolder, name), []byte("x"), 0o666))
	}
	assert.Equal(t, want, merged(t, dir))
}

// TestEveryFlippedByteIsSeen changes each byte of a finished shard in turn.
func TestEveryFlippedByteIsSeen(t *testing.T) {
	dir := t.TempDir()
	runAll(t, dir, `{"model": "toy", "sweep": {"servers": [1, 2]}, "measure": ["sum_s"]}`, 1)
	path := shardFile(dir, Whole())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := range whole {
		changed := bytes.Clone(whole)
		changed[i] ^= 1
		require.NoError(t, os.WriteFile(path, changed, 0o666))
		_, err := Merge(dir)
		require.Error(t, err, "byte %d", i)
	}
}

// TestRowsOfOtherShardsAreRefused swaps the rows of two shards, with all checksums right.
func TestRowsOfOtherShardsAreRefused(t *testing.T) {
	dir := t.TempDir()
	runAll(t, dir, smallSweep, 2)
	g := &mustPlan(t, smallSweep).Grid
	rowsOf := func(s Shard) (rows []row) {
		text, err := os.ReadFile(shardFile(dir, s))
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			text, err := content([]byte(line))
			require.NoError(t, err)
			if isRow(text) {
				r, err := readRow(text, g)
				require.NoError(t, err)
				rows = append(rows, r)
			}
		}
		return rows
	}
	first, second := rowsOf(Shard{1, 2}), rowsOf(Shard{2, 2})
	write := func(s Shard, rows []row) {
		require.NoError(t, os.Remove(shardFile(dir, s)))
		h, err := newHeader(g, s, "v1")
		require.NoError(t, err)
		j, err := openJournal(shardFile(dir, s)+".part", h)
		require.NoError(t, err)
		for _, r := range rows {
			require.NoError(t, j.add(r))
		}
		require.NoError(t, j.finish(shardFile(dir, s)))
	}
	refused := func(want string) {
		t.Helper()
		m, err := Merge(dir)
		require.NoError(t, err, "the files are whole")
		assert.ErrorContains(t, m.Cells(func(int, []*Tally) error { return nil }), want)
	}
	write(Shard{1, 2}, second)
	refused("shard 1/2: block")
	write(Shard{1, 2}, append(first[:len(first)-1:len(first)-1], first[0]))
	refused("does not belong there")
	write(Shard{1, 2}, first)
	assert.Equal(t, 15, strings.Count(merged(t, dir), "\n"))
}
