// Search within a report. Matches are marked with the CSS Custom Highlight API, which leaves the
// text's elements alone, so that a match may run through marks and headings within a paragraph.

import { button, element } from "./elements.js";
import { label, show } from "./language.js";
import { foundRanges, searchable } from "./matching.js";

// What is searched by itself: a match lies within one of these.
const BLOCKS = "h2, h3, h4, h5, h6, .paragraph > p, td:not(.margin), th:not(.margin)";

const HIGHLIGHT = "report-match";
const CURRENT = "report-match-current";

/** The search form of a report's body, and how to look again after the body has changed. */
export function searchForm(body, prefix) {
  const input = element("input", { type: "search", id: `${prefix}search`, autocomplete: "off" });
  input.dataset.placeholder = "searchInReport";
  label(input, "searchInReport");
  input.placeholder = input.getAttribute("aria-label");
  const count = element("span", { class: "match-count", role: "status" });
  const previous = show(button("quiet step", () => step(-1)), "previousSign");
  const next = show(button("quiet step", () => step(1)), "nextSign");
  label(previous, "previousMatch");
  label(next, "nextMatch");
  const form = element("form", { class: "report-search", role: "search" });
  form.append(input, count, previous, next);

  let blocks = null;
  let matches = [];
  let current = -1;

  function search() {
    blocks ??= [...body.querySelectorAll(BLOCKS)].map((block) => {
      return { block, ready: searchable(block.textContent) };
    });
    matches = blocks.flatMap(({ block, ready }) =>
      foundRanges(ready, input.value).map((range) => ({ block, range })),
    );
  }

  function step(by) {
    if (matches.length === 0) return;
    current = (current + by + matches.length) % matches.length;
    draw();
    const { block } = matches[current];
    const fold = block.closest("details");
    if (fold !== null) fold.open = true;
    block.scrollIntoView({ block: "center" });
  }

  function draw() {
    body.querySelector(".current-match")?.classList.remove("current-match");
    matches[current]?.block.classList.add("current-match");
    highlight(matches, current);
    for (const one of [previous, next]) one.disabled = matches.length === 0;
    if (input.value.trim() === "") {
      delete count.dataset.text;
      count.textContent = "";
    } else if (matches.length === 0) {
      show(count, "noMatch");
    } else {
      show(count, "matchCount", { number: current + 1, count: matches.length });
    }
  }

  function begin() {
    search();
    const first = matches.findIndex(({ block }) => block.getBoundingClientRect().bottom > 0);
    current = Math.max(first, 0) - 1;
    if (matches.length > 0) step(1);
    else draw();
  }

  input.addEventListener("input", (event) => {
    if (!event.isComposing) begin();
  });
  input.addEventListener("compositionend", begin);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    if (event.key === "Escape") {
      input.value = "";
      begin();
    }
    if (event.key === "Enter" || event.key === "Escape") event.preventDefault();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  draw();
  return { form, redraw: draw };
}

/** Mark all matches and apart from them the current one; older browsers only show its block. */
function highlight(matches, current) {
  if (CSS.highlights === undefined) return;
  const ranges = matches.map(({ block, range }) => rangeIn(block, range));
  CSS.highlights.set(HIGHLIGHT, new Highlight(...ranges));
  const strong = new Highlight(...(ranges[current] ? [ranges[current]] : []));
  strong.priority = 1;
  CSS.highlights.set(CURRENT, strong);
}

/** A range of a block's text, whatever elements its text is in. */
function rangeIn(block, [start, end]) {
  const range = document.createRange();
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let at = 0;
  while (walker.nextNode()) {
    const { length } = walker.currentNode.data;
    if (start >= at && start < at + length) range.setStart(walker.currentNode, start - at);
    if (end > at && end <= at + length) range.setEnd(walker.currentNode, end - at);
    at += length;
  }
  return range;
}
