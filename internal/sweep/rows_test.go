package sweep

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func written(t *testing.T, spec string, of int) (string, *Summary) {
	t.Helper()
	dir := t.TempDir()
	runAll(t, dir, spec, of)
	m, err := Merge(dir)
	require.NoError(t, err)
	s, err := m.Write(dir)
	require.NoError(t, err)
	return dir, s
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return text
}

func TestFilesDoNotDependOnTheShards(t *testing.T) {
	one, s := written(t, smallSweep, 1)
	many, _ := written(t, smallSweep, 11)
	for _, name := range []string{CSVFile, JSONLFile} {
		assert.Equal(t, string(read(t, one, name)), string(read(t, many, name)))
	}
	assert.Equal(t, []float64{1 + 1 + 1}, s.Mean[0][:1])
	assert.Equal(t, s.Mean[0], s.Low[0], "the sum does not depend on chance")
	assert.Less(t, s.Low[1][0], s.Mean[1][0])
	assert.Zero(t, s.Missing[0])
}

func TestRowsHoldWhatTheRunsGave(t *testing.T) {
	dir, s := written(t, smallSweep, 3)
	table, err := csv.NewReader(bytes.NewReader(read(t, dir, CSVFile))).ReadAll()
	require.NoError(t, err)
	require.Len(t, table, 16)
	assert.Equal(t, []string{
		"servers", "link.rate_bytes_per_s", "runs",
		"sum_s", "sum_low_s", "sum_high_s", "sum_sd_s", "sum_min_s", "sum_p10_s", "sum_p50_s", "sum_p90_s", "sum_max_s", "sum_runs",
		"noise", "noise_low", "noise_high", "noise_sd", "noise_min", "noise_p10", "noise_p50", "noise_p90", "noise_max", "noise_runs",
	}, table[0])
	assert.Equal(t, []string{"2", "5", "4", "8", "8", "8", "0", "8", "8", "8", "8", "8", "4"}, table[1+5+2][:13])
	lines := bytes.Split(bytes.TrimSpace(read(t, dir, JSONLFile)), []byte("\n"))
	require.Len(t, lines, 15)
	var row struct {
		Cell     int
		Set      map[string]float64
		Runs     int
		Measures map[string]struct {
			Mean, Low, High, SD, P50 float64
			State                    *Tally
		}
	}
	require.NoError(t, json.Unmarshal(lines[7], &row))
	assert.Equal(t, 7, row.Cell)
	assert.Equal(t, map[string]float64{"servers": 2, "link.rate_bytes_per_s": 5}, row.Set)
	assert.EqualValues(t, 4, row.Measures["noise"].State.Count)
	mean, low, _, sd := row.Measures["noise"].State.Estimate()
	assert.Equal(t, []float64{mean, low, sd}, []float64{row.Measures["noise"].Mean, row.Measures["noise"].Low, row.Measures["noise"].SD})
	assert.Equal(t, mean, s.Mean[1][7])
}

func TestOneRunHasNoInterval(t *testing.T) {
	dir, s := written(t, `{"model": "toy", "sweep": {"servers": [1, 2], "law": ["exp:1", "exp:2"]}, "measure": ["sum_s"]}`, 1)
	assert.Equal(t, "servers,law,runs,sum_s,sum_runs\n1,exp:1,1,3,1\n1,exp:2,1,4,1\n2,exp:1,1,4,1\n2,exp:2,1,5,1\n", string(read(t, dir, CSVFile)))
	assert.Contains(t, string(read(t, dir, JSONLFile)), `{"cell":0,"set":{"servers":1,"law":"exp:1"},"runs":1,"measures":{"sum_s":{"mean":3,"state":{"n":1,`)
	assert.True(t, math.IsNaN(s.Low[0][0]))
}
