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
 * Text with some ranges marked, as text nodes and <mark>, and figures within them as <strong>.
 * Ranges count code points, as the API does; JavaScript strings count UTF-16 units.
 */
export function marked(points, ranges, figures = [], from = 0, to = points.length) {
  const inMark = (start, end) => element("mark", {}, strengthened(points, figures, start, end));
  return wrapped(points, ranges, inMark, from, to);
}

/** A stretch of text with the figures in it as <strong>. */
export function strengthened(points, figures, from, to) {
  const ranges = figures.map(({ start, end }) => [start, end]);
  const strong = (start, end) => element("strong", {}, points.slice(start, end).join(""));
  return wrapped(points, ranges, strong, from, to);
}

function wrapped(points, ranges, wrap, from, to) {
  const fragment = document.createDocumentFragment();
  let at = from;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const first = Math.max(start, at);
    const last = Math.min(end, to);
    if (first >= last) continue;
    fragment.append(points.slice(at, first).join(""));
    fragment.append(wrap(first, last));
    at = last;
  }
  fragment.append(points.slice(at, to).join(""));
  return fragment;
}

/** Tell screen readers one short sentence. */
export function announce(sentence) {
  document.getElementById("status").textContent = sentence;
}
