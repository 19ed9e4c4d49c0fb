package studies

import (
	"cloudconcepts/internal/study"
	"cloudconcepts/queue"
	"cloudconcepts/queue/autoscale"
	"cloudconcepts/queue/client"
	"cloudconcepts/queue/client/contention"
	"cloudconcepts/queue/commitlog"
	"cloudconcepts/queue/commitlog/kinesis"
	"cloudconcepts/queue/commitlog/share"
	"cloudconcepts/queue/decouple"
	"cloudconcepts/queue/sqs"
	"cloudconcepts/queue/theory"
)

// invalid are the sentinels of the models.
func invalid() []error {
	return []error{
		queue.ErrInvalidConfig, client.ErrInvalidConfig, sqs.ErrInvalidConfig, commitlog.ErrInvalidConfig,
		kinesis.ErrInvalidConfig, share.ErrInvalidConfig, autoscale.ErrInvalidConfig, decouple.ErrInvalidConfig,
		theory.ErrInvalidConfig, contention.ErrInvalidConfig,
	}
}

// presets are the real systems that the studies sqs and log can start from.
func presets() []study.Preset {
	return append([]study.Preset{
		{Name: "sqs-standard", Source: "Amazon SQS Developer Guide and API reference: go doc ./queue/sqs SQSStandard"},
		{Name: "sqs-fifo", Source: "Amazon SQS Developer Guide, FIFO queues and their quotas: go doc ./queue/sqs SQSFIFO"},
		{Name: "sqs-fair", Source: "Amazon SQS Developer Guide, fair queues: go doc ./queue/sqs SQSFair"},
		{Name: "jetstream", Source: "NATS JetStream, nats-server 2.15, rules read and measured: go doc ./queue/sqs JetStream"},
		{Name: "redis-streams", Source: "Redis 7 Streams with XAUTOCLAIM, measured: go doc ./queue/sqs RedisStreams"},
	}, logPresets()...)
}
