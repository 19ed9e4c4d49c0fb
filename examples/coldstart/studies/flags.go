package studies

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/study"
)

// functionFlags are the flags of a function on a platform, and what they set.
type functionFlags struct {
	coldstart.Config
	rate     float64
	cold     coldstart.Law
	runtime  string
	limit    int
	arrivals string
	given    func(string) bool
}

func (g *functionFlags) declare(f *study.Flags) {
	f.Frequency(&g.rate, "rate", "requests per second, at random (Poisson)")
	f.String(&g.arrivals, "arrivals", "instead of a rate: a law of the times between requests (exp:1s), "+coldstart.ArrivalForms+", or trace:FILE with a time in seconds per line")
	f.Text(&g.Warm, "LAW", "warm", "time of a warm request")
	f.Text(&g.cold, "LAW", "cold", "time of a cold request, all of it; without it, the phases of a runtime come before a warm request")
	f.Choice(&g.runtime, "runtime", "measured init times of a runtime", append([]string{"none"}, runtimeNames()...)...)
	f.Int(&g.MemoryMB, "memory", "memory of an environment in MB, 128 to 10,240")
	f.Text(&g.KeepAlive, "POLICY", "keep-alive", "how long an idle environment stays: "+coldstart.KeepAliveForms)
	f.Text(&g.Selection, "RULE", "selection", "which idle environment serves: newest, mru (served last), lru or random")
	f.Int(&g.limit, "max-concurrency", "environments at a time; 0 = any number")
	f.Int(&g.Provisioned.Count, "provisioned", "environments that are always there")
	f.Text(&g.Limits.Scaling, "RULE", "scaling", "how fast new environments come: none (at once), aws or aws-legacy")
	f.Text(&g.Retry.Kind, "WHO", "retry", "who tries a throttled request again: none, sync or async")
	f.Duration(&g.Duration, "duration", "length of the run")
	f.Duration(&g.Warmup, "warmup", "time at the start that no statistic counts")
	g.given = f.Changed
}

// config is the function that the flags describe.
func (g *functionFlags) config(env study.Env) (coldstart.Config, error) {
	c := g.Config
	c.Seed = env.Seed
	c.Arrivals = coldstart.Poisson(g.rate)
	if g.given("arrivals") {
		if err := readArrivals(&c, g.arrivals); err != nil {
			return c, err
		}
	}
	switch {
	case g.runtime != "none":
		c.Cold.Kind, c.Cold.Runtime = coldstart.Phases, coldstart.Runtime(g.runtime)
	default:
		c.Cold.Kind, c.Cold.Response = coldstart.Whole, g.cold
	}
	c.Limits.Account = g.limit
	switch c.Limits.Scaling {
	case coldstart.AWSScaling:
		c.Limits.Burst, c.Limits.Refill = 1000, 100
	case coldstart.LegacyScaling:
		c.Limits.Burst, c.Limits.Refill = 3000, 500
	}
	retry := coldstart.RetryPolicy(c.Retry.Kind)
	c.Retry = retry
	if env.Quick && !g.given("duration") {
		c.Duration /= 10
	}
	return c, nil
}

// readArrivals reads a law, arrivals or a trace.
func readArrivals(c *coldstart.Config, text string) error {
	path, ok := strings.CutPrefix(text, "trace:")
	if ok {
		file, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("%w: --arrivals: %w", coldstart.ErrInvalidConfig, err)
		}
		defer file.Close()
		c.Arrivals = coldstart.FromTrace()
		c.Trace, err = readTimes(file)
		if err != nil {
			return fmt.Errorf("%w: --arrivals: %s: %w", coldstart.ErrInvalidConfig, path, err)
		}
		return nil
	}
	a, err := coldstart.ParseArrivals(text)
	if err != nil {
		gaps, wrong := coldstart.ParseLaw(text)
		if wrong != nil {
			return fmt.Errorf("%w: --arrivals: %w", coldstart.ErrInvalidConfig, err)
		}
		a = coldstart.Renewal(gaps)
	}
	c.Arrivals = a
	return nil
}

// readTimes reads the first column of a CSV as times in seconds that never fall; a first line may be a heading.
func readTimes(r io.Reader) ([]time.Duration, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord, rows.Comment, rows.TrimLeadingSpace = -1, '#', true
	var list []time.Duration
	for n := 0; ; n++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		line, _ := rows.FieldPos(0)
		s, err := strconv.ParseFloat(strings.TrimSpace(row[0]), 64)
		if err != nil && n == 0 {
			continue
		}
		if err != nil || math.IsNaN(s) || s < 0 || s > 3e8 {
			return nil, fmt.Errorf("line %d: %q, want a time in seconds of at least 0", line, row[0])
		}
		at := time.Duration(math.Round(s * 1e9))
		if len(list) > 0 && at < list[len(list)-1] {
			return nil, fmt.Errorf("line %d: %v s comes before the time above it", line, s)
		}
		list = append(list, at)
	}
	if len(list) == 0 {
		return nil, errors.New("no times: the file is empty")
	}
	return list, nil
}
