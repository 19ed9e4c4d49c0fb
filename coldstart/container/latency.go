package container

// LatencyQuantile is the latency in s that a share p of the served requests do not exceed, p in [0, 1]; 0 if there was none.
func (r Result) LatencyQuantile(p float64) float64 {
	if r.latency == nil {
		return 0
	}
	return r.latency.Quantile(min(max(p, 0), 1)) * 1e-9
}

// LatencyAbove is the share of the served requests whose latency is more than so many seconds.
func (r Result) LatencyAbove(seconds float64) float64 {
	if r.latency == nil {
		return 0
	}
	return r.latency.Above(int64(min(max(seconds, 0)*1e9, 1e18)))
}
