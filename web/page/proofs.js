// How checked quotations look: the verdict, what differs, what the report has, and where.

import { copyButton } from "./copying.js";
import { element } from "./elements.js";
import { show, text } from "./language.js";
import { placeLine, sourceLink } from "./passage_parts.js";

/** A quotation with its verdict, as an item of a list. */
export function proofElement(proof) {
  const { status, passages } = proof;
  const item = element("li", { class: `proof proof-${status}` }, head(proof));
  if (status === "missing") {
    item.append(quoted(proof.quote), show(element("p", { class: "notice" }), "missingHint"));
  } else if (status === "verbatim") {
    item.append(quoted(proof.quote), ...foldedNote(passages));
    const parts = samePart(passages);
    for (const same of parts) {
      if (parts.length > 1) item.append(quoted(said(same[0], "report")));
      item.append(...places(same));
    }
  } else {
    for (const same of samePart(passages)) {
      const copied = copyButton("copyOriginal", said(same[0], "report"));
      item.append(...change(same[0]), ...places(same, copied));
    }
  }
  return item;
}

/** What a list of quotations comes to: for each sort its text and count, and how it is coloured. */
export function tally({ items, skipped = 0, overlong = 0 }) {
  const count = (holds) => items.filter(holds).length;
  const lines = [
    ["tallyVerbatim", count(({ status }) => status === "verbatim"), "verbatim"],
    ["tallyChanged", count(({ status }) => status === "changed"), "changed"],
    ["tallyFigures", count((item) => item.figures_differ), "changed"],
    ["tallyMissing", count(({ status }) => status === "missing"), "missing"],
    ["tallySkipped", skipped, null],
    ["tallyOverlong", overlong, null],
  ];
  return lines
    .filter(([, number]) => number > 0)
    .map(([key, number, sort]) => {
      const made = element("li", { class: sort === null ? "notice" : `verdict-${sort}` });
      return show(made, key, { count: number });
    });
}

function head({ status, figures_differ: figures, line, paragraph }) {
  const key = status === "changed" && figures ? "changedFigures" : status;
  const verdict = show(element("span", { class: `verdict verdict-${status}` }), key);
  const made = element("header", {}, verdict);
  const where = element("span", { class: "notice" });
  if (line !== null) made.append(show(where, "atLine", { number: line }));
  else if (paragraph !== null) made.append(show(where, "atParagraph", { number: paragraph }));
  return made;
}

function quoted(words) {
  return element("blockquote", { class: "passage-text", lang: "zh-CN" }, words);
}

/** What was taken as the same although it is not written the same. */
function foldedNote(passages) {
  const forms = passages[0].folded;
  if (forms.length === 0) return [];
  const names = forms.map((form) => text(`fold-${form}`)).join("、");
  return [show(element("p", { class: "notice" }), "foldedNote", { names })];
}

/** The places of each part between ellipses; several may have the same words. */
function samePart(passages) {
  const parts = new Map();
  for (const passage of passages) {
    const words = said(passage, "quote");
    parts.set(words, [...(parts.get(words) ?? []), passage]);
  }
  return [...parts.values()];
}

/** The quotation with its changes marked, and what to write instead. */
function change(passage) {
  const marked = element("blockquote", { class: "passage-text", lang: "zh-CN" });
  marked.append(...passage.difference.flatMap(pieceElements));
  return [
    show(element("p", { class: "part-title" }), "yourQuotation"),
    marked,
    show(element("p", { class: "part-title" }), "original"),
    quoted(said(passage, "report")),
  ];
}

function said({ difference }, side) {
  return difference.map((piece) => piece[side]).join("");
}

/** A piece of the difference; what is struck out or added is said to screen readers too. */
function pieceElements({ operation, quote, report, figure }) {
  if (operation === "equal") return [quote];
  const sort = figure ? "figure" : null;
  const hidden = (key) => show(element("span", { class: "visually-hidden" }), key);
  const made = [];
  if (quote !== "") made.push(element("del", { class: sort }, hidden("addedByQuote"), quote));
  if (report !== "") made.push(element("ins", { class: sort }, hidden("lackedByQuote"), report));
  return made;
}

/** Where the words stand: the first place with some more to do there, the others folded away. */
function places([first, ...others], ...actions) {
  const made = placeElements(first, ...actions);
  if (others.length === 0) return made;
  const summary = show(element("summary"), "otherPlaces", { count: others.length });
  const list = element("ul", {}, ...others.map((one) => element("li", {}, ...placeElements(one))));
  return [...made, element("details", { class: "other-places" }, summary, list)];
}

function placeElements(passage, ...before) {
  const title = element("p", { class: "proof-report", lang: "zh-CN" }, `《${passage.report.title}》`);
  const actions = element(
    "p",
    { class: "actions" },
    ...before,
    sourceLink(passage),
    copyButton("copyCitation", passage.citation.gbt7714),
    copyButton("copyMarkdown", passage.citation.markdown),
  );
  return [title, placeLine(passage), actions];
}
