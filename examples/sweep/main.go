// Sweep runs a model over a grid of settings: a phase diagram, a parameter study. The same program does it on one machine
// with all its cores, and split into shards on a scheduler: a job array of Slurm, or an Indexed Job of Kubernetes.
//
//	go run ./examples/sweep --example queue            prints a spec to start from, with comments
//	go run ./examples/sweep --spec grid.json --out DIR runs it; interrupted, the same command goes on
//	go run ./examples/sweep --spec grid.json --out DIR --shard 3/200
//	go run ./examples/sweep merge DIR                  when all shards are done
//
// DIR then holds cells.csv and cells.jsonl with a row for each cell, summary.md, and a picture: lines for one swept field,
// a heat map with contours for two of many values each. The bytes of these files do not depend on the number of shards, nor
// on the order in which they were done or how often they were stopped; they may on the processor's architecture.
//
// # What is kept
//
// Each shard has a file of its own in DIR/shards, to which a line is added for each cell that is done, with a checksum. A
// process that is killed loses the cells it was working on, no others; half a line at the end is cut off. A shard that is done is
// written anew under a temporary name and renamed, so that a retry of a scheduler is harmless. A lock (flock) keeps a second
// process off the same shard; others in the same folder run beside it. The file begins with the whole grid and the version
// of the program: a spec that has been edited, or another version, is refused by name and nothing is touched.
//
// Lines hold counts, exact sums and histograms over the runs, not means; merging adds them. Missing, torn and foreign shards
// are named, and nothing is merged around them.
//
// # Seeds
//
// Run i of every cell has the same seed, derived from the spec's: cells meet the same chance and differ by their settings
// only (common random numbers). A cell's numbers therefore do not change when values are added to the grid. The intervals of
// one cell are right; those of two cells are not independent of each other.
//
// # Schedulers
//
// Without --shard the shard is taken from SLURM_ARRAY_TASK_ID, _COUNT, _MIN, _MAX and _STEP, or from JOB_COMPLETION_INDEX
// and JOB_COMPLETIONS. slurm.sh submits an array and the merge after it; kubernetes.yaml and Containerfile do the same for
// Kubernetes (checked against its API types; not run on a cluster). With GNU parallel, or a plain loop over machines:
//
//	seq 200 | parallel ./sweep --spec grid.json --out DIR --shard {}/200 && ./sweep merge DIR
//	for i in $(seq 200); do ./sweep --spec grid.json --out DIR --shard $i/200; done && ./sweep merge DIR
package main

import (
	"os"

	"cloudconcepts/internal/study"
)

func main() { os.Exit(study.Process("sweep", run)) }
