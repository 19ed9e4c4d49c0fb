package study

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"cloudconcepts/internal/units"

	"github.com/spf13/pflag"
)

// Flags are the flags of one study. The present value of each variable is its default.
type Flags struct {
	set     *pflag.FlagSet
	presets map[string]bool // flags that are applied before all others
	merge   bool            // declaring a flag twice is no mistake: flags of several studies are collected
}

func newFlags(name string) *Flags {
	set := pflag.NewFlagSet(name, pflag.ContinueOnError)
	set.SortFlags = false
	set.Usage = func() {}
	return &Flags{set: set, presets: map[string]bool{}}
}

// Var declares a flag of any kind.
func (f *Flags) Var(v pflag.Value, name, usage string) {
	if f.merge && f.set.Lookup(name) != nil {
		return
	}
	flag := f.set.VarPF(v, name, "", usage)
	if v.Type() == "bool" {
		flag.NoOptDefVal = "true"
	}
}

// Bytes declares a size: 8GiB.
func (f *Flags) Bytes(p *int64, name, usage string) {
	f.Var(units.NewValue(p, units.Bytes()), name, usage)
}

// Rate declares a rate in bytes per second: 10Gbit/s.
func (f *Flags) Rate(p *float64, name, usage string) {
	f.Var(units.NewValue(p, units.Rate()), name, usage)
}

// Frequency declares a rate of events per second: 200/s, 30/min.
func (f *Flags) Frequency(p *float64, name, usage string) {
	f.Var(units.NewValue(p, units.Frequency()), name, usage)
}

// FrequencyList declares a comma-separated list of rates of events.
func (f *Flags) FrequencyList(p *[]float64, name, usage string) {
	f.Var(units.NewList(p, units.Frequency()), name, usage)
}

// Text declares a value that reads and writes itself, such as a law of random times; kind names it in the help: LAW.
func (f *Flags) Text(p Text, kind, name, usage string) {
	f.Var(&textValue{p, kind}, name, usage)
}

// Duration declares a time: 300ms.
func (f *Flags) Duration(p *time.Duration, name, usage string) {
	f.Var(units.NewValue(p, units.Duration()), name, usage)
}

// Int declares a whole number.
func (f *Flags) Int(p *int, name, usage string) { f.Var(units.NewValue(p, units.Int()), name, usage) }

// Count declares a whole number that is not negative, and may be large: 20k, 1M.
func (f *Flags) Count(p *int64, name, usage string) {
	f.Var(units.NewValue(p, units.Count()), name, usage)
}

// Float declares a number.
func (f *Flags) Float(p *float64, name, usage string) {
	f.Var(units.NewValue(p, units.Float()), name, usage)
}

// Fraction declares a share of one: 0.01 or 1%.
func (f *Flags) Fraction(p *float64, name, usage string) {
	f.Var(units.NewValue(p, units.Fraction()), name, usage)
}

// Bool declares a switch.
func (f *Flags) Bool(p *bool, name, usage string) {
	f.Var(units.NewValue(p, units.Kind[bool]{Name: "bool", Parse: parseBool, Text: strconv.FormatBool}), name, usage)
}

// String declares a text.
func (f *Flags) String(p *string, name, usage string) {
	f.Var(units.NewValue(p, units.Text()), name, usage)
}

// Choice declares a text that must be one of those allowed.
func (f *Flags) Choice(p *string, name, usage string, allowed ...string) {
	f.Var(units.NewValue(p, choice(allowed)), name, usage)
}

// File declares the path of a file that must exist.
func (f *Flags) File(p *string, name, usage string) {
	kind := units.Text()
	kind.Name, kind.Parse = "FILE", existingFile
	f.Var(units.NewValue(p, kind), name, usage)
}

// BytesList declares a comma-separated list of sizes.
func (f *Flags) BytesList(p *[]int64, name, usage string) {
	f.Var(units.NewList(p, units.Bytes()), name, usage)
}

// RateList declares a comma-separated list of rates.
func (f *Flags) RateList(p *[]float64, name, usage string) {
	f.Var(units.NewList(p, units.Rate()), name, usage)
}

// DurationList declares a comma-separated list of times.
func (f *Flags) DurationList(p *[]time.Duration, name, usage string) {
	f.Var(units.NewList(p, units.Duration()), name, usage)
}

// IntList declares a comma-separated list of whole numbers.
func (f *Flags) IntList(p *[]int, name, usage string) {
	f.Var(units.NewList(p, units.Int()), name, usage)
}

// FloatList declares a comma-separated list of numbers.
func (f *Flags) FloatList(p *[]float64, name, usage string) {
	f.Var(units.NewList(p, units.Float()), name, usage)
}

// FractionList declares a comma-separated list of shares of one.
func (f *Flags) FractionList(p *[]float64, name, usage string) {
	f.Var(units.NewList(p, units.Fraction()), name, usage)
}

// StringList declares a comma-separated list of texts.
func (f *Flags) StringList(p *[]string, name, usage string) {
	f.Var(units.NewList(p, units.Text()), name, usage)
}

// ChoiceList declares a comma-separated list of texts, each of which must be one of those allowed.
func (f *Flags) ChoiceList(p *[]string, name, usage string, allowed ...string) {
	f.Var(units.NewList(p, choice(allowed)).Distinct(), name, usage)
}

// Preset declares a choice that sets other variables: apply is called with the chosen name before any other flag is
// set, wherever it stands on the command line, so that the other flags change the preset and not the reverse. With an
// empty default nothing is applied unless the flag is given.
func (f *Flags) Preset(p *string, name, usage string, apply func(string) error, allowed ...string) {
	kind := choice(allowed)
	parse := kind.Parse
	kind.Parse = func(s string) (string, error) {
		s, err := parse(s)
		if err != nil {
			return "", err
		}
		return s, apply(s)
	}
	f.Var(units.NewValue(p, kind), name, usage)
	f.presets[name] = true
}

// Changed tells whether the flag was given on the command line.
func (f *Flags) Changed(name string) bool { return f.set.Changed(name) }

// parse sets the flags from the command line: presets first, then all others in order.
func (f *Flags) parse(args []string) error {
	type setting struct{ name, value string }
	var first, rest []setting
	err := f.set.ParseAll(args, func(flag *pflag.Flag, value string) error {
		s := setting{flag.Name, value}
		if f.presets[flag.Name] {
			first = append(first, s)
		} else {
			rest = append(rest, s)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var errs []error
	for _, s := range append(first, rest...) {
		if err := f.set.Set(s.name, s.value); err != nil {
			errs = append(errs, valueError(s.name, s.value, err))
		}
	}
	return errors.Join(errs...)
}

func (f *Flags) names() []string {
	var names []string
	f.set.VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	return names
}

func choice(allowed []string) units.Kind[string] {
	kind := units.Text()
	kind.Name = strings.Join(allowed, "|")
	if len(kind.Name) > 40 {
		kind.Name = "NAME"
	}
	kind.Parse = func(s string) (string, error) {
		for _, a := range allowed {
			if strings.EqualFold(a, s) {
				return a, nil
			}
		}
		return "", fmt.Errorf("not one of %s%s", list(allowed), suggestion(s, allowed, ""))
	}
	return kind
}

func parseBool(s string) (bool, error) {
	b, err := strconv.ParseBool(s)
	if err != nil {
		return false, errors.New("not true or false")
	}
	return b, nil
}

func existingFile(path string) (string, error) {
	info, err := os.Stat(path)
	var pathErr *fs.PathError
	switch {
	case errors.As(err, &pathErr):
		return "", fmt.Errorf("%w; want the path of a file that can be read", pathErr.Err)
	case err != nil:
		return "", err
	case info.IsDir():
		return "", errors.New("it is a folder; want the path of a file that can be read")
	}
	return path, nil
}
