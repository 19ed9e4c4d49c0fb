package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
)

const awsSource = "measurements: ten experiments on AWS Lambda, SimFaaS (Mahmoudi and Khazaei), github.com/pacslab/simfaas, examples/exp.csv, MIT License"

// AWS asks how far the model can be trusted.
func AWS() study.Study {
	c := awsConfig()
	c.Duration = 10_000_000 * time.Second
	var given func(string) bool
	return study.Study{
		Name:     "aws",
		Question: "Does the model meet what was measured on AWS Lambda?",
		Next:     "Take another rule for the idle environment, `--selection lru`: how far off is the model then?",
		Examples: []string{"--selection lru", "--keep-alive exp:10m", "--keep-alive halving:380s"},
		Flags: func(f *study.Flags) {
			f.Text(&c.KeepAlive, "POLICY", "keep-alive", "how long an idle environment stays: "+coldstart.KeepAliveForms)
			f.Text(&c.Selection, "RULE", "selection", "which idle environment serves: newest, mru (served last), lru or random")
			f.Text(&c.Warm, "LAW", "warm", "time of a warm request")
			f.Text(&c.Cold.Response, "LAW", "cold", "time of a cold request, all of it")
			f.Duration(&c.Duration, "duration", "length of each run, [1h, 12000h]")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c.Seed = env.Seed
			if env.Quick && !given("duration") {
				c.Duration /= 10
			}
			if c.Duration < time.Hour || c.Duration > 12000*time.Hour {
				return study.Report{}, fmt.Errorf("%w: --duration %v, want 1h to 12000h", coldstart.ErrInvalidConfig, c.Duration)
			}
			c.Warmup = c.Duration / 20
			v := coldstartplot.Validation{Config: c}
			var err error
			v.Points, err = repeatAWS(ctx, env, c)
			return study.Report{
				Answer: awsAnswer(v),
				Table: study.Rows(v.Points).Show("experiment", "rate_per_s", "aws_cold_fraction", "aws_standard_error", "cold_fraction", "cold_error_fraction",
					"aws_instances", "instances", "instances_error_fraction", "aws_running", "running").
					Head("aws_instances", "aws environments").Head("instances", "environments").Head("instances_error_fraction", "environments error"),
				Figure: coldstartplot.AWS(v),
				Reading: "Rings are the experiments with 95 % bars, dots are the simulation at the same rates. Each experiment saw only a few hundred cold starts, so its own noise is as large as the difference. " +
					"The rule that picks the idle environment is what the numbers depend on most: try `--selection lru`.",
				Sources: []string{awsSource, "busy environments: go doc ./coldstart/theory RunningMean"},
				Config:  c, Result: v.Points,
			}, err
		},
	}
}

// awsConfig is the function of the experiments.
func awsConfig() coldstart.Config {
	c := coldstart.Default()
	c.Warm = coldstart.Exp(1981340 * time.Microsecond)
	c.Cold = coldstart.Cold{Kind: coldstart.Whole, Response: coldstart.Exp(2303740 * time.Microsecond)}
	c.KeepAlive = coldstart.Fixed(10 * time.Minute)
	return c
}

// awsMeasured are the experiments, by rate.
func awsMeasured() []coldstartplot.Experiment {
	return []coldstartplot.Experiment{
		{Number: 0, Rate: 0.100377, Cold: 0.00566, StandardError: 0.00042, Instances: 2.8888, Running: 0.2017},
		{Number: 5, Rate: 0.198076, Cold: 0.00372, StandardError: 0.00028, Instances: 3.7188, Running: 0.4067},
		{Number: 1, Rate: 0.301791, Cold: 0.00294, StandardError: 0.00020, Instances: 4.4218, Running: 0.6203},
		{Number: 6, Rate: 0.397486, Cold: 0.00208, StandardError: 0.00014, Instances: 5.0450, Running: 0.7885},
		{Number: 2, Rate: 0.499673, Cold: 0.00191, StandardError: 0.00010, Instances: 5.6942, Running: 0.9762},
		{Number: 7, Rate: 0.595606, Cold: 0.00176, StandardError: 0.00007, Instances: 6.4194, Running: 1.1358},
		{Number: 3, Rate: 0.697266, Cold: 0.00175, StandardError: 0.00011, Instances: 6.9277, Running: 1.4019},
		{Number: 8, Rate: 0.797943, Cold: 0.00156, StandardError: 0.00006, Instances: 7.5639, Running: 1.5711},
		{Number: 4, Rate: 0.902459, Cold: 0.00151, StandardError: 0.00007, Instances: 7.8698, Running: 1.7849},
		{Number: 9, Rate: 1.000533, Cold: 0.00131, StandardError: 0.00008, Instances: 8.3971, Running: 1.9905},
	}
}

func repeatAWS(ctx context.Context, env study.Env, c coldstart.Config) ([]coldstartplot.Comparison, error) {
	list := awsMeasured()
	return par.Map(ctx, len(list), func(_ context.Context, i int) (coldstartplot.Comparison, error) {
		at := c
		at.Arrivals = coldstart.Poisson(list[i].Rate)
		r, err := coldstart.Simulate(at)
		env.Progress(i+1, len(list))
		return coldstartplot.Compare(list[i], r), err
	})
}

func awsAnswer(v coldstartplot.Validation) string {
	e := v.Errors()
	return fmt.Sprintf("On average over the %d experiments it misses the measured cold share by %s, the number of environments by %s and the busy ones by %s; the standard error of the measured cold shares is %s of them, and %d of %d lie within two of it.",
		len(v.Points), percent(e.Cold), percent(e.Instances), percent(e.Running), percent(e.Standard), e.Within, len(v.Points))
}
