// Package study holds what a study is and what every program does with one.
//
// A [Study] answers one question: it declares its flags, runs a model and returns a [Report] with the answer as a
// sentence, a table and a picture. A [Program] is all studies of one concept. Everything else is the same for each of
// them and lives here: the command line, the help, what is printed, the files written, JSON, progress, errors and exit
// codes. A study's file is therefore a recipe that can be read in one go:
//
//	func Rounds() study.Study {
//		cfg := hypervisor.QEMU()
//		return study.Study{
//			Name:     "rounds",
//			Question: "Why does live migration copy memory in rounds?",
//			Flags: func(f *study.Flags) {
//				f.Bytes(&cfg.Memory, "memory", "guest memory")
//			},
//			Run: func(ctx context.Context, env study.Env) (study.Report, error) {
//				res, err := livemigration.Simulate(cfg)
//				if err != nil {
//					return study.Report{}, err
//				}
//				return study.Report{
//					Answer: "...", Table: study.Rows(res.Rounds), Figure: migrationplot.Rounds(res),
//					Reading: "...", Sources: []string{"..."}, Config: cfg, Result: res,
//				}, nil
//			},
//		}
//	}
package study
