package study_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"cloudconcepts/internal/study"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type phase int

func (p phase) String() string { return [...]string{"copy", "stop"}[p] }

type parts struct {
	Stop   time.Duration `json:"stop_s"`
	Resume time.Duration
}

type base struct {
	Seed uint64 `json:"seed"`
}

type row struct {
	base
	Base2
	Phase    phase   `json:"phase"`
	MaxPages int64   `json:"dirty_pages"`
	Rate     float64 `json:"arrivals_per_s"`
	Downtime parts   `json:"downtime"`
	Err      error   `json:"err"`
	Ptr      *int    `json:"limit"`
	OK       bool    `json:"ok"`
	RTTLimit time.Duration
	List     []int  `json:"list"`
	Skipped  string `json:"-"`
}

// Base2 is an exported embedded struct.
type Base2 struct {
	Name string `json:"name"`
}

func TestRowsNameTheColumnsByTagOrField(t *testing.T) {
	five := 5
	table := study.Rows([]row{
		{
			base: base{7}, Base2: Base2{"a"}, Phase: 1, MaxPages: 1234567, Rate: 1200.5, Downtime: parts{time.Millisecond, time.Second},
			Err: errors.New("late"), Ptr: &five, OK: true, RTTLimit: time.Minute, Skipped: "x",
		},
		{Rate: math.Inf(1)},
	})
	var b bytes.Buffer
	require.NoError(t, table.WriteCSV(&b))
	records, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, [][]string{
		{"seed", "name", "phase", "dirty_pages", "arrivals_per_s", "downtime_stop_s", "downtime_resume_s", "err", "limit", "ok", "rtt_limit_s"},
		{"7", "a", "stop", "1234567", "1200.5", "0.001", "1", "late", "5", "true", "60"},
		{"0", "", "copy", "0", "+Inf", "0", "0", "", "", "false", "0"},
	}, records)

	b.Reset()
	require.NoError(t, table.Show("phase", "dirty_pages", "arrivals_per_s", "ok", "rtt_limit_s").WriteText(&b))
	assert.Equal(t, ""+
		"  phase  dirty pages    arrivals  ok   rtt limit\n"+
		"  stop     1,234,567     1,200/s  yes      1 min\n"+
		"  copy             0  infinite/s  no         0 s\n", b.String())
}

func TestHandMadeTable(t *testing.T) {
	table := study.NewTable("system", "total_s", "price_usd").Head("price_usd", "per month")
	table.Add("a|b", 90*time.Second, 0.0042)
	table.Add("c", 0.5, nil)
	assert.Equal(t, ""+
		"| system | total | per month |\n| --- | ---: | ---: |\n"+
		`| a\|b | 1 min 30 s | \$0.0042 |`+"\n| c | 500 ms |  |\n", table.Markdown())
	var b bytes.Buffer
	require.NoError(t, table.WriteCSV(&b))
	assert.Equal(t, "system,total_s,price_usd\na|b,90,0.0042\nc,0.5,\n", b.String())
	assert.Empty(t, study.Table{}.Markdown())
	assert.Empty(t, study.Rows([]int{1, 2}).Columns)
}

func TestLongTablesLoseTheirMiddleInPrintOnly(t *testing.T) {
	for _, c := range []struct{ rows, lines int }{{20, 21}, {22, 23}, {23, 22}, {1000, 22}} {
		table := study.NewTable("n")
		for i := range c.rows {
			table.Add(i)
		}
		var text, data bytes.Buffer
		require.NoError(t, table.WriteText(&text))
		require.NoError(t, table.WriteCSV(&data))
		assert.Equal(t, c.lines, strings.Count(text.String(), "\n"), c.rows)
		assert.Equal(t, c.lines+1, strings.Count(table.Markdown(), "\n"), c.rows)
		assert.Equal(t, c.rows+1, strings.Count(data.String(), "\n"))
	}
}

func TestEscape(t *testing.T) {
	assert.Equal(t, "2 \\* 3 \\< 7, costs \\$1, a_b `x*y` \\~5", study.Escape("2 * 3 < 7, costs $1, a_b `x*y` ~5"))
}

func TestQuote(t *testing.T) {
	for word, want := range map[string]string{
		"8GiB": "8GiB", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$x": "'$x'", "a,b=1%": "a,b=1%", "ü": "'ü'",
	} {
		assert.Equal(t, want, study.Quote(word))
	}
}
