// Prints the alertmanager.yaml that the Prometheus operator makes of the AlertmanagerConfigs on stdin, with the operator's own code.
// On stdin: a YAML list of Kubernetes objects of one namespace. ExternalSecrets among them count as read: their Secrets are made up.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/blang/semver/v4"
	"github.com/prometheus-operator/prometheus-operator/pkg/alertmanager"
	validation "github.com/prometheus-operator/prometheus-operator/pkg/alertmanager/validation/v1alpha1"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1alpha1"
	"github.com/prometheus-operator/prometheus-operator/pkg/assets"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

const (
	namespace = "monitoring"
	// root is the name of the AlertmanagerConfig that `alertmanagerConfiguration` names.
	root = "platform"
	// nobody is the configuration of a cluster without that.
	nobody = "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n"
)

var version = semver.MustParse("0.34.0")

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	configs, secrets, err := read(input)
	if err != nil {
		return err
	}
	store := assets.NewTestStoreBuilder(secrets...)
	base := []byte(nobody)
	if platform, ok := configs[root]; ok {
		delete(configs, root)
		if base, err = asRoot(platform, store); err != nil {
			return err
		}
	}
	output, err := build(base, configs, store)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(output)
	return err
}

func read(input []byte) (map[string]*v1alpha1.AlertmanagerConfig, []any, error) {
	var objects []map[string]any
	if err := yaml.Unmarshal(input, &objects); err != nil {
		return nil, nil, err
	}
	configs := map[string]*v1alpha1.AlertmanagerConfig{}
	secrets := []any{}
	for _, object := range objects {
		text, err := yaml.Marshal(object)
		if err != nil {
			return nil, nil, err
		}
		switch object["kind"] {
		case "AlertmanagerConfig":
			config := &v1alpha1.AlertmanagerConfig{}
			if err := yaml.UnmarshalStrict(text, config); err != nil {
				return nil, nil, err
			}
			if err := validation.ValidateAlertmanagerConfig(config); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", config.Name, err)
			}
			config.Namespace = namespace
			configs[config.Name] = config
		case "ExternalSecret":
			var external struct {
				Spec struct {
					Target struct{ Name string }
					Data   []struct{ SecretKey string }
				}
			}
			if err := yaml.Unmarshal(text, &external); err != nil {
				return nil, nil, err
			}
			secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: external.Spec.Target.Name}}
			secret.Data = map[string][]byte{}
			for _, entry := range external.Spec.Data {
				secret.Data[entry.SecretKey] = []byte("https://example.com/")
			}
			secrets = append(secrets, secret)
		}
	}
	return configs, secrets, nil
}

// build adds routes below those of base, as the operator does for the AlertmanagerConfigs that it selects.
func build(base []byte, configs map[string]*v1alpha1.AlertmanagerConfig, store *assets.StoreBuilder) ([]byte, error) {
	alertmanagerObject := &monitoringv1.Alertmanager{ObjectMeta: metav1.ObjectMeta{Namespace: namespace}}
	alertmanagerObject.Spec.AlertmanagerConfigMatcherStrategy.Type = monitoringv1.NoneConfigMatcherStrategyType
	builder := alertmanager.NewConfigBuilder(slog.New(slog.DiscardHandler), version, store, alertmanagerObject)
	if err := builder.InitializeFromRawConfiguration(base); err != nil {
		return nil, err
	}
	if err := builder.AddAlertmanagerConfigs(context.Background(), configs); err != nil {
		return nil, err
	}
	return builder.MarshalJSON()
}

// asRoot is the operator's own step for the root, which its package keeps to itself: converted like any other, and then put on top.
func asRoot(platform *v1alpha1.AlertmanagerConfig, store *assets.StoreBuilder) ([]byte, error) {
	text, err := build([]byte(nobody), map[string]*v1alpha1.AlertmanagerConfig{platform.Name: platform}, store)
	if err != nil {
		return nil, err
	}
	var config map[string]any
	if err := yaml.Unmarshal(text, &config); err != nil {
		return nil, err
	}
	route := config["route"].(map[string]any)["routes"].([]any)[0].(map[string]any)
	delete(route, "continue")
	config["route"] = route
	return yaml.Marshal(config)
}
