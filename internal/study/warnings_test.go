package study_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"cloudconcepts/internal/study"
)

func TestWarningsAreSentences(t *testing.T) {
	list := []error{errors.New("fake: overfull: 2 bits per key"), errors.New("load 2 >= 1: no steady state"), errors.New("two words: it ends.")}
	assert.Equal(t, []string{"Overfull: 2 bits per key.", "Load 2 >= 1: no steady state.", "Two words: it ends."}, study.Warnings("", list))
	assert.Equal(t, []string{"run 2: overfull: 2 bits per key."}, study.Warnings("run 2", list[:1]))
	assert.Empty(t, study.Warnings("", nil))
}
