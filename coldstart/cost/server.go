package cost

import (
	"math"
	"time"

	"cloudconcepts/internal/check"
)

// Fargate is a price list of containers, in US dollars an hour.
type Fargate struct {
	Name          string        `json:"name"`
	Source        string        `json:"source"`
	VCPUHour      float64       `json:"per_vcpu_hour"`
	GBHour        float64       `json:"per_gb_hour"`
	StorageGBHour float64       `json:"per_storage_gb_hour"` // above StorageFree
	StorageFree   float64       `json:"storage_free_gb"`
	Least         time.Duration `json:"least_ns"` // that is charged
}

// FargateX86 is AWS Fargate for Linux on x86 in us-east-1: by the second, 1 min at least, 20 GB of disk included. Spot is 70 % off,
// savings plans up to 52 %.
func FargateX86() Fargate {
	return Fargate{
		Name: "fargate-x86", Source: seen, VCPUHour: 0.04048, GBHour: 0.004445, StorageGBHour: 0.000111, StorageFree: 20, Least: time.Minute,
	}
}

// FargateArm is AWS Fargate for Linux on arm64 in us-east-1.
func FargateArm() Fargate {
	f := FargateX86()
	f.Name, f.VCPUHour, f.GBHour = "fargate-arm", 0.03238, 0.00356
	return f
}

// Task is the size of a container.
type Task struct {
	VCPU      float64 `json:"vcpu"`       // (0, 1024]
	GB        float64 `json:"gb"`         // (0, 1e5]
	StorageGB float64 `json:"storage_gb"` // [0, 1e5]
}

// PerHour is the price of a task, NaN if a number is not in its range.
func (f Fargate) PerHour(t Task) float64 {
	if f.check(t) != nil {
		return math.NaN()
	}
	return t.VCPU*f.VCPUHour + t.GB*f.GBHour + max(t.StorageGB-f.StorageFree, 0)*f.StorageGBHour
}

// Bill is the price of n tasks that each run for a time, rounded up to 1 s. n in [0, 1e6], time in [0, 10 years].
func (f Fargate) Bill(t Task, n int, each time.Duration) (float64, error) {
	v := check.Of(ErrInvalidConfig)
	check.Count(&v, "n", n, 0, 1_000_000)
	v.Span("each", each, 0, 10*365*24*time.Hour)
	if err := v.Err(); err != nil {
		return 0, err
	}
	if err := f.check(t); err != nil {
		return 0, err
	}
	return float64(n) * roundUp(max(each, f.Least), time.Second) / 3600 * f.PerHour(t), nil
}

func (f Fargate) check(t Task) error {
	v := check.Of(ErrInvalidConfig)
	v.Above("VCPU", t.VCPU, 0, 1024, "")
	v.Above("GB", t.GB, 0, 1e5, " GB")
	v.Between("StorageGB", t.StorageGB, 0, 1e5, " GB")
	for _, x := range []float64{f.VCPUHour, f.GBHour, f.StorageGBHour, f.StorageFree} {
		v.Between(f.Name+" price", x, 0, 1e6, " USD")
	}
	return v.Err()
}

// Server is a machine at a price by the hour.
type Server struct {
	Name    string  `json:"name"`
	Source  string  `json:"source"`
	PerHour float64 `json:"per_hour"` // US dollars
}

// T2Micro is the instance of SeBS (Copik et al., Middleware 2021, Table 6).
func T2Micro() Server { return Server{"t2.micro", "SeBS, Middleware 2021, Table 6", 0.0116} }

// T3Medium has 2 vCPUs and 4 GB.
func T3Medium() Server { return Server{"t3.medium", seen, 0.0416} }

// Bill is the price of n servers for a time; NaN if a number is negative.
func (s Server) Bill(n int, each time.Duration) float64 {
	if n < 0 || each < 0 || !(s.PerHour >= 0) {
		return math.NaN()
	}
	return float64(n) * each.Hours() * s.PerHour
}
