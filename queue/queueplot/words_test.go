package queueplot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"cloudconcepts/queue"
)

func TestLawWords(t *testing.T) {
	assert.Equal(t, "20 ms (constant)", LawWords(queue.Const(20*time.Millisecond)))
	assert.Equal(t, "1.98 s (exponential)", LawWords(queue.Exp(1981340*time.Microsecond)))
	assert.Equal(t, "1.5 s (uniform:1s,2s)", LawWords(queue.Uniform(time.Second, 2*time.Second)))
}
