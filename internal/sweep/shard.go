package sweep

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Shard is one of Of equal parts of a sweep, from 1. The zero value is no shard; Whole is all of it.
type Shard struct{ Number, Of int }

// Whole is the sweep as one shard.
func Whole() Shard { return Shard{1, 1} }

// mostShards keeps the names of their files in order.
const mostShards = 99999

// String is the shard as --shard takes it: 3/200. No shard is no text.
func (s Shard) String() string {
	if s == (Shard{}) {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Number, s.Of)
}

// Set reads a shard, as a flag's value.
func (s *Shard) Set(text string) error {
	number, of, ok := strings.Cut(strings.TrimSpace(text), "/")
	n, err := strconv.Atoi(number)
	m, err2 := strconv.Atoi(of)
	if !ok || err != nil || err2 != nil {
		return errors.New("want NUMBER/OF, for example 3/200")
	}
	if m < 1 || m > mostShards || n < 1 || n > m {
		return fmt.Errorf("shards are numbered from 1 to their number, of which there are at most %d", mostShards)
	}
	*s = Shard{n, m}
	return nil
}

// Type names the value in help.
func (s *Shard) Type() string { return "N/OF" }

// blocks are the places from..to-1 of the order that belong to the shard.
func (s Shard) blocks(g *Grid) (from, to int) {
	n := uint64(g.Blocks())
	bound := func(i int) int { return int(n * uint64(i) / uint64(s.Of)) }
	return bound(s.Number - 1), bound(s.Number)
}

// FromEnvironment is the shard that a scheduler asks for: a task of a Slurm job array, or a pod of an Indexed Job of
// Kubernetes. Without either it is the whole sweep.
func FromEnvironment(get func(string) string) (Shard, error) {
	if get("SLURM_ARRAY_TASK_ID") != "" {
		return fromSlurm(get)
	}
	if get("JOB_COMPLETION_INDEX") != "" {
		return fromKubernetes(get)
	}
	return Whole(), nil
}

// variables reads whole numbers from the environment.
func variables(get func(string) string, names ...string) ([]int, error) {
	values := make([]int, len(names))
	for i, name := range names {
		var err error
		if values[i], err = strconv.Atoi(get(name)); err != nil {
			return nil, fmt.Errorf("%s = %q, want a whole number; or say which shard this is: --shard 3/200", name, get(name))
		}
	}
	return values, nil
}

// fromSlurm reads the variables of a job array. An array with gaps (--array=3,7) has another number of tasks than there
// are shards: which shards are meant cannot be told from it.
func fromSlurm(get func(string) string) (Shard, error) {
	v, err := variables(get, "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP")
	if err != nil {
		return Shard{}, err
	}
	id, count, first, last, step := v[0], v[1], v[2], v[3], max(v[4], 1)
	if (last-first)/step+1 != count || (id-first)%step != 0 {
		return Shard{}, fmt.Errorf("the job array has %d tasks from %d to %d, with gaps: say which shard this is, as in --shard %d/200; "+
			"or submit the whole array again: shards that are done cost nothing", count, first, last, id)
	}
	return checked(Shard{(id-first)/step + 1, count}, "SLURM_ARRAY_TASK_ID")
}

// fromKubernetes reads the index that an Indexed Job sets, from 0, and the number of completions, which its manifest has
// to pass on.
func fromKubernetes(get func(string) string) (Shard, error) {
	v, err := variables(get, "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS")
	if err != nil {
		return Shard{}, err
	}
	return checked(Shard{v[0] + 1, v[1]}, "JOB_COMPLETION_INDEX")
}

func checked(s Shard, variable string) (Shard, error) {
	if err := new(Shard).Set(s.String()); err != nil {
		return Shard{}, fmt.Errorf("%s asks for shard %v: %w", variable, s, err)
	}
	return s, nil
}
