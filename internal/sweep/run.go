package sweep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cloudconcepts/internal/par"
)

// A Job is a shard of a plan that is to be run into a folder.
type Job struct {
	Plan     *Plan
	Shard    Shard
	Dir      string
	Version  string                // of the program: files of different versions are not mixed
	Progress func(done, total int) // blocks of this call; may be nil
}

// A Report says what a run has done.
type Report struct {
	Blocks int // of the shard
	Kept   int // done by earlier calls
	Done   int // done by this one
}

// Run does all blocks of the shard that are not done yet, on all processors, and then gives its file its final name. When
// ctx ends, or a block fails, the rows that are done are kept, and the next call goes on from there.
func (j Job) Run(ctx context.Context) (Report, error) {
	h, err := newHeader(&j.Plan.Grid, j.Shard, j.Version)
	if err != nil {
		return Report{}, err
	}
	from, to := j.Shard.blocks(h.Grid)
	report := Report{Blocks: to - from}
	final := shardFile(j.Dir, j.Shard)
	if err := checkFolder(j.Dir, h); err != nil {
		return report, err
	}
	if done, err := j.finished(final, h); done || err != nil {
		report.Kept = report.Blocks
		return report, errors.Join(err, removeIfThere(final+".part", done))
	}
	journal, err := openJournal(final+".part", h)
	if err != nil {
		return report, err
	}
	// Another process may have finished between the two.
	if done, err := j.finished(final, h); done || err != nil {
		report.Kept = report.Blocks
		return report, errors.Join(err, os.Remove(journal.path), journal.file.Close())
	}
	report.Kept = len(journal.rows)
	if err := j.pending(ctx, journal); err != nil {
		report.Done = len(journal.rows) - report.Kept
		return report, errors.Join(err, journal.close())
	}
	report.Done = len(journal.rows) - report.Kept
	return report, journal.finish(final)
}

// removeIfThere removes the journal that a process has left that was killed when it had finished.
func removeIfThere(path string, done bool) error {
	if !done {
		return nil
	}
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// pending runs what the journal does not have.
func (j Job) pending(ctx context.Context, journal *journal) error {
	g, o := &j.Plan.Grid, j.Plan.order()
	from, to := j.Shard.blocks(g)
	done := make([]bool, to-from)
	for _, r := range journal.rows {
		k := o.place(r.block)
		if k < from || k >= to || done[k-from] {
			return fmt.Errorf("%s: block %d does not belong there; remove it to start this shard again", journal.path, r.block)
		}
		done[k-from] = true
	}
	var left []int
	for i := range done {
		if !done[i] {
			left = append(left, o.at(from+i))
		}
	}
	count := counter{total: len(left), report: j.Progress}
	return par.Each(ctx, len(left), func(ctx context.Context, i int) error {
		tallies, err := j.Plan.run(ctx, g.block(left[i]))
		if err != nil {
			return err
		}
		if err := journal.add(row{left[i], tallies}); err != nil {
			return err
		}
		count.add()
		return nil
	})
}

// finished tells whether the shard is done already, with the same work by the same version.
func (j Job) finished(final string, h header) (bool, error) {
	there, err := verify(final)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w; remove it to run this shard again", final, err)
	}
	if why := there.differs(h); why != "" {
		return false, fmt.Errorf("%s %s; choose another folder with --out DIR, or remove %s", final, why, filepath.Dir(final))
	}
	return true, nil
}

// checkFolder makes the folder of the shards, and refuses one that holds another sweep, or this one in another number of
// shards. It looks at the names of all files there, and into one of them.
func checkFolder(dir string, h header) error {
	folder := filepath.Join(dir, ShardFolder)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return fmt.Errorf("cannot make the folder %s: %w; choose another one with --out DIR", folder, cause(err))
	}
	files, err := shardFiles(dir)
	if err != nil {
		return err
	}
	for i, f := range files {
		if f.Of != h.Of {
			return fmt.Errorf("%s holds shard %v, and this is %d/%d: a sweep is split in one way; "+
				"choose another folder with --out DIR, or remove %s", f.path, f.Shard, h.Number, h.Of, folder)
		}
		if i > 0 {
			continue
		}
		there, err := firstHeader(f.path)
		if err != nil {
			continue // not written yet; whose file this is sees to it
		}
		there.Number = h.Number
		if why := there.differs(h); why != "" {
			return fmt.Errorf("%s %s; go back to what it was made with, choose another folder with --out DIR, or remove %s", f.path, why, folder)
		}
	}
	return nil
}
