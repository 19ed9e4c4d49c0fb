package law

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"cloudconcepts/internal/units"
)

// Forms are the texts that Parse reads, for help and messages.
const Forms = "exp:1s, const:1s, erlang:4,1s, hyper:cv2=4,1s, lognormal:1s,cv=2, uniform:1s,2s, pareto:alpha=2.5,1s, empirical:1s,2s,5s or 5ms+exp:1ms"

// String is the law as Parse reads it, exactly.
func (l Law) String() string {
	text := l.text()
	if l.shift != 0 {
		return units.DurationText(l.shift) + "+" + text
	}
	return text
}

func (l Law) text() string {
	mean := units.DurationText(l.a)
	shape := strconv.FormatFloat(l.shape, 'g', -1, 64)
	switch l.kind {
	case exponential:
		return "exp:" + mean
	case erlang:
		return "erlang:" + shape + "," + mean
	case hyper:
		return "hyper:cv2=" + shape + "," + mean
	case lognormal:
		return "lognormal:" + mean + ",cv=" + shape
	case uniform:
		return "uniform:" + mean + "," + units.DurationText(l.b)
	case pareto:
		return "pareto:alpha=" + shape + "," + mean
	case empirical:
		return "empirical:" + l.values
	}
	return "const:" + mean
}

// MarshalText makes a law its text in JSON.
func (l Law) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads it back.
func (l *Law) UnmarshalText(text []byte) error {
	read, err := Parse(string(text))
	if err == nil {
		*l = read
	}
	return err
}

// Parse reads a law from one of the Forms.
func Parse(text string) (Law, error) {
	rest := strings.TrimSpace(text)
	var shift time.Duration
	if before, after, ok := strings.Cut(rest, "+"); ok && !strings.Contains(before, ":") {
		var err error
		if shift, err = units.ParseDuration(before); err != nil {
			return Law{}, fmt.Errorf("%q is no law of a time: %w", text, err)
		}
		rest = strings.TrimSpace(after)
	}
	name, list, named := strings.Cut(rest, ":")
	if !named {
		name, list = "const", rest
	}
	l, err := parse(strings.TrimSpace(name), list)
	if err == nil {
		l.shift = shift
		err = l.Validate()
	}
	if err != nil {
		return Law{}, fmt.Errorf("%q is no law of a time: %w (want %s)", shorten(text), err, Forms)
	}
	return l, nil
}

func shorten(text string) string {
	if len(text) > 80 {
		return text[:77] + "..."
	}
	return text
}

func parse(name, list string) (Law, error) {
	switch name {
	case "const":
		d, err := times(list, 1)
		return Const(d[0]), err
	case "exp":
		d, err := times(list, 1)
		return Exp(d[0]), err
	case "erlang":
		k, rest, _ := strings.Cut(list, ",")
		phases, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(k), "k="))
		if err != nil {
			return Law{}, errors.New("the number of phases comes first")
		}
		d, err := times(rest, 1)
		return Erlang(phases, d[0]), err
	case "hyper":
		x, d, err := shaped(list, "cv2")
		return Hyper(x, d), err
	case "lognormal":
		x, d, err := shaped(list, "cv")
		return Lognormal(d, x), err
	case "uniform":
		d, err := times(list, 2)
		return Uniform(d[0], d[1]), err
	case "pareto":
		return parsePareto(list)
	case "empirical":
		d, err := times(list, strings.Count(list, ",")+1)
		if err == nil && len(d) > mostValues {
			return Law{}, fmt.Errorf("%d values, want at most %d", len(d), mostValues)
		}
		if err != nil {
			return Law{}, err
		}
		return Empirical(d...), nil
	}
	return Law{}, fmt.Errorf("unknown name %q", name)
}

func parsePareto(list string) (Law, error) {
	if !strings.Contains(list, "xm=") {
		x, d, err := shaped(list, "alpha")
		return Pareto(x, d), err
	}
	x, least, err := shaped(strings.Replace(list, "xm=", "", 1), "alpha")
	if err != nil || x <= 1 || math.IsNaN(x) {
		return Pareto(x, 0), err
	}
	return Pareto(x, time.Duration(math.Round(float64(least)*x/(x-1)))), nil
}

// shaped reads KEY=number and a time, in either order.
func shaped(list, key string) (x float64, d time.Duration, err error) {
	var seen, timed bool
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		if value, ok := strings.CutPrefix(part, key+"="); ok && !seen {
			seen = true
			if x, err = strconv.ParseFloat(value, 64); err != nil {
				return 0, 0, fmt.Errorf("%s is no number", part)
			}
			continue
		}
		if timed {
			return 0, 0, fmt.Errorf("%q is one value too many", part)
		}
		timed = true
		if d, err = units.ParseDuration(part); err != nil {
			return 0, 0, err
		}
	}
	if !seen || !timed {
		return 0, 0, fmt.Errorf("it needs a time and %s=NUMBER", key)
	}
	return x, d, nil
}

// times reads exactly n times; on an error it still returns n of them.
func times(list string, n int) ([]time.Duration, error) {
	d := make([]time.Duration, n)
	parts := strings.Split(list, ",")
	if len(parts) != n {
		return d, fmt.Errorf("%d values, want %d", len(parts), n)
	}
	for i, p := range parts {
		var err error
		if d[i], err = units.ParseDuration(strings.TrimSpace(p)); err != nil {
			return d, err
		}
	}
	return d, nil
}
