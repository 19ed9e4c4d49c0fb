package studies

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/quorum"
	"cloudconcepts/replication/replicationplot"
	"cloudconcepts/replication/theory"
)

// year is in seconds.
const year = 365.25 * 86400

// Availability asks how many servers a cluster should have.
func Availability() study.Study {
	nodes := []float64{0.99, 0.9, 0.999}
	most, n := 7, 5
	return study.Study{
		Name:     "availability",
		Question: "How many servers should a cluster have?",
		Next:     "How many servers do you need if each is up 90 % of the time only? When does another one stop to pay?",
		Examples: []string{"--up 0.9,0.95,0.99", "--servers 15", "--n 3"},
		Flags: func(f *study.Flags) {
			f.FractionList(&nodes, "up", "shares of the time in which a server is up; the answer speaks of the first")
			f.Int(&most, "servers", "largest cluster, 4 to 31")
			f.Int(&n, "n", "replicas of the panel with read and write quorums, 2 to 31")
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			if err := checkUptime(nodes, most, n); err != nil {
				return study.Report{}, err
			}
			up := replicationplot.Uptime{Nodes: nodes, N: n}
			for _, node := range nodes {
				for servers := 1; servers <= most; servers++ {
					up.Points = append(up.Points, replicationplot.UpPoint{
						Servers: servers, Node: node, Tolerated: theory.ToleratedFailures(servers), Majority: theory.MajorityUp(servers, node),
						Down: missing(servers/2+1, servers, node), AllDown: missing(servers, servers, node),
					})
				}
			}
			for w := 1; w <= n; w++ {
				up.Quorums = append(up.Quorums, replicationplot.QuorumPoint{W: w, R: n + 1 - w, WriteDown: missing(w, n, nodes[0]), ReadDown: missing(n+1-w, n, nodes[0])})
			}
			return study.Report{
				Answer: upAnswer(up),
				Table:  study.Rows(up.Points),
				Figure: replicationplot.Availability(up),
				Reading: "A majority of four is three: four servers survive one failure, as three do, and there is one more that can fail. So clusters have odd sizes. Each two more servers take the " +
					"time without a majority down by about the same factor, and cost a slower commit. Needing all servers (dashed), as synchronous replication to every replica does, gets worse with " +
					"each. A smaller write quorum makes writes surer and reads less sure; majorities for both are the best for both. All this holds for independent failures: three servers in one rack fail together.",
				Sources: []string{"failures tolerated: etcd FAQ, v3.5", "formulas: go doc ./replication/theory MajorityUp; go doc ./replication/theory UpAtLeast"},
				Config: struct {
					Up      []float64 `json:"up_fraction"`
					Servers int       `json:"servers"`
					N       int       `json:"n"`
				}{nodes, most, n},
				Result: struct {
					Clusters []replicationplot.UpPoint     `json:"clusters"`
					Quorums  []replicationplot.QuorumPoint `json:"quorums"`
				}{up.Points, up.Quorums},
			}, nil
		},
	}
}

func checkUptime(nodes []float64, most, n int) error {
	var list []error
	if most < 4 || most > 31 {
		list = append(list, fmt.Errorf("%w: --servers = %d, want in [4, 31]", quorum.ErrInvalidConfig, most))
	}
	if n < 2 || n > 31 {
		list = append(list, fmt.Errorf("%w: --n = %d, want in [2, 31]", quorum.ErrInvalidConfig, n))
	}
	if len(nodes) < 1 || len(nodes) > 5 || !(slices.Min(nodes) >= 0.5) || !(slices.Max(nodes) <= 0.999999) {
		list = append(list, fmt.Errorf("%w: --up = %v, want 1 to 5 shares in [0.5, 0.999999]", quorum.ErrInvalidConfig, nodes))
	}
	return errors.Join(list...)
}

// missing is how long a year fewer than k of n servers are up, in s: more than n-k are down. Counted so, and not as what is
// left of 1, it is exact however small.
func missing(k, n int, node float64) float64 { return year * theory.UpAtLeast(n-k+1, n, 1-node) }

func upAnswer(u replicationplot.Uptime) string {
	one, _ := u.At(1)
	three, _ := u.At(3)
	four, _ := u.At(4)
	text := fmt.Sprintf("An odd number: with servers that are up %s of the time, a majority is missing for %s a year with one server, %s with three and %s with four, since four survive one failure, too",
		units.FormatPercent(u.Nodes[0]), units.FormatSeconds(one.Down), units.FormatSeconds(three.Down), units.FormatSeconds(four.Down))
	if five, ok := u.At(5); ok {
		text += fmt.Sprintf("; five make it %s", units.FormatSeconds(five.Down))
	}
	return text + "."
}
