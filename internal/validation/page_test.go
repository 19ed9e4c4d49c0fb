package validation

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// questions are the five of README.md.
func questions() []question {
	return []question{
		{
			"Why does my migration never finish?", "livemigration", "rounds",
			"Rounds of a live migration: each sends what became dirty in the one before",
			[]against{
				{"livemigration/hypervisor", []string{"total time on QEMU 7.2", "bytes sent by QEMU 7.2"}, "time and traffic of migrations measured on QEMU 7.2"},
				{"livemigration/hypervisor", []string{"predicted total time of a 32 GiB memcached guest by link and downtime limit"}, "published predictions for a memcached guest"},
			},
		},
		{
			"How much memory buys 1 % false positives?", "bloom", "tradeoff",
			"False-positive rate against bits per key, for three layouts of a Bloom filter",
			[]against{
				{"bloom", []string{"rate of bits-and-blooms filters", "rate of Parquet's split-block filter"}, "rates measured on bits-and-blooms and Parquet filters"},
				{"bloom", []string{"Cassandra's table of rates by bits per key and hashes, against the textbook"}, "Cassandra's table"},
			},
		},
		{
			"What does a queue do in a flash sale?", "queue", "flashsale",
			"Arrivals, backlog, age of the oldest message and dead letters of a queue in a flash sale",
			[]against{
				{"queue/sqs", []string{"deliveries per message of NATS JetStream", "deliveries per message of Redis Streams"}, "deliveries measured on NATS JetStream and Redis Streams"},
				{"queue/client", []string{"rates long after a stall"}, "rates of an HTTP server measured in a retry storm"},
			},
		},
		{
			"What do I lose when the primary dies?", "replication", "failover",
			"Acknowledged writes lost in a failover, and the time until writes go on, by commit mode",
			[]against{
				{"replication/theory", []string{"writes lost by a failover against the formula"}, "writes lost by a failover of PostgreSQL"},
				{"replication/raft", []string{"etcd: mean time until a majority has heard the leader", "hashicorp/raft: mean election time with pre-vote"}, "election times measured on etcd's and hashicorp's Raft"},
			},
		},
		{
			"When is Lambda cheaper than containers?", "coldstart", "cost",
			"Cost of a month against requests per second, for Lambda, Fargate and EC2",
			[]against{
				{"coldstart/cost", []string{"bills of times that are rounded up", "prices"}, "bills and prices of AWS"},
				{"coldstart", []string{"environments on AWS Lambda", "busy environments on AWS Lambda"}, "environments measured on AWS Lambda"},
				{"coldstart", []string{"cold share on AWS Lambda"}, "cold shares measured there, which chance alone moves by 6 %"},
			},
		},
	}
}

// TestPages wants VALIDATION.md and the table of README.md to be what the packages' cells say, or writes them.
func TestPages(t *testing.T) {
	list, err := collect(root, "livemigration", "bloom", "queue", "replication", "coldstart")
	require.NoError(t, err)
	for _, p := range list {
		for _, c := range p.claims {
			for _, x := range c.cells {
				assert.True(t, x.Passes() != (x.Gap != ""), "%s: %s, %s", p.folder, c.Name, x.Name)
			}
		}
	}
	require.NoError(t, settlePage(filepath.Join(root, "VALIDATION.md"), page(list), *update))
	for _, p := range list {
		require.NoError(t, settlePage(filepath.Join(root, p.folder, casesPath), p.cases(), *update))
	}

	readme := filepath.Join(root, "README.md")
	old, err := os.ReadFile(readme)
	require.NoError(t, err)
	rows, err := table(list, questions())
	require.NoError(t, err)
	text, err := replaced(string(old), "questions", rows)
	require.NoError(t, err)
	require.NoError(t, settlePage(readme, text, *update))
}
