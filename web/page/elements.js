// Building the page from elements and text nodes: text of reports never becomes markup.

/** An element with attributes and children; strings become text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

/** A button that does something. */
export function button(className, onClick) {
  const made = element("button", { type: "button", class: className });
  made.addEventListener("click", () => onClick(made));
  return made;
}

/**
 * Text with some ranges marked, as text nodes and <mark>.
 * Ranges count code points, as the API does; JavaScript strings count UTF-16 units.
 */
export function marked(points, ranges, from = 0, to = points.length) {
  const fragment = document.createDocumentFragment();
  let at = from;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const first = Math.max(start, at);
    const last = Math.min(end, to);
    if (first >= last) continue;
    fragment.append(points.slice(at, first).join(""));
    fragment.append(element("mark", {}, points.slice(first, last).join("")));
    at = last;
  }
  fragment.append(points.slice(at, to).join(""));
  return fragment;
}

/** Tell screen readers one short sentence. */
export function announce(sentence) {
  document.getElementById("status").textContent = sentence;
}
