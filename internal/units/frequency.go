package units

import "math"

func frequencyGrammar() grammar {
	return grammar{
		kind:    "rate",
		allowed: "a number with /s, /min, /h or /d; a plain number is per second",
		example: "200/s",
		units: []unit{
			{"", 1},
			{"/s", 1},
			{"/sec", 1},
			{"k/s", 1e3},
			{"M/s", 1e6},
			{"/m", 1. / 60},
			{"/min", 1. / 60},
			{"/h", 1. / 3600},
			{"/d", 1. / 86400},
		},
	}
}

// ParseFrequency reads how often something happens, per second: 200/s, 0.8/s, 30/min, 5k/s; a plain number is per
// second.
func ParseFrequency(s string) (float64, error) { return frequencyGrammar().parse(s) }

// FrequencyText writes a frequency for the command line, exactly: 200/s.
func FrequencyText(f float64) string { return FloatText(f) + "/s" }

// FormatFrequency writes a frequency for a reader: 1,200/s, 0.8/s, 30/min.
func FormatFrequency(f float64) string {
	if s, ok := notFinite(f); ok {
		return s
	}
	switch x := math.Abs(f); {
	case x >= 0.1 || x == 0:
		return FormatNumber(f) + "/s"
	case x*60 >= 0.1:
		return FormatNumber(f*60) + "/min"
	case x*3600 >= 0.1:
		return FormatNumber(f*3600) + "/h"
	}
	return FormatNumber(f*86400) + "/d"
}

// Frequency is the kind of rates of events: 200/s.
func Frequency() Kind[float64] { return Kind[float64]{"RATE", ParseFrequency, FrequencyText} }
