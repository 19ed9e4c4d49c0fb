//go:build external

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A job is what the test looks at in a Job of Kubernetes.
type job struct {
	CompletionMode       string
	Completions          int
	Parallelism          int
	BackoffLimitPerIndex *int
	PodFailurePolicy     *struct {
		Rules []struct {
			Action      string
			OnExitCodes *struct{ ContainerName string }
		}
	}
	Template struct {
		Spec struct {
			RestartPolicy string
			Volumes       []struct{ Name string }
			Containers    []struct {
				Name, Image  string
				Args         []string
				Env          []struct{ Name, Value string }
				VolumeMounts []struct{ Name, MountPath string }
			}
		}
	}
}

// readManifest reads a manifest with the types of the Kubernetes API, which refuses what these do not have.
func readManifest(t *testing.T, text string) (map[string]job, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "run", ".")
	cmd.Dir, cmd.Stdin = "testdata/kubernetes", strings.NewReader(text)
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	jobs := map[string]job{}
	return jobs, json.Unmarshal(out, &jobs)
}

func TestKubernetesManifest(t *testing.T) {
	text, err := os.ReadFile("kubernetes.yaml")
	require.NoError(t, err)
	jobs, err := readManifest(t, string(text))
	require.NoError(t, err)
	require.Len(t, jobs, 2)
	sweep := jobs["sweep"]
	assert.Equal(t, "Indexed", sweep.CompletionMode, "backoffLimitPerIndex needs it")
	require.NotNil(t, sweep.BackoffLimitPerIndex)
	require.NotNil(t, sweep.PodFailurePolicy)
	assert.Equal(t, "FailIndex", sweep.PodFailurePolicy.Rules[0].Action)
	assert.Equal(t, "sweep", sweep.PodFailurePolicy.Rules[0].OnExitCodes.ContainerName)
	assert.LessOrEqual(t, sweep.Parallelism, sweep.Completions)
	env := sweep.Template.Spec.Containers[0].Env[0]
	assert.Equal(t, "JOB_COMPLETIONS", env.Name)
	assert.Equal(t, strconv.Itoa(sweep.Completions), env.Value)
	assert.Equal(t, []string{"--spec", "/spec/grid.json", "--out", "/results"}, sweep.Template.Spec.Containers[0].Args)
	assert.Equal(t, []string{"merge", "/results"}, jobs["sweep-merge"].Template.Spec.Containers[0].Args)
	for name, j := range jobs {
		pod := j.Template.Spec
		assert.Equal(t, "Never", pod.RestartPolicy, "%s: a pod failure policy needs it, and a restart in the pod would not be counted", name)
		assert.Equal(t, sweep.Template.Spec.Containers[0].Image, pod.Containers[0].Image)
		var volumes []string
		for _, v := range pod.Volumes {
			volumes = append(volumes, v.Name)
		}
		for _, m := range pod.Containers[0].VolumeMounts {
			assert.Contains(t, volumes, m.Name)
		}
	}
	_, err = readManifest(t, strings.Replace(string(text), "backoffLimitPerIndex", "backoffLimitPerindex", 1))
	assert.Error(t, err, "a misspelt field is seen")
	_, err = readManifest(t, strings.Replace(string(text), "completions: 200", "completions: many", 1))
	assert.Error(t, err, "a wrong type is seen")
}
