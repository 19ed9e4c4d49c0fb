package livemigration

import "math"

func MirrorSeconds(disk, bandwidth, writes float64) float64 {
	if writes == 0 {
		return disk / bandwidth
	}
	return -disk / writes * math.Log1p(-writes/bandwidth)
}
