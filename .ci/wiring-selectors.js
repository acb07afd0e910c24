// Label selectors: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
const OPERATORS = {
  In: (value, values) => values.includes(value),
  NotIn: (value, values) => !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
};

/** Whether a selector of matchLabels and matchExpressions takes something with these labels. */
const selects = ({ matchLabels = {}, matchExpressions = [] } = {}, labels = {}) =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values }) => OPERATORS[operator](labels[key], values));

/** Whether a host such as `*.example.com` takes this one: any number of labels, as listeners count, or one, as certificates do. */
const covers = (pattern, host, labels = "many") =>
  pattern === "*" ||
  pattern === host ||
  (pattern.startsWith("*.") &&
    host.endsWith(pattern.slice(1)) &&
    (labels === "many" || !host.slice(0, -pattern.length + 1).includes(".")));

module.exports = { covers, selects };
