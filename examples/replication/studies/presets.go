package studies

import (
	"cloudconcepts/internal/study"
	"cloudconcepts/replication/quorum"
	"cloudconcepts/replication/raft"
)

// invalid are the sentinels of the models.
func invalid() []error { return []error{quorum.ErrInvalidConfig, raft.ErrInvalidConfig} }

// presets are the real systems that the studies can start from.
func presets() []study.Preset { return nil }
