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
	"k8s.io/apimachinery/pkg/util/yaml"
	strict "sigs.k8s.io/yaml"
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
	documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(text)))
	for {
		document := make([]byte, len(text)+1)
		n, err := documents.Read(document)
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
	var kind struct {
		Kind string `json:"kind"`
	}
	if err := strict.Unmarshal(document, &kind); err != nil {
		return err
	}
	switch kind.Kind {
	case "Job":
		var job batch.Job
		if err := strict.UnmarshalStrict(document, &job); err != nil {
			return err
		}
		jobs[job.Name] = job.Spec
		return nil
	case "PersistentVolumeClaim":
		return strict.UnmarshalStrict(document, new(core.PersistentVolumeClaim))
	}
	return fmt.Errorf("unexpected kind %q", kind.Kind)
}
