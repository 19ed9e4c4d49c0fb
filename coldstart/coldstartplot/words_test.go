package coldstartplot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"cloudconcepts/coldstart"
)

func TestLawsAndArrivalsInWords(t *testing.T) {
	assert.Equal(t, "1 s (constant)", lawWords(coldstart.Const(time.Second)))
	assert.Equal(t, "1.99 s (exponential)", lawWords(coldstart.Exp(1991*time.Millisecond)))
	assert.Equal(t, "1.5 s (uniform:1s,2s)", lawWords(coldstart.Uniform(time.Second, 2*time.Second)))
	assert.Equal(t, "Poisson 0.9/s", arrivalWords(coldstart.Poisson(0.9)))
	assert.Equal(t, "regular, 100/s, from 10s on 5000/s", arrivalWords(coldstart.Paced(coldstart.Step{Rate: 100}, coldstart.Step{At: 10 * time.Second, Rate: 5000})))
	assert.Equal(t, "every:2s", arrivalWords(coldstart.Every(2*time.Second)))
}
