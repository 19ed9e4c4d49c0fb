package arrival

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/units"
)

// Forms are the texts that Parse reads, for help and messages.
const Forms = "poisson:0.8/s, every:1.25s, renewal:erlang:4,1s, onoff:200/s,0/s,1s,4s (both rates, mean time at each), " +
	"steps:0s=200/s,10s=2000/s,70s=200/s (Poisson), paced:... (evenly spaced), diurnal:10/s,0.8,24h (mean, swing, period), trace, each with ,batch=5 or ,batch=geometric:5"

// String is the arrivals as Parse reads them, exactly.
func (a Arrivals) String() string {
	text := a.text()
	if a.batch == 0 {
		return text
	}
	size := units.FloatText(a.batch)
	if a.geometric {
		size = "geometric:" + size
	}
	return text + ",batch=" + size
}

func (a Arrivals) text() string {
	switch a.kind {
	case poisson:
		return "poisson:" + units.FrequencyText(a.rate)
	case every:
		gap, _ := a.law.Fixed()
		return "every:" + units.DurationText(gap)
	case renewal:
		return "renewal:" + a.law.String()
	case onOff:
		return strings.Join([]string{
			"onoff:" + units.FrequencyText(a.rate), units.FrequencyText(a.off),
			units.DurationText(a.meanOn), units.DurationText(a.meanOff),
		}, ",")
	case diurnal:
		return strings.Join([]string{"diurnal:" + units.FrequencyText(a.rate), units.FloatText(a.off), units.DurationText(a.period)}, ",")
	case steps:
		return "steps:" + a.steps
	case paced:
		return "paced:" + a.steps
	case fromTrace:
		return "trace"
	}
	return "none"
}

// MarshalText makes arrivals their text in JSON.
func (a Arrivals) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads it back.
func (a *Arrivals) UnmarshalText(text []byte) error {
	if string(text) == "none" {
		*a = Arrivals{}
		return nil
	}
	read, err := Parse(string(text))
	if err == nil {
		*a = read
	}
	return err
}

// Parse reads arrivals from one of the Forms.
func Parse(text string) (Arrivals, error) {
	a, err := parse(strings.TrimSpace(text))
	if err == nil {
		err = a.Validate()
	}
	if err != nil {
		shown := text
		if len(shown) > 80 {
			shown = shown[:77] + "..."
		}
		return Arrivals{}, fmt.Errorf("%q is no law of arrivals: %w (want %s)", shown, err, Forms)
	}
	return a, nil
}

func parse(text string) (a Arrivals, err error) {
	text, batch, batched := strings.Cut(text, ",batch=")
	name, rest, _ := strings.Cut(text, ":")
	switch name {
	case "poisson":
		a.kind = poisson
		a.rate, err = units.ParseFrequency(rest)
	case "every":
		var gap time.Duration
		gap, err = units.ParseDuration(rest)
		a = Every(gap)
	case "renewal":
		a.kind = renewal
		a.law, err = law.Parse(rest)
	case "onoff":
		a, err = parseOnOff(rest)
	case "diurnal":
		a, err = parseDiurnal(rest)
	case "steps", "paced":
		var list []Step
		list, err = parseSteps(rest)
		a = Steps(list...)
		if name == "paced" {
			a.kind = paced
		}
	case "trace":
		a = FromTrace()
		if rest != "" {
			err = errors.New("its times stand in the configuration")
		}
	default:
		err = fmt.Errorf("unknown name %q", name)
	}
	if err == nil && batched {
		err = a.parseBatch(batch)
	}
	return a, err
}

func parseOnOff(rest string) (a Arrivals, err error) {
	parts := strings.Split(rest, ",")
	if len(parts) != 4 {
		return a, fmt.Errorf("want four values (two rates and two mean times), got %d", len(parts))
	}
	a.kind = onOff
	var errs [4]error
	a.rate, errs[0] = units.ParseFrequency(parts[0])
	a.off, errs[1] = units.ParseFrequency(parts[1])
	a.meanOn, errs[2] = units.ParseDuration(parts[2])
	a.meanOff, errs[3] = units.ParseDuration(parts[3])
	return a, errors.Join(errs[:]...)
}

func parseDiurnal(rest string) (a Arrivals, err error) {
	parts := strings.Split(rest, ",")
	if len(parts) != 3 {
		return a, fmt.Errorf("want three values (a rate, a swing and a period), got %d", len(parts))
	}
	a.kind = diurnal
	var errs [3]error
	a.rate, errs[0] = units.ParseFrequency(parts[0])
	a.off, errs[1] = units.ParseFloat(parts[1])
	a.period, errs[2] = units.ParseDuration(parts[2])
	return a, errors.Join(errs[:]...)
}

func (a *Arrivals) parseBatch(text string) error {
	if mean, ok := strings.CutPrefix(text, "geometric:"); ok {
		x, err := strconv.ParseFloat(mean, 64)
		if err != nil || !(x >= 1 && x <= mostBatch) {
			return fmt.Errorf("batch = %s, want a mean in [1, %g]", text, mostBatch)
		}
		*a = a.InGeometricBatches(x)
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostBatch {
		return fmt.Errorf("batch = %s, want a whole number in [1, %g]", text, mostBatch)
	}
	*a = a.InBatches(n)
	return nil
}
