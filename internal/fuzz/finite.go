package fuzz

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// EveryNumberIsFinite wants a valid configuration to be refused, with the sentinel, as soon as one of its float fields is
// NaN or infinite, whether or not anything reads that field: a configuration has to be written as JSON. The fields are
// counted, so that none is missed.
func EveryNumberIsFinite[C interface{ Validate() error }](t *testing.T, c C, fields int, invalid error) {
	t.Helper()
	require.NoError(t, c.Validate())
	_, err := json.Marshal(c)
	require.NoError(t, err)
	numbers := numbersOf(reflect.ValueOf(&c).Elem(), "")
	require.Len(t, numbers, fields)
	for path, field := range numbers {
		before := field.Float()
		for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			field.SetFloat(x)
			require.ErrorIs(t, c.Validate(), invalid, "%s = %g", path, x)
		}
		field.SetFloat(before)
	}
	require.NoError(t, c.Validate())
}

// numbersOf are the float fields below a struct that can be set, by name.
func numbersOf(v reflect.Value, path string) map[string]reflect.Value {
	all := map[string]reflect.Value{}
	for i := range v.NumField() {
		field, name := v.Field(i), path+"."+v.Type().Field(i).Name
		switch {
		case !field.CanSet():
		case field.Kind() == reflect.Float64:
			all[name] = field
		case field.Kind() == reflect.Struct:
			maps.Copy(all, numbersOf(field, name))
		}
	}
	return all
}
