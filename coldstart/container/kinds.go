package container

import "cloudconcepts/internal/enum"

// Scaling is what decides how many tasks there are.
type Scaling uint8

// The kinds of scaling.
const (
	Fixed          Scaling = iota // Config.Tasks, always on
	TargetTracking                // by the load of a metric period, with cool-downs
	Knative                       // the Knative Pod Autoscaler on concurrency
	CloudRun                      // by concurrency and CPU over a minute, from zero by a request
)

func scalingNames() []string { return []string{"fixed", "target-tracking", "knative", "cloud-run"} }

// String is the name.
func (s Scaling) String() string { return enum.Name(s, scalingNames()) }

// MarshalText writes the name.
func (s Scaling) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Scaling) UnmarshalText(t []byte) error {
	return enum.Parse(s, t, "container: scaling", scalingNames())
}

// Metric is what target tracking holds at its target.
type Metric uint8

// The metrics.
const (
	Utilization     Metric = iota // busy places/places; it cannot exceed 1, whatever the overload
	RequestsPerTask               // arrivals a second for each ready task
)

func metricNames() []string { return []string{"utilization", "requests-per-task"} }

// String is the name.
func (m Metric) String() string { return enum.Name(m, metricNames()) }

// MarshalText writes the name.
func (m Metric) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (m *Metric) UnmarshalText(t []byte) error {
	return enum.Parse(m, t, "container: metric", metricNames())
}
