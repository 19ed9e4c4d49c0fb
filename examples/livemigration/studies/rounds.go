package studies

import (
	"context"
	"fmt"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
)

// Rounds shows one pre-copy round by round.
func Rounds() study.Study {
	g, preset := newGuest(), "rounds"
	g.workingSet, g.rate = 3*lm.GiB, 1.1*lm.GB
	return study.Study{
		Name:     "rounds",
		Question: "Why does live migration copy memory in rounds?",
		Next:     "How few rounds does a calm guest need (`--dirty-rate 300MB/s`), and what becomes of one that writes faster than the link sends (`--dirty-rate 2GB/s`)?",
		Examples: []string{"--dirty-rate 300MB/s", "--preset qemu", "--preset xen", "--dirty-rate 2GB/s"},
		Flags: func(f *study.Flags) {
			g.flags(f)
			f.Choice(&preset, "preset", "the hypervisor's rules", presetNames()...)
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			m, err := methodOf(preset, g.memory)
			if err != nil {
				return study.Report{}, err
			}
			if preset == "rounds" || g.set("downtime-limit") {
				m.Limit = lm.FixedLimit(g.limit)
			}
			cfg := g.config(m)
			cfg.Trace = true
			res, err := lm.Simulate(cfg)
			if err != nil {
				return study.Report{}, err
			}
			table := timetable(res).Head("pending_bytes", "to send").Head("dirtied_bytes", "dirtied meanwhile")
			columns := []string{"round", "start_s", "duration_s", "pending_bytes", "sent_bytes", "dirtied_bytes"}
			if !unlimited(res) {
				columns = append(columns, "threshold_bytes")
			}
			return study.Report{
				Answer: whyRounds(res),
				Table:  table.Show(columns...),
				Figure: migrationplot.Rounds(res),
				Reading: "Each bar is a round: as wide as it lasts, as high as what it sends. The guest writes all the while, so the " +
					"next bar is what it has dirtied in the width of this one: shorter rounds leave less behind. The lower panel shows " +
					"what is left after each round; once that is in the green, the guest is stopped for it.",
				Sources: []string{
					"QEMU 10.2, migration/migration.c: rounds until the rest fits the downtime limit",
					"Xen, tools/libs/guest/xg_sr_save.c: at most 5 live rounds",
				},
				Notes: notes(res), Config: cfg, Result: res,
			}, nil
		},
	}
}

// whyRounds answers with what the first round and all others did.
func whyRounds(r lm.Result) string {
	if len(r.Rows) == 0 || !r.Rows[0].Live {
		return fmt.Sprintf("Here it needs none: all memory goes within the downtime limit, and the guest stands still for %s.", units.FormatSeconds(r.Downtime))
	}
	first := r.Rows[0]
	start := fmt.Sprintf("Because the guest goes on writing: in the %s of the first pass it dirties %s again",
		units.FormatSeconds(first.Duration), units.FormatBytes(first.Dirtied))
	if first.Dirtied == 0 {
		start = "Because guests go on writing, but this one does not"
	}
	switch r.Outcome {
	case lm.Converged, lm.Forced:
		if r.Rounds == 1 {
			return fmt.Sprintf("%s. Here one round is enough: the guest stands still for %s to send that (%s in all).",
				start, units.FormatSeconds(r.Downtime), units.FormatSeconds(r.Total))
		}
		return fmt.Sprintf("%s; %s bring what is left down to %s, for which it stands still for %s (%s in all, %.2f times the memory sent).",
			start, plural(r.Rounds, "live round"), units.FormatBytes(float64(r.FinalBytes)), units.FormatSeconds(r.Downtime),
			units.FormatSeconds(r.Total), r.Amplification)
	}
	return fmt.Sprintf("%s; here rounds do not help: after %d of them and %s, %s are still dirty (%v).",
		start, r.Rounds, units.FormatSeconds(r.Total), units.FormatBytes(float64(r.PlateauBytes)), r.Outcome)
}
