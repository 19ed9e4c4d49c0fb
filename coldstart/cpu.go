package coldstart

import "time"

// CPU is work that takes longer in a small environment: Work x 1769/min(MemoryMB, 1769 x Parallelism). An environment has one
// vCPU per 1,769 MB (AWS Lambda Developer Guide, "Configure Lambda function memory").
type CPU struct {
	Work        Law     `json:"work"`        // on one vCPU, mean at most 1 day
	Parallelism float64 `json:"parallelism"` // vCPUs that the handler can use, [1, 6]
}

// Time is how long the work takes on average in an environment; Parallelism below 1 counts as 1.
func (c CPU) Time(memoryMB int) time.Duration {
	return time.Duration(c.Work.Mean() * 1e9 * stretch(memoryMB, c.Parallelism))
}

// VCPUs is the number of vCPUs that an environment sees, as measured by the project lambda-cpuinfo; its share of them is
// memory/1769.
func (CPU) VCPUs(memoryMB int) int {
	for i, most := range []int{3008, 5307, 7076, 8845} {
		if memoryMB <= most {
			return i + 2
		}
	}
	return 6
}

const vCPU = 1769 // MB (AWS Lambda Developer Guide, "Configure Lambda function memory")

func stretch(memoryMB int, parallelism float64) float64 {
	return vCPU / min(max(float64(memoryMB), 1), vCPU*max(parallelism, 1))
}
