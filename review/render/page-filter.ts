/** Filters of the page: hides objects, and writes nothing but numbers. The page says all without it. */
export const FILTER = `
for (const form of document.querySelectorAll("form.filter")) {
  const objects = [...document.getElementById(form.dataset.objects).children];
  const texts = new Map();
  const textOf = (object) => {
    if (!texts.has(object)) texts.set(object, object.textContent.toLowerCase());
    return texts.get(object);
  };
  const apply = () => {
    const actions = new Set([...form.querySelectorAll("[name=action]:checked")].map(({ value }) => value));
    const team = form.elements.team.value;
    const words = form.elements.text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const object of objects) {
      const { action, team: of } = object.dataset;
      const fits = actions.has(action) && (team === "*" || team === "=" + of) && words.every((word) => textOf(object).includes(word));
      object.hidden = !fits;
      if (fits) shown++;
    }
    form.querySelector("output").textContent = shown + " of " + objects.length + " objects";
  };
  const fold = (open) => () => { for (const object of objects) if (!object.hidden) object.open = open; };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.open.addEventListener("click", fold(true));
  form.elements.close.addEventListener("click", fold(false));
  form.hidden = false;
  apply();
}
`;
