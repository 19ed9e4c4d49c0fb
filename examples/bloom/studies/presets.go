package studies

import (
	"strings"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/study"
)

// presets are the storage engines of the model, with the sources of their
// numbers.
func presets() []study.Preset {
	var list []study.Preset
	for _, e := range bloom.Engines() {
		list = append(list, study.Preset{Name: strings.ReplaceAll(strings.ToLower(e.Name), " ", "-"), Source: e.Source})
	}
	return list
}
