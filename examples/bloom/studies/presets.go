package studies

import (
	"fmt"
	"math"
	"strings"

	"cloudconcepts/bloom/filter"
	"cloudconcepts/bloom/lsm"
	"cloudconcepts/internal/study"
)

// presets are the storage engines of the model, with the sources of their
// numbers.
func presets() []study.Preset {
	var list []study.Preset
	for _, e := range lsm.Engines() {
		list = append(list, study.Preset{Name: presetName(e), Source: e.Source})
	}
	return list
}

func presetName(e lsm.Engine) string { return strings.ReplaceAll(strings.ToLower(e.Name), " ", "-") }

func presetNames() []string {
	var names []string
	for _, e := range lsm.Engines() {
		names = append(names, presetName(e))
	}
	return names
}

// as shapes a filter for so many keys as an engine does.
func as(name string, keys int64, bits *int64, hashes *int, layout, scheme *string) error {
	for _, e := range lsm.Engines() {
		if presetName(e) != name {
			continue
		}
		*bits, *hashes, *layout = int64(math.Ceil(e.BitsPerKey*float64(keys))), e.Hashes, e.Layout.String()
		switch {
		case e.Layout == filter.SplitBlock:
			*scheme = filter.Salted.String()
		case e.SharedHash && (e.Progression || e.Layout == filter.Classic):
			*scheme = filter.Double.String()
		}
		return nil
	}
	return fmt.Errorf("no preset %q", name)
}
