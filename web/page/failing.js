// Saying what went wrong where it was tried, to be seen and to be heard.

import { announce, element } from "./elements.js";

/** Say at the end of an element why something in it did not work, in place of what was said before. */
export function tellFailure(place, { title, message }) {
  clearFailure(place);
  place.append(element("p", { class: "problem-line" }, `${title} ${message}`));
  announce(`${title} ${message}`);
}

/** It worked this time. */
export function clearFailure(place) {
  place.querySelector(":scope > .problem-line")?.remove();
}
