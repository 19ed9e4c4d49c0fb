package quorum

import (
	"fmt"
	"strconv"
	"strings"

	"cloudconcepts/internal/law"
)

// String is the leg as ParseLatency reads it, exactly: the text of its law, or a mixture such as
//
//	0.9122*pareto(0.235ms,10) + 0.0878*exp(1.66/ms)
func (l Latency) String() string {
	if l.count == 0 {
		return l.law.String()
	}
	var parts []string
	for _, p := range l.Parts() {
		text := "exp(" + number(p.Rate) + "/ms)"
		if p.Alpha != 0 || p.Xm != 0 {
			text = "pareto(" + number(p.Xm) + "ms," + number(p.Alpha) + ")"
		}
		if l.count > 1 || p.Weight != 1 {
			text = number(p.Weight) + "*" + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " + ")
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// ParseLatency reads a leg from a mixture as String writes it, or from any text of a Law. Numbers that make no law, such as
// weights that do not add up, are left to Validate.
func ParseLatency(text string) (Latency, error) {
	if !strings.Contains(text, "(") {
		l, err := law.Parse(text)
		return Of(l), err
	}
	var parts []Part
	for term := range strings.SplitSeq(text, " + ") {
		p, err := parsePart(strings.TrimSpace(term))
		if err != nil {
			return Latency{}, err
		}
		parts = append(parts, p)
	}
	if len(parts) > mostParts {
		return Latency{}, fmt.Errorf("quorum: latency %q has %d parts, want at most %d", text, len(parts), mostParts)
	}
	return Mix(parts...), nil
}

func parsePart(term string) (p Part, err error) {
	bad := fmt.Errorf("quorum: latency %q, want 0.5*pareto(0.235ms,10) + 0.5*exp(1.66/ms), or a law: %s", term, law.Forms)
	p.Weight = 1
	if weight, rest, found := strings.Cut(term, "*"); found {
		if p.Weight, err = strconv.ParseFloat(strings.TrimSpace(weight), 64); err != nil {
			return p, bad
		}
		term = strings.TrimSpace(rest)
	}
	inside, found := strings.CutSuffix(term, ")")
	name, inside, open := strings.Cut(inside, "(")
	if !found || !open {
		return p, bad
	}
	var errs [2]error
	switch name {
	case "exp":
		rate, found := strings.CutSuffix(inside, "/ms")
		p.Rate, errs[0] = strconv.ParseFloat(rate, 64)
		if !found {
			return p, bad
		}
	case "pareto":
		xm, alpha, _ := strings.Cut(inside, ",")
		xm, found := strings.CutSuffix(strings.TrimSpace(xm), "ms")
		p.Xm, errs[0] = strconv.ParseFloat(xm, 64)
		p.Alpha, errs[1] = strconv.ParseFloat(strings.TrimSpace(alpha), 64)
		if !found {
			return p, bad
		}
	default:
		return p, bad
	}
	if errs[0] != nil || errs[1] != nil {
		return p, bad
	}
	return p, nil
}

// MarshalText writes what String returns.
func (l Latency) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (l *Latency) UnmarshalText(text []byte) error {
	parsed, err := ParseLatency(string(text))
	if err == nil {
		*l = parsed
	}
	return err
}
