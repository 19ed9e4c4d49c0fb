package trace

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
)

func fixture() (m []Minutes, d []Durations, a []AppMemory, v []Invocation) {
	for i, name := range []string{"f1", "f2", "f3"} {
		var c Counts
		for k := range 40 {
			c.Add(k*(i+1)*7, int64(k%3+200*(k%2)))
		}
		m = append(m, Minutes{"o1", []string{"a1", "a2", "a1"}[i], name, []Trigger{HTTP, Queue, Timer}[i], c})
		d = append(d, Durations{"o1", m[i].App, name, 120.5, 99, 1, 900, [7]float64{1, 2, 50, 100, 200, 800, 900}})
		v = append(v, Invocation{m[i].App, name, time.Duration(100-i) * time.Second, 1500 * time.Millisecond})
	}
	a = []AppMemory{{"o1", "a1", "", 10, 120.25, [8]float64{100, 101, 110, 120, 130, 140, 150, 160}}}
	return m, d, a, v
}

func texts(t testing.TB) (minutes, durations, memory, invocations []byte) {
	t.Helper()
	m, d, a, v := fixture()
	var b [4]bytes.Buffer
	require.NoError(t, writeMinutes(&b[0], slices.Values(m)))
	require.NoError(t, writeDurations(&b[1], slices.Values(d)))
	require.NoError(t, writeMemory(&b[2], slices.Values(a)))
	require.NoError(t, writeInvocations(&b[3], slices.Values(v)))
	return b[0].Bytes(), b[1].Bytes(), b[2].Bytes(), b[3].Bytes()
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	m, d, a, v := fixture()
	minutes, durations, memory, invocations := texts(t)
	i := 0
	for row, err := range ReadMinutes(iotest.OneByteReader(bytes.NewReader(minutes))) {
		require.NoError(t, err)
		want := m[i]
		assert.Equal(t, slices.Collect(pairs(want.Counts)), slices.Collect(pairs(row.Counts)))
		row.Counts, want.Counts = Counts{}, Counts{}
		assert.Equal(t, want, row)
		i++
	}
	require.Equal(t, len(m), i)
	for row, err := range ReadDurations(bytes.NewReader(bytes.ReplaceAll(durations, []byte("\n"), []byte("\r\n")))) {
		require.NoError(t, err)
		require.Equal(t, d[0].Percentiles, row.Percentiles)
	}
	for row, err := range ReadMemory(bytes.NewReader(memory)) {
		require.NoError(t, err)
		require.Equal(t, a[0], row)
	}
	i = 0
	for row, err := range ReadInvocations(bytes.NewReader(invocations)) {
		require.NoError(t, err)
		require.Equal(t, v[i], row)
		i++
	}
	require.Equal(t, len(v), i)
}

func pairs(c Counts) func(func([2]int64) bool) {
	return func(yield func([2]int64) bool) {
		for m, n := range c.All() {
			if !yield([2]int64{int64(m), n}) {
				return
			}
		}
	}
}

func TestLoad(t *testing.T) {
	minutes, durations, memory, invocations := texts(t)
	other := Defaults{Work: law.Const(time.Second), MemoryMB: 64, Init: time.Second}
	list, err := Load2019(bytes.NewReader(minutes), bytes.NewReader(durations), bytes.NewReader(memory), other)
	require.NoError(t, err)
	require.Len(t, list, 3)
	assert.Equal(t, []int{0, 0, 1}, []int{list[0].App, list[1].App, list[2].App})
	assert.Equal(t, []float64{120.25, 120.25, 64}, []float64{list[0].MemoryMB, list[1].MemoryMB, list[2].MemoryMB})
	assert.InDelta(t, 0.1, list[0].Work.Quantile(0.5), 0.02, "the median of the percentiles")
	list, err = Load2021(bytes.NewReader(invocations), other)
	require.NoError(t, err)
	assert.Equal(t, []Request{{98500 * time.Millisecond, 1500 * time.Millisecond}}, list[0].Requests)

	for _, name := range []string{"testdata/invocations.csv"} {
		f, err := os.Open(name)
		require.NoError(t, err)
		list, err = Load2019(f, nil, nil, other)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		assert.Len(t, list, 12)
	}
}

// TestBadRowsAreNamed: line, column and reason, and the rows behind are still read.
func TestBadRowsAreNamed(t *testing.T) {
	minutes, durations, memory, invocations := texts(t)
	read := map[string]func(string) []error{
		"minutes":     func(s string) []error { return failures(ReadMinutes(strings.NewReader(s))) },
		"durations":   func(s string) []error { return failures(ReadDurations(strings.NewReader(s))) },
		"memory":      func(s string) []error { return failures(ReadMemory(strings.NewReader(s))) },
		"invocations": func(s string) []error { return failures(ReadInvocations(strings.NewReader(s))) },
	}
	text := map[string]string{
		"minutes": string(minutes), "durations": string(durations), "memory": string(memory), "invocations": string(invocations),
	}
	for _, x := range []struct{ of, old, now, want string }{
		{"minutes", "o1,a2,f2,queue,0", "o1,a2,f2,queue,-1", "line 3, column 1: -1, want in [0, 1e+09]"},
		{"minutes", "o1,a2,f2,queue,0", "o1,a2,f2,queue,x", `line 3, column 1: "x" is not a number`},
		{"minutes", "o1,a2,f2,queue,0", "o1,a2,f2,queue,1.5", "line 3, column 1: 1.5 is not a whole number"},
		{"minutes", "o1,a2,f2,queue,0", "o1,a2,f2,queue,NaN", "line 3, column 1: NaN, want in [0, 1e+09]"},
		{"minutes", "o1,a2,f2,queue,0", "o1,a2,f2,queue", "line 3: 1443 columns, want 1444"},
		{"minutes", "o1,a2,f2,queue", "o1,a2,f2,kafka", `line 3, column Trigger: "kafka", want one of http, timer`},
		{"minutes", "o1,a2,f2,queue", "o1,,f2,queue", "line 3, column HashApp: empty"},
		{"minutes", "HashOwner", "Owner", `line 1, column 1: name "Owner", want "HashOwner"`},
		{"durations", "o1,a1,f1,120.5", "o1,a1,f1,-120.5", "line 2, column Average: -120.5, want in [0, 3.2e+11]"},
		{"durations", ",200,800", ",900,800", "line 2, column percentile_Average_99: 800 after 900: percentiles have to rise"},
		{"memory", "SampleCount,", "", `line 1, column 3: name "AverageAllocatedMb", want "HashFunction"`},
		{"memory", ",160", ",Inf", "column AverageAllocatedMb_pct100: +Inf, want in [0, 1e+09]"},
		{"invocations", "99,1.5", "99,-1.5", "line 3, column duration: -1.5, want in [0, 3.2e+08]"},
	} {
		require.Contains(t, text[x.of], x.old)
		errs := read[x.of](strings.Replace(text[x.of], x.old, x.now, 1))
		require.NotEmpty(t, errs, "%+v", x)
		assert.ErrorContains(t, errs[0], x.want)
		assert.ErrorIs(t, errs[0], ErrInvalidTrace)
		var row *RowError
		assert.ErrorAs(t, errs[0], &row)
	}
	cut := strings.TrimSuffix(text["minutes"], ",0,0,0\n")
	assert.ErrorContains(t, read["minutes"](cut)[0], "line 4: 1441 columns, want 1444: the file is cut off here")
	assert.ErrorContains(t, read["minutes"]("")[0], "no header")
	assert.ErrorContains(t, read["minutes"](strings.Repeat("x", longestLine+1))[0], "longer than")
	broken := errors.New("broken")
	assert.ErrorIs(t, failures(ReadMinutes(iotest.ErrReader(broken)))[0], broken)
}

func failures[T any](list func(func(T, error) bool)) (all []error) {
	for _, err := range list {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}
