package main

import (
	"time"

	"cloudconcepts/bloom"
	"cloudconcepts/coldstart"
	"cloudconcepts/internal/sweep"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/queue"
	"cloudconcepts/queue/client"
	"cloudconcepts/queue/commitlog"
	"cloudconcepts/queue/sqs"
	"cloudconcepts/replication"
	"cloudconcepts/replication/quorum"
	"cloudconcepts/replication/raft"
)

// models are all that can be swept; the first preset of each is where a spec starts if it names none.
func models() []sweep.Model {
	return []sweep.Model{
		sweep.Of("livemigration", sweep.Without(lm.Simulate),
			guest("qemu", hypervisor.QEMU()), guest("qemu-auto-converge", hypervisor.QEMUAutoConverge()), guest("xen", hypervisor.Xen()),
			guest("hyper-v", hypervisor.HyperV()), guest("vmotion", hypervisor.VMotion()), guest("cloud-hypervisor", hypervisor.CloudHypervisor()),
			guest("rounds", lm.Plain(300*time.Millisecond))),
		sweep.Of("bloom", bloom.Measure, preset("classic", sweep.FromJSON[bloom.Config](
			`{"bits": 96000, "keys": 10000, "hashes": 7, "layout": "classic", "scheme": "independent", "filters": 10, "queries": 100000}`))),
		sweep.Of("queue", sweep.Without(queue.Simulate), preset("mm1", queue.Default())),
		sweep.Of("queue/sqs", sweep.Without(sqs.Simulate), preset("standard", sqs.SQSStandard()), preset("fifo", sqs.SQSFIFO()),
			preset("fair", sqs.SQSFair()), preset("jetstream", sqs.JetStream()), preset("redis-streams", sqs.RedisStreams())),
		sweep.Of("queue/client", sweep.Without(client.Simulate), preset("default", client.Default())),
		sweep.Of("queue/commitlog", sweep.Without(commitlog.Simulate), preset("kafka", commitlog.Kafka())),
		sweep.Of("replication", sweep.Without(replication.Simulate),
			preset("postgresql", replication.PostgreSQL(replication.Async, replication.AnyOf(1), 1)),
			preset("mysql-semisync", replication.MySQLSemisync(false, 1)), preset("mongodb", replication.MongoDB(2)),
			preset("kafka", replication.Kafka(2)), preset("raft", replication.RaftGroup(3)), preset("six-stores", replication.SixStores())),
		sweep.Of("replication/quorum", quorum.SimulateContext, preset("default", quorum.Default())),
		sweep.Of("replication/raft", raft.SimulateContext, preset("etcd", raft.EtcdServer()),
			preset("hashicorp", raft.HashicorpDefault()), preset("dissertation", raft.DissertationLAN())),
		sweep.Of("coldstart", sweep.Without(coldstart.Simulate), preset("simfaas", coldstart.Default())),
	}
}

func preset[C any](name string, c C) sweep.Preset[C] { return sweep.Preset[C]{Name: name, Config: c} }

// guest is a migration by a method over a link of 10 Gbit/s.
func guest(name string, m lm.Method) sweep.Preset[lm.Config] {
	return preset(name, lm.Config{VM: lm.Default().VM, Link: lm.Wire(10 * lm.Gbps), Method: m})
}
