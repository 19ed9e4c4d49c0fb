package studies

import "cloudconcepts/internal/study"

// presets are the real systems of the models, with the sources of their numbers.
func presets() []study.Preset { return nil }

// invalid are the sentinels of the models.
func invalid() []error { return nil }
