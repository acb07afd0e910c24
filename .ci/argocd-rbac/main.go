// Argo CD's own enforcer on a policy, projects and questions that stdin has as JSON; a list of answers on stdout.
// What is Argo CD's: model, built-in policy, validation, matching. What is written again here, because its packages for it
// cannot be had from the module proxy: the text that a project's roles become, and that a person's groups are asked after the person.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/argoproj/argo-cd/v3/util/assets"
	"github.com/argoproj/argo-cd/v3/util/rbac"
)

type role struct {
	Name     string   `json:"name"`
	Policies []string `json:"policies"`
	Groups   []string `json:"groups"`
}

type project struct {
	Name  string `json:"name"`
	Roles []role `json:"roles"`
}

type query struct {
	Groups   []string `json:"groups"`
	Resource string   `json:"resource"`
	Action   string   `json:"action"`
	Object   string   `json:"object"`
}

type input struct {
	PolicyCSV string    `json:"policyCsv"`
	Projects  []project `json:"projects"`
	Queries   []query   `json:"queries"`
}

func main() {
	var in input
	must(json.NewDecoder(os.Stdin).Decode(&in))
	enforcer := rbac.NewEnforcer(nil, "argocd", "argocd-rbac-cm", nil)
	must(enforcer.SetBuiltinPolicy(assets.BuiltinPolicyCSV))
	must(rbac.ValidatePolicy(in.PolicyCSV))
	must(enforcer.SetUserPolicy(in.PolicyCSV))
	policies := map[string]string{}
	for _, p := range in.Projects {
		policies[p.Name] = projectPolicy(p)
		must(rbac.ValidatePolicy(policies[p.Name]))
	}
	answers := []bool{}
	for _, q := range in.Queries {
		name := strings.Split(q.Object, "/")[0]
		answers = append(answers, allowed(enforcer, name, policies[name], q))
	}
	must(json.NewEncoder(os.Stdout).Encode(answers))
}

func projectPolicy(p project) string {
	lines := []string{}
	for _, r := range p.Roles {
		lines = append(lines, fmt.Sprintf("p, proj:%s:%s, projects, get, %s, allow", p.Name, r.Name, p.Name))
		lines = append(lines, r.Policies...)
		for _, group := range r.Groups {
			lines = append(lines, fmt.Sprintf("g, %s, proj:%s:%s", group, p.Name, r.Name))
		}
	}
	return strings.Join(lines, "\n")
}

func allowed(enforcer *rbac.Enforcer, name, policy string, q query) bool {
	project := enforcer.CreateEnforcerWithRuntimePolicy(name, policy)
	for _, subject := range append([]string{"somebody"}, q.Groups...) {
		if enforcer.EnforceWithCustomEnforcer(project, subject, q.Resource, q.Action, q.Object) {
			return true
		}
	}
	return false
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
