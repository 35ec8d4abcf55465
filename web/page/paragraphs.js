// The text of a report: headings, and paragraphs set by their kind. Every paragraph is an anchor.

import { element, marked } from "./elements.js";
import { label, show } from "./language.js";
import { quoteRange } from "./matching.js";
import { readRow, rowCells, tableElement } from "./tables.js";

// What is not running text says what it is.
const APART = ["caption", "byline", "source", "salutation", "note", "contents", "furniture"];

// For each paragraph's element, how to mark a quote in it.
const quotable = new WeakMap();

/**
 * All headings and paragraphs of a report, in order. `place` gives the id and the address of one
 * by its name (`p23`, `s4`).
 */
export function reportBody({ outline }, paragraphs, place) {
  const body = element("div", { class: "report-body", lang: "zh-CN" });
  const sections = outline.map((section, i) => ({ ...section, anchor: place(`s${i}`).id }));
  let run = { key: null, place: body };
  let pageBefore = null;
  for (const paragraph of paragraphs) {
    const headings = sections.filter((section) => section.first_paragraph === paragraph.ordinal);
    const runIn = headings.find((section) => runsInto(section, paragraph));
    const alone = headings.filter((section) => section !== runIn);
    body.append(...alone.map(sectionHeading));
    if (alone.length > 0 || run.key !== runKey(paragraph)) run = begin(paragraph, body);
    run.place.append(paragraphElement(paragraph, place(`p${paragraph.ordinal}`), runIn, pageBefore));
    pageBefore = paragraph.spans.at(-1)?.page ?? null;
  }
  const last = paragraphs.at(-1)?.ordinal ?? -1;
  body.append(...sections.filter(({ first_paragraph: at }) => at > last).map(sectionHeading));
  return body;
}

/** Mark where a quote stands in a paragraph's element; nothing if it does not. */
export function markQuote(made, quote) {
  quotable.get(made)(quote);
}

function sectionHeading({ heading: words, level, anchor }) {
  const size = Math.min(level + 1, 6);
  return element(`h${size}`, { id: anchor, tabindex: "-1" }, words);
}

/** A run-in heading is the beginning of its paragraph ("（一）稳中求进。全年……"). */
function runsInto({ heading: words }, paragraph) {
  return paragraph.text.startsWith(words);
}

/** Neighbours with the same key are set together: rows of one table, lines of the contents. */
function runKey({ kind, text }) {
  if (kind === "table") return text.split("\n", 1)[0];
  return APART.includes(kind) ? kind : null;
}

/** A new run at the end of the body, and the place that takes its paragraphs. */
function begin(paragraph, body) {
  const key = runKey(paragraph);
  if (key === null) return { key, place: body };
  if (paragraph.kind === "table") {
    const table = emptyTable(paragraph);
    body.append(table);
    return { key, place: table.querySelector("tbody") };
  }
  const place = apart(paragraph.kind);
  body.append(place);
  return { key, place };
}

function emptyTable({ text }) {
  const words = show(element("span", { class: "visually-hidden" }), "paragraphNumber");
  const margin = element("th", { scope: "col", class: "margin" }, words);
  return tableElement(readRow(text).head, [], [margin]);
}

/** What is set apart says its kind; what every page repeats is folded away. */
function apart(kind) {
  if (kind === "furniture") {
    const summary = show(element("summary", { class: "kind" }), kind);
    return element("details", { class: "apart" }, summary);
  }
  const name = show(element("p", { class: "kind" }), kind);
  return element("div", { class: `apart apart-${kind}` }, name);
}

function paragraphElement(paragraph, { id, address }, runIn, pageBefore) {
  const { ordinal, kind } = paragraph;
  const attributes = { id, class: `paragraph kind-${kind}`, tabindex: "-1" };
  const places = marginOf(paragraph, address, pageBefore);
  return kind === "table"
    ? rowElement(paragraph, attributes, places)
    : textElement(paragraph, attributes, places, runIn);
}

function textElement({ text: words, torn }, attributes, places, runIn) {
  const content = element("p");
  const made = element("div", attributes, element("div", { class: "margin" }, ...places), content);
  if (torn) made.append(show(element("span", { class: "torn" }), "torn"));
  const points = Array.from(words);
  const write = (ranges) => content.replaceChildren(...wordsOf(points, ranges, runIn));
  write([]);
  quotable.set(made, (quote) => write(rangesOf(words, quote)));
  return made;
}

function rowElement({ text: words }, attributes, places) {
  const { cells } = readRow(words);
  const margin = element("td", { class: "margin" }, ...places);
  const made = element("tr", attributes);
  const write = (ranges) => made.replaceChildren(margin, ...rowCells(cells, ranges));
  write([]);
  quotable.set(made, (quote) => write(rangesOf(words, quote)));
  return made;
}

/** Number and page; a page that was named beside the paragraph before steps back. */
function marginOf({ ordinal, spans }, address, pageBefore) {
  const link = element("a", { class: "number", href: address }, String(ordinal));
  label(link, "linkToParagraph", { number: ordinal });
  const [first, last] = [spans[0]?.page ?? null, spans.at(-1)?.page ?? null];
  if (first === null) return [link];
  const known = first === pageBefore && last === pageBefore;
  const page = element("button", { type: "button", class: known ? "page known" : "page" });
  return [link, show(page, "page", { number: first === last ? first : `${first}–${last}` })];
}

function wordsOf(points, ranges, runIn) {
  if (runIn === undefined) return [marked(points, ranges)];
  const length = Array.from(runIn.heading).length;
  const strong = element("strong", { id: runIn.anchor, tabindex: "-1" });
  strong.append(marked(points, ranges, [], 0, length));
  return [strong, marked(points, ranges, [], length)];
}

/** The range of a quote in code points. */
function rangesOf(words, quote) {
  const range = quoteRange(words, quote);
  return range === null ? [] : [range.map((at) => Array.from(words.slice(0, at)).length)];
}
