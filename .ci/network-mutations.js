// Mistakes in policies that somebody must notice: each policy taken away, each selector and range widened, each port left out.

/** Of the policies of these namespaces, one change at a time. `alone`: that nothing is open with this policy and no other. */
function mutations(policies, namespaces) {
  return policies
    .filter(({ metadata }) => namespaces.has(metadata.namespace))
    .flatMap((policy) => {
      const { name, namespace } = policy.metadata;
      const others = policies.filter((other) => other !== policy);
      // The others also bind both directions of every pod; this one is what holds when they go.
      if (name === "default-deny")
        return [
          {
            what: `${namespace}: default-deny does not hold by itself`,
            namespace,
            policies: [...others.filter(({ metadata }) => metadata.namespace !== namespace), policy],
            alone: true,
          },
        ];
      return [
        { what: `${namespace}: ${name} is gone`, namespace, policies: others },
        ...widened(policy.spec).map(({ what, spec }) => ({
          what: `${namespace}: ${name}: ${what}`,
          namespace,
          policies: [...others, { ...policy, spec }],
        })),
      ];
    });
}

function widened(spec) {
  return [
    ["ingress", "from"],
    ["egress", "to"],
  ].flatMap(([direction, side]) =>
    (spec[direction] ?? []).flatMap((rule, index) => {
      const where = `${direction} ${index}`;
      const changed = (what, other) => ({
        what: `${where}: ${what}`,
        spec: { ...spec, [direction]: spec[direction].map((one, at) => (at === index ? other : one)) },
      });
      const { ports, ...anyPort } = rule;
      return [
        ...(ports ? [changed("any port", anyPort)] : []),
        ...(ports ?? [])
          .map((_, at) =>
            changed(`without port ${at}`, { ...rule, ports: ports.filter((_port, other) => other !== at) }),
          )
          .filter(() => ports.length > 1),
        ...(rule[side] ?? []).flatMap((peer, at) =>
          peers(peer).map(({ what, other }) =>
            changed(`peer ${at}: ${what}`, {
              ...rule,
              [side]: rule[side].map((one, index) => (index === at ? other : one)),
            }),
          ),
        ),
      ];
    }),
  );
}

function peers({ ipBlock, podSelector, namespaceSelector }) {
  if (ipBlock)
    return [
      ...(ipBlock.except ?? []).map((range) => ({
        what: `does not except ${range}`,
        other: { ipBlock: { ...ipBlock, except: ipBlock.except.filter((one) => one !== range) } },
      })),
      ...(ipBlock.cidr === "0.0.0.0/0" ? [] : [{ what: "any address", other: { ipBlock: { cidr: "0.0.0.0/0" } } }]),
    ];
  return [
    ...(namespaceSelector ? [{ what: "any namespace", other: { podSelector, namespaceSelector: {} } }] : []),
    ...(podSelector && namespaceSelector ? [{ what: "any pod of the namespace", other: { namespaceSelector } }] : []),
  ];
}

module.exports = { mutations };
