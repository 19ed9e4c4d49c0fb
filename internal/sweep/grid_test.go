package sweep

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// gridOf is a grid of axes of these lengths.
func gridOf(runs int, lengths ...int) *Grid {
	g := &Grid{Model: "m", Config: json.RawMessage(`{}`), Runs: runs, Seed: 1, Measures: []string{"x"}}
	for i, n := range lengths {
		a := Axis{Name: fmt.Sprintf("a%d", i)}
		for v := range n {
			a.Values = append(a.Values, json.RawMessage(fmt.Sprint(v)))
		}
		g.Axes = append(g.Axes, a)
	}
	return g
}

func TestShardsShareTheWork(t *testing.T) {
	for _, g := range []*Grid{gridOf(1, 1), gridOf(7, 2), gridOf(5, 3, 4), gridOf(3000, 3), gridOf(2, 40, 50), gridOf(1, 1000003)} {
		for _, of := range []int{1, 2, 3, 7, 200, 5000} {
			runs, most, least, o := map[[2]int]int{}, 0, g.Blocks(), g.order()
			for n := 1; n <= of; n++ {
				from, to := Shard{n, of}.blocks(g)
				most, least = max(most, to-from), min(least, to-from)
				for k := from; k < to; k++ {
					b := g.block(o.at(k))
					assert.Equal(t, k, o.place(b.index))
					for r := b.from; r < b.to; r++ {
						runs[[2]int{b.cell, r}]++
					}
					if g.Cells() > 1e5 {
						break // the rest of the pieces below is enough
					}
				}
			}
			assert.LessOrEqual(t, most-least, 1)
			if g.Cells() < 1e5 {
				require.Len(t, runs, g.Cells()*g.Runs, "%d cells, %d shards: each run once", g.Cells(), of)
			}
		}
	}
}

func TestHardCellsAreShared(t *testing.T) {
	g := gridOf(1, 20, 20) // the last column of 20 is the slow one: 20 shards get one of its cells each, or two
	for n := 1; n <= 20; n++ {
		slow, o := 0, g.order()
		from, to := Shard{n, 20}.blocks(g)
		for k := from; k < to; k++ {
			if g.Place(g.block(o.at(k)).cell)[1] == 19 {
				slow++
			}
		}
		assert.LessOrEqual(t, slow, 3)
	}
}

func TestPlaces(t *testing.T) {
	g := gridOf(1, 2, 3)
	assert.Equal(t, []int{0, 0}, g.Place(0))
	assert.Equal(t, []int{0, 2}, g.Place(2))
	assert.Equal(t, []int{1, 1}, g.Place(4))
}

func TestHashKnowsEveryChange(t *testing.T) {
	seen := map[string]bool{}
	for _, change := range []func(*Grid){
		func(*Grid) {},
		func(g *Grid) { g.Model = "n" },
		func(g *Grid) { g.Config = json.RawMessage(`{"a":1}`) },
		func(g *Grid) { g.Axes[0].Name = "b" },
		func(g *Grid) { g.Axes[0].Values[1] = json.RawMessage("9") },
		func(g *Grid) { g.Runs++ },
		func(g *Grid) { g.Seed++ },
		func(g *Grid) { g.Measures = []string{"y"} },
	} {
		g := gridOf(3, 4)
		change(g)
		hash, err := g.Hash()
		require.NoError(t, err)
		assert.False(t, seen[hash])
		seen[hash] = true
	}
}

func TestShardText(t *testing.T) {
	var s Shard
	require.NoError(t, s.Set("3/200"))
	assert.Equal(t, Shard{3, 200}, s)
	for _, bad := range []string{"", "3", "0/3", "4/3", "-1/3", "a/b", "1/0", "1/100000", "1/2/3"} {
		assert.Error(t, s.Set(bad), bad)
	}
}

func TestShardOfAScheduler(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{nil, "1/1"},
		{slurm("5", "200", "1", "200", "1"), "5/200"},
		{slurm("0", "10", "0", "9", "1"), "1/10"},
		{slurm("7", "4", "1", "10", "3"), "3/4"},
		{slurm("7", "4", "1", "11", "3"), "3/4"}, // --array=1-11:3 has the tasks 1, 4, 7, 10
		{slurm("7", "2", "3", "7", "1"), "with gaps"},
		{slurm("7", "2", "3", "7", ""), "SLURM_ARRAY_TASK_STEP"},
		{map[string]string{"JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "8"}, "1/8"},
		{map[string]string{"JOB_COMPLETION_INDEX": "7", "JOB_COMPLETIONS": "8"}, "8/8"},
		{map[string]string{"JOB_COMPLETION_INDEX": "8", "JOB_COMPLETIONS": "8"}, "shard 9/8"},
		{map[string]string{"JOB_COMPLETION_INDEX": "7"}, "JOB_COMPLETIONS"},
	} {
		s, err := FromEnvironment(func(name string) string { return c.env[name] })
		if err != nil {
			assert.ErrorContains(t, err, c.want)
			continue
		}
		assert.Equal(t, c.want, s.String())
	}
}

func slurm(id, count, first, last, step string) map[string]string {
	return map[string]string{
		"SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_COUNT": count, "SLURM_ARRAY_TASK_MIN": first,
		"SLURM_ARRAY_TASK_MAX": last, "SLURM_ARRAY_TASK_STEP": step,
	}
}
