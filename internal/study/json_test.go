package study

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type stopRule interface{ Stop() bool }

type roundLimit struct {
	Rounds   int
	MaxTime  time.Duration
	Fraction float64 `json:"dirty_fraction"`
}

func (roundLimit) Stop() bool     { return false }
func (roundLimit) String() string { return "a struct with a String method is still an object" }

type outcome uint8

func (outcome) String() string { return "converged" }

type never struct{}

func (never) Stop() bool { return false }

type embedded struct {
	Seed uint64 `json:"seed"`
}

func TestEncodeJSON(t *testing.T) {
	var none *roundLimit
	for name, c := range map[string]struct {
		in   any
		want string
	}{
		"nil":         {nil, `null`},
		"nil pointer": {none, `null`},
		"NaN":         {[]float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -0.5}, `[null,null,null,1e300,-0.5]`},
		"duration":    {90 * time.Second, `90`},
		"enumeration": {outcome(3), `"converged"`},
		"error":       {[]error{errors.New("rho >= 1"), nil}, `["rho >= 1",null]`},
		"struct":      {roundLimit{3, time.Second, 0.5}, `{"rounds":3,"max_time_s":1,"dirty_fraction":0.5}`},
		"nanoseconds": {struct {
			A time.Duration   `json:"a_ns"`
			B []time.Duration `json:"b_ns"`
			C int64           `json:"c_ns"`
		}{time.Second, []time.Duration{2e9}, 3}, `{"a_s":1,"b_s":[2],"c_ns":3}`},
		"pointer":   {&roundLimit{Rounds: 3}, `{"rounds":3,"max_time_s":0,"dirty_fraction":0}`},
		"interface": {[]stopRule{roundLimit{Rounds: 1}, never{}, nil}, `[{"kind":"roundLimit","rounds":1,"max_time_s":0,"dirty_fraction":0},{"kind":"never"},null]`},
		"map":       {map[string]float64{"b": math.NaN(), "a": 1}, `{"a":1,"b":null}`},
		"marshaler": {json.RawMessage(`{"x":1}`), `{"x":1}`},
		"time":      {time.Unix(0, 0).UTC(), `"1970-01-01T00:00:00Z"`},
		"omitted": {struct {
			embedded
			A int    `json:"a,omitempty"`
			B func() `json:"b"`
			C string `json:"-"`
			d int
		}{embedded{math.MaxUint64}, 0, nil, "x", 1}, `{"seed":18446744073709551615}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := encodeJSON(c.in)
			require.NoError(t, err)
			assert.JSONEq(t, c.want, string(got))
			again, err := encodeJSON(c.in)
			require.NoError(t, err)
			assert.Equal(t, got, again)
		})
	}
}

type unhappy struct{}

func (unhappy) MarshalJSON() ([]byte, error) { return nil, errors.New("no") }

func TestEncodeJSONReportsAMarshalerThatFails(t *testing.T) {
	_, err := encodeJSON([]unhappy{{}})
	require.ErrorContains(t, err, "no")
}

func TestSnake(t *testing.T) {
	for in, want := range map[string]string{
		"MaxRounds": "max_rounds", "RTTLimit": "rtt_limit", "VM": "vm", "P95": "p95", "UseHTTP2Now": "use_http2_now", "Seed": "seed",
	} {
		assert.Equal(t, want, snake(in))
	}
}
