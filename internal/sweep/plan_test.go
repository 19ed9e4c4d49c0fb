package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// toy is a configuration with all that real ones have.
type toy struct {
	Servers int           `json:"servers"`
	Size    int64         `json:"size_bytes"`
	Link    toyLink       `json:"link"`
	Limit   time.Duration `json:"limit_ns"`
	Law     toyLaw        `json:"law"`
	Rule    any           `json:"rule"` // a kind and a value
	Steps   []toyStep     `json:"steps"`
	Extra   []int         `json:"extra,omitempty"`
	Loud    bool          `json:"loud"`
	Seed    uint64        `json:"seed"`
}

type toyLink struct {
	Rate  float64       `json:"rate_bytes_per_s"`
	Share float64       `json:"share"`
	RTT   time.Duration `json:"rtt_ns"`
}

type toyStep struct {
	At   time.Duration `json:"at_ns"`
	Rate float64       `json:"rate_per_s"`
}

// toyLaw is a text.
type toyLaw struct{ mean float64 }

func (l toyLaw) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "exp:%g", l.mean), nil }

func (l *toyLaw) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "exp:%g", &l.mean)
	return err
}

func (c toy) Validate() error {
	if c.Servers < 1 || c.Servers > 1000 {
		return fmt.Errorf("toy: Servers = %d, want in [1, 1000]", c.Servers)
	}
	return nil
}

type toyResult struct {
	Config toy     `json:"config"`
	Sum    float64 `json:"sum_s"`
	Noise  float64 `json:"noise"`
	Parts  struct {
		Count uint64 `json:"count"`
		Ends  bool   `json:"ends"`
	} `json:"parts"`
	Outcome toyOutcome `json:"outcome"`
	List    []int      `json:"list"`
}

type toyOutcome int

func (o toyOutcome) MarshalText() ([]byte, error) { return []byte([]string{"good", "bad"}[o]), nil }

func runToy(c toy) (toyResult, error) {
	if c.Loud && c.Servers == 13 {
		return toyResult{}, errors.New("toy: thirteen")
	}
	r := toyResult{Config: c, Sum: float64(c.Servers) + c.Link.Rate + c.Law.mean + float64(c.Limit) + float64(c.Size)}
	r.Noise = rand.New(rand.NewPCG(c.Seed, 0)).Float64()
	r.Parts.Count, r.Parts.Ends = uint64(c.Servers), c.Servers > 2
	r.Outcome = toyOutcome(c.Servers % 2)
	return r, nil
}

func toyModel() Model {
	base := toy{Servers: 2, Link: toyLink{Rate: 1}, Law: toyLaw{1}, Rule: map[string]any{"kind": "fixed", "value": 5.0}, Seed: 7}
	return Of("toy", Without(runToy), Preset[toy]{"one", base}, Preset[toy]{"big", toy{Servers: 500}})
}

func planOf(t *testing.T, text string) (*Plan, error) {
	t.Helper()
	s, err := Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	return NewPlan(toyModel(), s)
}

func mustPlan(t *testing.T, text string) *Plan {
	t.Helper()
	p, err := planOf(t, text)
	require.NoError(t, err)
	return p
}

func cellOf(t *testing.T, p *Plan, cell int) toy {
	t.Helper()
	v, err := p.config(cell)
	require.NoError(t, err)
	return v.Interface().(toy)
}

func TestPlanReadsQuantitiesByUnit(t *testing.T) {
	p := mustPlan(t, `{
		// a comment
		"note": "text", "model": "toy", "runs": 3, "seed": 9, "measure": ["sum_s", "parts.count", "parts.ends", "outcome=bad"],
		"config": {"size_bytes": "8GiB", "link": {"rate_bytes_per_s": "10Gbit/s", "share": "5%"}, "law": "exp:{mean}",
			"steps": [{"at_ns": "1m", "rate_per_s": "30/min"}], "extra": ["2k"]},
		"sweep": {"limit_ns": ["10ms", 5], "mean": {"from": 0.5, "to": 2, "points": 3, "scale": "log"},
			"servers": {"from": 1, "to": 4, "points": 7}, "steps.0.at_ns": {"from": "1s", "to": "2s", "points": 2}}
	}`)
	assert.Equal(t, 2*3*4*2, p.Cells())
	assert.Equal(t, "limit_ns=10000000, mean=0.5, servers=1, steps.0.at_ns=1000000000", p.Describe(0))
	c := cellOf(t, p, p.Cells()-1)
	assert.Equal(t, toy{
		Servers: 4, Size: 8 << 30, Link: toyLink{Rate: 1.25e9, Share: 0.05}, Limit: 5, Law: toyLaw{2}, Extra: []int{2000},
		Rule: map[string]any{"kind": "fixed", "value": 5.0}, Steps: []toyStep{{2 * time.Second, 0.5}}, Seed: 7,
	}, c)
	assert.Equal(t, toyLaw{1}, cellOf(t, p, 1*8).Law, "the middle of 0.5 and 2 in the logarithm")
	assert.Equal(t, toyLaw{0.5}, cellOf(t, p, 0).Law)
	tallies, err := p.run(t.Context(), block{cell: 0, to: 3})
	require.NoError(t, err)
	assert.Equal(t, 1+1.25e9+0.5+1e7+8*(1<<30), tallies[0].Mean())
	assert.Equal(t, []float64{1, 0, 1}, []float64{tallies[1].Mean(), tallies[2].Mean(), tallies[3].Mean()})
	assert.EqualValues(t, 3, tallies[0].Count)
}

func TestRunsHaveSeedsOfTheirOwnThatAreTheSameInEachCell(t *testing.T) {
	p := mustPlan(t, `{"model": "toy", "runs": 5, "sweep": {"servers": [1, 2]}, "measure": ["noise"]}`)
	a, err := p.run(t.Context(), p.block(0))
	require.NoError(t, err)
	seeds := map[uint64]bool{}
	for i := range 5 {
		seeds[p.RunSeed(i)] = true
	}
	assert.Len(t, seeds, 5)
	b := Tally{}
	for i := range 5 {
		b.Add(rand.New(rand.NewPCG(p.RunSeed(i), 0)).Float64())
	}
	for k := range 5 { // five blocks of one run
		if k > 0 {
			part, err := p.run(t.Context(), p.block(k))
			require.NoError(t, err)
			a[0].Merge(part[0])
		}
	}
	assert.Equal(t, encoded(t, &b), encoded(t, a[0]))
}

func TestPlanRefuses(t *testing.T) {
	const rest = `, "measure": ["sum_s"], "model": "toy"}`
	for text, want := range map[string]string{
		`{"sweep": {"server": [1]}` + rest:                                    "sweep: server: unknown field server; did you mean servers?",
		`{"sweep": {"link.rat": [1]}` + rest:                                  "unknown field link.rat; did you mean rate_bytes_per_s?; there are rate_bytes_per_s, rtt_ns, share",
		`{"sweep": {"servers.x": [1]}` + rest:                                 "servers has no fields",
		`{"sweep": {"steps.0.at_ns": [1]}` + rest:                             "steps has no fields",
		`{"sweep": {"servers": []}` + rest:                                    "the list is empty",
		`{"sweep": {"servers": [1, 1]}` + rest:                                "1 stands there twice",
		`{"sweep": {"servers": 3}` + rest:                                     "want a list",
		`{"sweep": {"servers": {"from": 1, "to": 2}}` + rest:                  "points = <nil>",
		`{"sweep": {"servers": {"from": 1, "to": 1, "points": 2}}` + rest:     "no range",
		`{"sweep": {"servers": {"from": 1, "to": 2, "point": 2}}` + rest:      `unknown name "point"; did you mean points?`,
		`{"sweep": {"law": {"from": 1, "to": "x", "points": 2}}` + rest:       "a range needs numbers",
		`{"sweep": {"limit_ns": ["8GiB"]}` + rest:                             `config: limit_ns: duration "8GiB": unknown unit "GiB"`,
		`{"sweep": {"servers": ["many"]}` + rest:                              `number "many"`,
		`{"sweep": {"servers": [1.5]}` + rest:                                 "cell servers=1.5: config: cannot unmarshal number 1.5",
		`{"sweep": {"servers": [0, 5]}` + rest:                                "cell servers=0: toy: Servers = 0",
		`{"sweep": {"servers": [5, 0, 6]}` + rest:                             "cell servers=0: toy: Servers = 0",
		`{"sweep": {"seed": [5, 0, 6]}` + rest:                                "seeds of their own",
		`{"config": {"seed": 1}, "sweep": {"servers": [5]}` + rest:            "config: seed",
		`{"config": {"sevrers": 1}, "sweep": {"servers": [5]}` + rest:         "config: unknown field sevrers; did you mean servers?",
		`{"config": {"link": {"x": 0}}, "sweep": {"servers": [5]}` + rest:     "config: unknown field link.x; there are rate_bytes_per_s",
		`{"config": {"steps": [{"x": 0}]}, "sweep": {"servers": [5]}` + rest:  "x",
		`{"config": {"law": "exp:{mean}"}, "sweep": {"servers": [5]}` + rest:  "config: law: {mean} is not swept",
		`{"config": {"law": "exp:{link}"}, "sweep": {"link": [5]}` + rest:     "it is a field, and also a variable",
		`{"config": {"law": "exp:{a}"}, "sweep": {"a": [1, "x"]}` + rest:      "cell a=x: config:",
		`{"preset": "two", "sweep": {"servers": [5]}` + rest:                  `unknown preset "two" of toy; there are one, big`,
		`{"sweep": {"servers": [5]}, "measure": ["sum"], "model": "toy"}`:     "measure: unknown number sum; did you mean sum_s?",
		`{"sweep": {"servers": [5]}, "measure": ["outcome"], "model": "toy"}`: "outcome=VALUE",
		`{"sweep": {"servers": [5]}, "measure": ["sum_s=1"], "model": "toy"}`: "no text",
		`{"sweep": {"servers": [5]}, "measure": ["list"], "model": "toy"}`:    "list is no number",
		`{"sweep": {"servers": [5]}, "measure": ["sum_s.x"], "model": "toy"}`: "sum_s has no parts",
		`{"measure": ["sum_s"], "model": "toy"}`:                              "sweep is missing",
		`{"sweep": {"servers": [5]}, "runs": 0` + rest:                        "runs = 0",
		`{"sweep": {"servers": [5]}, "run": 0` + rest:                         `spec: unknown name "run"; did you mean runs?`,
		`{"runs": 1, "runs": 2` + rest:                                        "runs stands there twice",
		`{"runs": "x"` + rest:                                                 `runs: "x", want a whole number`,
		"{\n\"runs\": 1,\n// c\n}":                                            "spec: line 4",
		`[]`:                                                                  "spec: want an object",
		``:                                                                    "spec: line 1",
	} {
		_, err := planOf(t, text)
		assert.ErrorContains(t, err, want, text)
	}
}

func TestCellsShareNothing(t *testing.T) {
	p := mustPlan(t, `{"model": "toy", "config": {"steps": [{"at_ns": 1, "rate_per_s": 2}], "extra": [1, 2]}, "measure": ["sum_s"],
		"sweep": {"steps.0.at_ns": [1, 2], "extra.1": [3, 4]}}`)
	first := cellOf(t, p, 0)
	assert.Equal(t, toyStep{2, 2}, cellOf(t, p, 3).Steps[0])
	assert.Equal(t, []int{1, 4}, cellOf(t, p, 3).Extra)
	assert.Equal(t, toyStep{1, 2}, first.Steps[0])
	assert.Equal(t, []int{1, 3}, first.Extra)
}

func TestVariables(t *testing.T) {
	p := mustPlan(t, `{"model": "toy", "config": {"law": "exp:{mean_s}", "link": {"rate_bytes_per_s": "{speed}", "rtt_ns": "{mean_s}s"}},
		"sweep": {"mean_s": ["10us", 2], "speed": ["1kB/s", "8kbit/s", "2e3B/s"]}, "measure": ["sum_s"]}`)
	assert.Equal(t, "mean_s=0.00001, speed=1kB/s", p.Describe(0))
	c := cellOf(t, p, 0)
	assert.Equal(t, toyLaw{0.00001}, c.Law)
	assert.Equal(t, toyLink{Rate: 1000, RTT: 10 * time.Microsecond}, c.Link)
	assert.Equal(t, toyLink{Rate: 2000, RTT: 2 * time.Second}, cellOf(t, p, 5).Link)
	p = mustPlan(t, `{"model": "toy", "config": {"law": "exp:{mean_s}"}, "measure": ["sum_s"],
		"sweep": {"mean_s": {"from": "1us", "to": "1ms", "points": 4, "scale": "log"}}}`)
	assert.InEpsilon(t, 1e-4, cellOf(t, p, 2).Law.mean, 1e-12)
}

func TestPresets(t *testing.T) {
	p := mustPlan(t, `{"model": "toy", "preset": "big", "sweep": {"size_bytes": [1]}, "measure": ["sum_s"]}`)
	assert.Equal(t, 500, cellOf(t, p, 0).Servers)
}

func TestComments(t *testing.T) {
	text := "{\n  // \"runs\": 5,\n  \"model\": \"a // b\"\n}"
	assert.Equal(t, strings.Count(text, "\n"), strings.Count(string(withoutComments([]byte(text))), "\n"))
	var v map[string]string
	require.NoError(t, json.Unmarshal(withoutComments([]byte(text)), &v))
	assert.Equal(t, map[string]string{"model": "a // b"}, v)
}

func TestSplit(t *testing.T) {
	for name, want := range map[string][2]string{
		"wait_p99_s": {"wait_p99", "_s"}, "vm.memory_bytes": {"vm.memory", "_bytes"}, "x_bytes_per_s": {"x", "_bytes_per_s"},
		"loss_fraction": {"loss", "_fraction"}, "servers": {"servers", ""}, "_s": {"_s", ""},
	} {
		stem, unit := Split(name)
		assert.Equal(t, want, [2]string{stem, unit})
	}
}

func TestQuantities(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       float64
	}{
		{"a_ns", "10ms", 1e7},
		{"a_bytes", "1KiB", 1024},
		{"a_bytes_per_s", "1kB/s", 1000},
		{"a_per_s", "60/min", 1},
		{"a_s", "1m30s", 90},
		{"a", "1.5", 1.5},
		{"a", "20k", 20000},
		{"a", "5%", 0.05},
	} {
		got, err := quantity(c.name, c.text, false)
		require.NoError(t, err)
		assert.Equal(t, c.want, got, c.name+" "+c.text)
	}
	d, err := quantity("value", "2s", true)
	require.NoError(t, err)
	assert.Equal(t, 2e9, d)
}
