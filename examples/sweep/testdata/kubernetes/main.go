// Command kubernetes reads manifests with the types of the Kubernetes API, and refuses fields that these do not have. It
// prints the Jobs as JSON. It is a module of its own, so that only the test that runs it needs these types.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	documents "k8s.io/apimachinery/pkg/util/yaml"
	strict "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	jobs := map[string]batch.JobSpec{}
	all := documents.NewDocumentDecoder(io.NopCloser(bytes.NewReader(text)))
	for {
		document := make([]byte, len(text)+1)
		n, err := all.Read(document)
		if errors.Is(err, io.EOF) {
			return json.NewEncoder(out).Encode(jobs)
		}
		if err != nil {
			return err
		}
		if err := read(document[:n], jobs); err != nil {
			return err
		}
	}
}

func read(document []byte, jobs map[string]batch.JobSpec) error {
	text, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return err
	}
	var kind struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(text, &kind); err != nil {
		return err
	}
	switch kind.Kind {
	case "Job":
		var job batch.Job
		err := decode(text, &job)
		jobs[job.Name] = job.Spec
		return err
	case "PersistentVolumeClaim":
		return decode(text, new(core.PersistentVolumeClaim))
	}
	return fmt.Errorf("unexpected kind %q", kind.Kind)
}

// decode reads an object as the API server does: names are case-sensitive, and unknown or repeated ones are errors.
func decode(text []byte, object any) error {
	strictErrs, err := strict.UnmarshalStrict(text, object)
	return errors.Join(append(strictErrs, err)...)
}
