package replication

import (
	"math"

	"cloudconcepts/internal/des"
)

func null() Reading { return Reading(math.NaN()) }

// reading is a time of the clock, NULL if it is negative.
func reading(ns int64) Reading {
	if ns < 0 {
		return null()
	}
	return Reading(des.Seconds(ns))
}
