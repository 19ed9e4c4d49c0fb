package studies

import (
	"context"
	"fmt"
	"slices"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/quorum"
	"cloudconcepts/replication/replicationplot"
)

// Availability asks how many servers a cluster should have.
func Availability() study.Study {
	nodes := []float64{0.99, 0.999}
	most := 9
	return study.Study{
		Name:     "availability",
		Question: "How many servers should an etcd cluster have?",
		Examples: []string{"--up 0.9,0.99,0.999", "--servers 15"},
		Flags: func(f *study.Flags) {
			f.FractionList(&nodes, "up", "shares of the time in which a server is up")
			f.Int(&most, "servers", "largest cluster, 3 to 31")
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			if most < 3 || most > 31 || len(nodes) == 0 || !(slices.Min(nodes) > 0.5) || !(slices.Max(nodes) < 1) {
				return study.Report{}, fmt.Errorf("%w: --servers = %d, --up = %v, want in [3, 31], and shares in (0.5, 1)", quorum.ErrInvalidConfig, most, nodes)
			}
			var points []replicationplot.UpPoint
			for _, node := range nodes {
				for n := 1; n <= most; n++ {
					up := quorum.MajorityAvailability(n, node)
					points = append(points, replicationplot.UpPoint{
						Servers: n, Node: node, Tolerated: quorum.Tolerated(n), Majority: up, All: quorum.AtLeast(n, n, node), Down: (1 - up) * 365.25 * 86400,
					})
				}
			}
			return study.Report{
				Answer: upAnswer(nodes[0], points),
				Table:  study.Rows(points),
				Figure: replicationplot.Availability(nodes, points),
				Reading: "A majority of four is three: four servers survive one failure, as three do, and there is one more that can fail. So clusters have odd sizes. Each two more servers take the " +
					"time without a majority down by about the same factor, and cost a slower commit. Needing all servers (dashed), as synchronous replication to every replica does, gets worse with " +
					"each. All this holds for independent failures: three servers in one rack fail together.",
				Sources: []string{"failures tolerated: etcd FAQ", "formula: go doc ./replication/quorum MajorityAvailability"},
				Config: struct {
					Up      []float64 `json:"up_fraction"`
					Servers int       `json:"servers"`
				}{nodes, most},
				Result: points,
			}, nil
		},
	}
}

func upAnswer(node float64, points []replicationplot.UpPoint) string {
	down := map[int]float64{}
	for _, p := range points {
		if p.Node == node {
			down[p.Servers] = p.Down
		}
	}
	text := fmt.Sprintf("An odd number: with servers that are up %s of the time, a majority is missing for %s a year with one server, %s with three and %s with four, since four survive one failure, too",
		units.FormatPercent(node), units.FormatSeconds(down[1]), units.FormatSeconds(down[3]), units.FormatSeconds(down[4]))
	if five, ok := down[5]; ok {
		text += fmt.Sprintf("; five make it %s", units.FormatSeconds(five))
	}
	return text + "."
}
