package studies

import (
	"cloudconcepts/internal/study"
	"cloudconcepts/queue"
	"cloudconcepts/queue/autoscale"
	"cloudconcepts/queue/client"
	"cloudconcepts/queue/commitlog"
	"cloudconcepts/queue/decouple"
	"cloudconcepts/queue/sqs"
)

// invalid are the sentinels of the models.
func invalid() []error {
	return []error{
		queue.ErrInvalidConfig, client.ErrInvalidConfig, sqs.ErrInvalidConfig, commitlog.ErrInvalidConfig,
		autoscale.ErrInvalidConfig, decouple.ErrInvalidConfig,
	}
}

// presets are the real systems that the studies sqs and log can start from.
func presets() []study.Preset { return nil }
