package studies

import (
	"fmt"
	"strings"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/units"
)

// lawList is a flag of texts such as exp:10m and uniform:25m,65m, in which a word without a letter in front of its digits and
// behind a law with two values belongs to it.
type lawList struct{ list *[]string }

// Set reads the list.
func (l *lawList) Set(text string) error {
	var list []string
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		n := len(list)
		if n > 0 && (strings.HasPrefix(list[n-1], "uniform:") && !strings.Contains(list[n-1], ",") || strings.HasPrefix(word, "cv=")) {
			list[n-1] += "," + word
			continue
		}
		list = append(list, word)
	}
	if _, err := parseKeeps(list); err != nil {
		return err
	}
	*l.list = list
	return nil
}

// String is the list as Set reads it.
func (l *lawList) String() string {
	if l.list == nil {
		return ""
	}
	return strings.Join(*l.list, ",")
}

// Type names the value in the help.
func (l *lawList) Type() string { return "POLICY,..." }

// parseKeeps reads keep-alives.
func parseKeeps(texts []string) ([]coldstart.KeepAlive, error) {
	if len(texts) < 1 || len(texts) > 7 {
		return nil, fmt.Errorf("%w: --keep-alive: %d policies, want 1 to 7", coldstart.ErrInvalidConfig, len(texts))
	}
	var list []coldstart.KeepAlive
	for _, text := range texts {
		k, err := coldstart.ParseKeepAlive(text)
		if err == nil {
			err = k.Validate()
		}
		if err != nil {
			return nil, fmt.Errorf("%w: --keep-alive %s: %w", coldstart.ErrInvalidConfig, text, err)
		}
		list = append(list, k)
	}
	return list, nil
}

// checkRates bounds a sweep over rates.
func checkRates(rates []float64, requests int64) error {
	if len(rates) < 2 || len(rates) > 40 {
		return fmt.Errorf("%w: --rate: %d rates, want 2 to 40", coldstart.ErrInvalidConfig, len(rates))
	}
	for i, r := range rates {
		if !(r >= 1e-6 && r <= 100) {
			return fmt.Errorf("%w: --rate %s, want 0.000001/s to 100/s", coldstart.ErrInvalidConfig, units.FormatFrequency(r))
		}
		if i > 0 && r <= rates[i-1] {
			return fmt.Errorf("%w: --rate: %s comes after %s, want them in ascending order", coldstart.ErrInvalidConfig, units.FormatFrequency(r), units.FormatFrequency(rates[i-1]))
		}
	}
	if requests < 100 || requests > 20_000_000 {
		return fmt.Errorf("%w: --requests %d, want 100 to 20M", coldstart.ErrInvalidConfig, requests)
	}
	return nil
}
