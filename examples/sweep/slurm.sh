#!/bin/sh
# Submits a sweep to Slurm: an array with a task for each shard, and the merge after them.
#
#   sh slurm.sh SPEC DIR SHARDS [options of sbatch, as --time=2:00:00 --cpus-per-task=8 --partition=short]
#
# PROGRAM is the built program, by default ./sweep: go build -o sweep ./examples/sweep. DIR has to be on a file system that
# all nodes share. Submitting it again is harmless: shards that are done cost nothing, others go on where they stopped.
set -eu
if [ "${1:-}" = --task ]; then # this script is also what runs on the nodes
  shift
  code=0
  "$@" || code=$?
  # Killed without warning, as by the kernel when memory runs out: again, three times at most.
  if [ $code -eq 137 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
    scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
  fi
  exit $code
fi
if [ $# -lt 3 ]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
program=${PROGRAM:-./sweep} spec=$1 dir=$2 shards=$3
shift 3
mkdir -p "$dir/log"

# Each task finds its shard in SLURM_ARRAY_TASK_ID. A task whose node goes down is queued again.
array=$(sbatch --parsable --job-name=sweep --array="1-$shards" --requeue --open-mode=append --output="$dir/log/%a.txt" "$@" \
  "$0" --task "$program" --spec "$spec" --out "$dir")
merge=$(sbatch --parsable --job-name=sweep-merge --dependency="afterok:$array" --kill-on-invalid-dep=yes \
  --output="$dir/log/merge.txt" "$0" --task "$program" merge "$dir")
echo "array $array of $shards shards, then merge $merge: squeue --me shows both, $dir/log what they say"
