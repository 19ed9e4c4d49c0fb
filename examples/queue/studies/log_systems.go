package studies

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/commitlog"
	"cloudconcepts/queue/commitlog/kinesis"
	"cloudconcepts/queue/commitlog/share"
	"cloudconcepts/queue/queueplot"
)

// logSystem is what the study log simulates: Kafka's log, or one of the two others with what only they have.
type logSystem struct {
	name    string
	kinesis kinesis.Config
	share   share.Config
}

func logPresets() []study.Preset {
	return []study.Preset{
		{Name: "kafka", Source: "apache/kafka, ConsumerConfig.java, one consumer with the client's defaults: go doc ./queue/commitlog Kafka"},
		{Name: "kinesis", Source: "Amazon Kinesis Data Streams Developer Guide, quotas and limits: go doc ./queue/commitlog/kinesis"},
		{Name: "share-group", Source: "KIP-932, limits as in franz-go's broker: go doc ./queue/commitlog/share"},
	}
}

// systemFlags declares the preset and what only the other systems have.
func systemFlags(f *study.Flags, c *commitlog.Config, s *logSystem) {
	s.name, s.kinesis, s.share = "kafka", kinesis.Stream(), share.KIP932()
	var names []string
	for _, p := range logPresets() {
		names = append(names, p.Name)
	}
	f.Preset(&s.name, "preset", "the log and its readers; kinesis: partitions are shards; share-group: one partition read like a queue", func(name string) error {
		switch k, g := s.kinesis, s.share; name {
		case "kinesis":
			c.Producer.Rate, c.Producer.RecordBytes, c.Producer.Keys, c.Duration = k.Rate, k.RecordBytes, k.Keys, k.Duration
		case "share-group":
			c.Producer.Rate, c.Group.Consumers, c.Consumer.Service, c.Consumer.MaxPollRecords = g.Rate, g.Members, g.Service, g.MaxPollRecords
		}
		return nil
	}, names...)
	f.Bool(&s.kinesis.FanOut, "fan-out", "kinesis: enhanced fan-out instead of polling")
	f.Duration(&s.kinesis.Poll, "poll", "kinesis: time between two calls of a consumer on a shard, if it may")
	f.Fraction(&s.share.Poison, "poison", "share-group: share of the records that fail every time")
	f.Fraction(&s.share.Silent, "silent", "share-group: probability that a record is not acknowledged")
	f.Duration(&s.share.Lock, "lock", "share-group: how long a record is locked for a member")
	f.Int(&s.share.DeliveryLimit, "delivery-limit", "share-group: most deliveries of a record")
}

// check refuses flags that the system does not know.
func (s logSystem) check(given func(string) bool) error {
	common := []string{"preset", "rate", "consumers", "duration"}
	takes := map[string][]string{
		"kinesis":     append(common, "arrivals", "record-bytes", "keys", "skew", "partitions", "fan-out", "poll"),
		"share-group": append(common, "service", "max-poll-records", "poison", "silent", "lock", "delivery-limit"),
	}
	others := []string{"fan-out", "poll", "poison", "silent", "lock", "delivery-limit"}
	all := append(logFlagNames(), others...)
	for _, name := range all {
		known := s.name == "kafka" && !slices.Contains(others, name) || slices.Contains(takes[s.name], name)
		if given(name) && !known {
			return fmt.Errorf("%w: --%s has no meaning with --preset %s", commitlog.ErrInvalidConfig, name, s.name)
		}
	}
	return nil
}

// run is the study of a system other than Kafka.
func (s logSystem) run(ctx context.Context, c commitlog.Config, env study.Env) (study.Report, error) {
	if s.name == "kinesis" {
		return s.stream(ctx, c, env)
	}
	return s.group(ctx, c, env)
}

// stream is the study of Kinesis.
func (s logSystem) stream(ctx context.Context, c commitlog.Config, env study.Env) (study.Report, error) {
	k := s.kinesis
	k.Rate, k.Regular, k.RecordBytes, k.Keys, k.Zipf = c.Producer.Rate, c.Producer.Arrivals == commitlog.Regular, c.Producer.RecordBytes, c.Producer.Keys, c.Producer.Zipf
	k.Shards, k.Consumers, k.Duration, k.Seed = c.Partitions, c.Group.Consumers, c.Duration, env.Seed
	var out queueplot.Stream
	var err error
	if out.Run, err = kinesis.Simulate(k); err != nil {
		return study.Report{}, err
	}
	limit := float64(k.Shards) * min(kinesis.WriteRecords, kinesis.WriteBytes/float64(k.RecordBytes))
	most := 500_000.0 // records delivered in each run
	if env.Quick {
		most = 50_000
	}
	points, err := par.Map(ctx, 20, func(_ context.Context, i int) (queueplot.ShardPoint, error) {
		at := k
		if i < 10 {
			at.Rate = limit * float64(i+1) / 4
		} else {
			at.Consumers = i - 9
		}
		at.Duration = min(at.Duration, time.Duration(most/max(at.Rate*float64(at.Consumers), 1)*1e9)+time.Second)
		return shardPoint(at)
	})
	if err != nil {
		return study.Report{}, err
	}
	out.Rates, out.Consumers = points[:10], points[10:]
	r := out.Run
	late := ""
	if r.Behind > 0 {
		late = fmt.Sprintf("; %s deliveries are still due at the end", units.FormatCount(float64(r.Behind)))
	}
	return study.Report{
		Answer: fmt.Sprintf("On average %s, and %s in one case of 100: so old is a record when %s gets it; the shards reject %s of %s%s.", units.FormatSeconds(r.DelayMean),
			units.FormatSeconds(r.DelayP99), each(k.Consumers, "consumer"), units.FormatPercent(float64(r.Rejected)/float64(max(r.Offered, 1))), records(r.Offered), late),
		Table:  study.Rows(points),
		Figure: queueplot.Shards(out),
		Reading: "A shard takes 1,000 records or 1 MB a second, whichever comes first, and rejects the rest. It answers five reads a second for all consumers together, so k consumers that poll " +
			"come every k/5 seconds and find records half as old on average; with enhanced fan-out each has its own share. Try `--consumers 5`, `--fan-out` and `--partitions 4 --rate 3k/s --skew 1`.",
		Sources: []string{"limits: Amazon Kinesis Data Streams Developer Guide, quotas and limits", "dashed: go doc ./queue/commitlog/kinesis RejectedFraction; go doc ./queue/commitlog/kinesis PollingDelay"},
		Config:  k, Result: r,
	}, nil
}

func shardPoint(k kinesis.Config) (queueplot.ShardPoint, error) {
	p := queueplot.ShardPoint{
		Rate: k.Rate, Consumers: k.Consumers, DelayTheory: kinesis.PollingDelay(k.Consumers, k.Poll),
		RejectedTheory: kinesis.RejectedFraction(k.Rate/float64(k.Shards), float64(k.RecordBytes)),
	}
	k.FanOut = true
	r, err := kinesis.Simulate(k)
	if err != nil {
		return p, err
	}
	p.FanOut = r.DelayMean
	k.FanOut = false
	r, err = kinesis.Simulate(k)
	p.Rejected, p.Delay = float64(r.Rejected)/float64(max(r.Offered, 1)), r.DelayMean
	p.Behind = float64(r.Behind) / float64(max(r.Behind+r.Delivered, 1))
	return p, err
}

// group is the study of a share group.
func (s logSystem) group(ctx context.Context, c commitlog.Config, env study.Env) (study.Report, error) {
	g := s.share
	g.Rate, g.Members, g.Service, g.MaxPollRecords, g.Seed = c.Producer.Rate, c.Group.Consumers, c.Consumer.Service, c.Consumer.MaxPollRecords, env.Seed
	g.Duration, g.MaxRecords = c.Duration+time.Hour, max(int64(min(g.Rate*c.Duration.Seconds(), 1e9)), 1)
	out := queueplot.ShareGroup{Critical: critical(g)}
	var err error
	if out.Run, err = share.Simulate(g); err != nil {
		return study.Report{}, err
	}
	high := min(max(2*out.Critical, 0.1), 1)
	out.Points, err = par.Map(ctx, 9, func(_ context.Context, i int) (queueplot.SharePoint, error) {
		at := g
		at.Poison = high * float64(i) / 8
		r, err := share.Simulate(at)
		return queueplot.SharePoint{
			Poison: at.Poison, Deliveries: r.PerRecord, DeliveriesTheory: only(at.Silent == 0, 1+at.Poison*float64(at.DeliveryLimit-1)), Archived: float64(r.Archived) / float64(max(r.Produced, 1)),
			LatencyP50: r.LatencyP50, LatencyP99: r.LatencyP99,
		}, err
	})
	if err != nil {
		return study.Report{}, err
	}
	r := out.Run
	return study.Report{
		Answer: fmt.Sprintf("%s at the median and %s at P99: so old are records when they are accepted, after %.4g deliveries on average; of %s %s are archived and %s unfinished at the end.",
			units.FormatSeconds(r.LatencyP50), units.FormatSeconds(r.LatencyP99), r.PerRecord, records(r.Produced), units.FormatCount(float64(r.Archived)), units.FormatCount(float64(r.Left))),
		Table:  study.Rows(out.Points),
		Figure: queueplot.Share(out),
		Reading: "A share group hands out single records under a lock, so one that fails holds up no partition and more members than partitions can work. Yet each bad record is delivered as often as " +
			"the limit allows, and this work comes on top of the load. Try `--poison 5%`, `--delivery-limit 2` and `--silent 1%` (the lock has to pass).",
		Sources: []string{"KIP-932; delivery limit, lock and the time between two looks for ended locks: franz-go's broker"},
		Config:  g, Result: r,
	}, nil
}

// critical is the share of records that always fail from which on the members are busy all the time.
func critical(g share.Config) float64 {
	load := g.Rate * g.Service.Mean() / float64(max(g.Members, 1))
	if g.Members == 0 || !(load > 0 && load < 1) || g.DeliveryLimit < 2 {
		return 0
	}
	return min((1/load-1)/float64(g.DeliveryLimit-1), 1)
}

func each(n int, what string) string {
	if n == 1 {
		return "its " + what
	}
	return "each of " + several(n, what)
}
