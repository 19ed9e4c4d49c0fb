package coldstart

// LatencyQuantile is the latency in seconds that a share p of the served requests does not exceed, p in [0, 1], within 0.2 %.
func (r Result) LatencyQuantile(p float64) float64 {
	if r.latency == nil {
		return 0
	}
	return r.latency.Quantile(p) / 1e9
}

// LatencyAbove is the share of the served requests that took longer than t seconds.
func (r Result) LatencyAbove(t float64) float64 {
	if r.latency == nil {
		return 0
	}
	return r.latency.Above(int64(min(max(t, 0)*1e9, 9e18)))
}
