package coldstart

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// A valid Config can be written as JSON, so that no field of it is NaN or infinite, whether or not anything reads it.
func TestEveryNumberIsFinite(t *testing.T) {
	legacy, sync, async := Default(), Default(), Default()
	legacy.Limits, sync.Retry, async.Retry = LegacyLimits(1000, 500), RetryPolicy(SyncRetry), RetryPolicy(AsyncRetry)
	for name, c := range map[string]Config{
		"default": Default(), "aws": AWSLambda("go-zip-x86"), "legacy": legacy, "sync": sync, "async": async,
	} {
		require.NoError(t, c.Validate(), name)
		_, err := json.Marshal(c)
		require.NoError(t, err, name)
		fields := numbersOf(reflect.ValueOf(&c).Elem(), "")
		require.Len(t, fields, 14, name)
		for path, field := range fields {
			before := field.Float()
			for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				field.SetFloat(x)
				require.ErrorIs(t, c.Validate(), ErrInvalidConfig, "%s: %s = %g", name, path, x)
			}
			field.SetFloat(before)
		}
		require.NoError(t, c.Validate(), name)
	}
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
