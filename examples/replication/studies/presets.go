package studies

import (
	"fmt"
	"strings"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/replication"
	"cloudconcepts/replication/index"
	"cloudconcepts/replication/multileader"
	"cloudconcepts/replication/quorum"
	"cloudconcepts/replication/raft"
)

// invalid are the sentinels of the models.
func invalid() []error {
	return []error{replication.ErrInvalidConfig, quorum.ErrInvalidConfig, raft.ErrInvalidConfig, multileader.ErrInvalidConfig, index.ErrInvalidConfig}
}

// presets are the real systems that the studies can start from.
func presets() []study.Preset {
	return []study.Preset{
		{Name: "postgresql", Source: "PostgreSQL's documentation, runtime-config-wal and runtime-config-replication: go doc ./replication PostgreSQL"},
		{Name: "postgresql-measured", Source: "PostgreSQL 15.18 on one host, one session, measured: go doc ./replication PostgreSQLMeasured"},
		{Name: "mysql-semisync", Source: "MySQL Reference Manual, replication-semisync-interface: go doc ./replication MySQLSemisync"},
		{Name: "mongodb", Source: "MongoDB manual, write concern majority and replica-set-elections: go doc ./replication MongoDB"},
		{Name: "kafka", Source: "Apache Kafka, acks=all with min.insync.replicas=2: go doc ./replication Kafka"},
		{Name: "raft-group", Source: "Ongaro's dissertation, chapter 10, with etcd's default timings: go doc ./replication RaftGroup"},
		{Name: "six-stores", Source: "Amazon Aurora, writes to 4 of 6 copies: go doc ./replication SixStores"},
		{Name: "lnkd-ssd", Source: "LinkedIn's Voldemort on SSD, Bailis et al., PVLDB 5(8), 2012, table 3: go doc ./replication/quorum LinkedInSSD"},
		{Name: "lnkd-disk", Source: "LinkedIn's Voldemort on disk, the same table: go doc ./replication/quorum LinkedInDisk"},
		{Name: "ymmr", Source: "Yammer's Riak, the same table with alpha = 3.5 of the authors' simulator: go doc ./replication/quorum Yammer"},
		{Name: "ymmr-printed", Source: "Yammer's Riak, alpha = 3.35 as the table prints it: go doc ./replication/quorum YammerPrinted"},
		{Name: "wan", Source: "LNKD-DISK in three data centres 75 ms apart, the same paper, section 5.5: go doc ./replication/quorum WAN"},
		{Name: "raft-paper", Source: "Ongaro and Ousterhout, USENIX ATC 2014, figure 16: go doc ./replication/raft DissertationLAN"},
		{Name: "etcd", Source: "etcd's defaults, server/embed/config.go, with go.etcd.io/raft v3.7.0: go doc ./replication/raft EtcdServer"},
		{Name: "hashicorp", Source: "DefaultConfig of github.com/hashicorp/raft v1.8.0: go doc ./replication/raft HashicorpDefault"},
	}
}

// groupPresets are the groups that the study simulate can start from.
func groupPresets() map[string]replication.Config {
	return map[string]replication.Config{
		"postgresql":          replication.PostgreSQL(replication.Sync, replication.AnyOf(1), 2),
		"postgresql-measured": replication.PostgreSQLMeasured(replication.Sync, replication.AnyOf(1), replication.Const(5*time.Millisecond)),
		"mysql-semisync":      replication.MySQLSemisync(false, 2),
		"mongodb":             replication.MongoDB(0),
		"kafka":               replication.Kafka(2),
		"raft-group":          replication.RaftGroup(5),
		"six-stores":          replication.SixStores(),
	}
}

func presetNames() []string {
	return []string{"postgresql", "postgresql-measured", "mysql-semisync", "mongodb", "kafka", "raft-group", "six-stores"}
}

// lawList is one law, or several separated by semicolons.
type lawList []replication.Law

// MarshalText implements encoding.TextMarshaler.
func (l lawList) MarshalText() ([]byte, error) {
	words := make([]string, len(l))
	for i, law := range l {
		words[i] = law.String()
	}
	return []byte(strings.Join(words, ";")), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *lawList) UnmarshalText(text []byte) error {
	var laws lawList
	for word := range strings.SplitSeq(string(text), ";") {
		law, err := replication.ParseLaw(strings.TrimSpace(word))
		if err != nil {
			return err
		}
		laws = append(laws, law)
	}
	*l = laws
	return nil
}

// lateText reads a text and keeps its error, so that everything that is wrong is reported at once.
type lateText struct {
	study.Text
	name string
	bad  *[]error
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (t lateText) UnmarshalText(text []byte) error {
	if err := t.Text.UnmarshalText(text); err != nil {
		*t.bad = append(*t.bad, fmt.Errorf("%w: --%s: %w", replication.ErrInvalidConfig, t.name, err))
	}
	return nil
}
