// A report to read: heading, outline, text, and the paragraph that is meant with the words that are
// meant marked. It fills whatever element it is given: a page of its own, or a panel beside others.

import { allParagraphs, getReport } from "./api.js";
import { announce, element } from "./elements.js";
import { label, show, text } from "./language.js";
import { quoteRange } from "./matching.js";
import { offerTools } from "./paragraph_tools.js";
import { markQuote, reportBody } from "./paragraphs.js";
import { searchForm } from "./report_search.js";
import { doubtsElement, metadataElements } from "./understanding.js";

// From this width in rem the outline stands beside the text; report.css has the same.
const WIDE = 64;

// Of the words that a report no longer has, at most this many are repeated.
const LONGEST_QUOTED = 200;

/**
 * Show a report in an element. Throws a Failure.
 *
 * `paragraph` (a number), `section` (its number in the outline) and `quote` say what is meant.
 * `prefix` stands before all ids. `actions` are elements beside the search. `onGo` is told the
 * address of every place to which a link in the report led.
 *
 * Gives `report`; `show({paragraph, section, quote})`; and `describe(report)`, which renews the
 * heading after the report's metadata have changed.
 */
export async function openReport(
  container,
  id,
  { prefix = "", actions = [], onGo = () => {}, ...meant } = {},
) {
  const [report, paragraphs] = await Promise.all([getReport(id), allParagraphs(id)]);
  const base = `/reports/${encodeURIComponent(id)}`;
  const place = (name) => ({ id: `${prefix}${name}`, address: `${base}#${name}` });
  const head = element("header", { class: "report-head" });
  const notice = element("div", { class: "notice missing", hidden: "" });
  const body = reportBody(report, paragraphs, place);
  const search = searchForm(body, prefix);
  const bar = element("div", { class: "report-bar" }, search.form, ...actions);
  const reading = element("div", { class: "report-text", id: `${prefix}text`, tabindex: "-1" });
  reading.append(head, bar, notice, body);
  const layout = element("div", { class: "report-layout" }, reading);
  if (report.outline.length > 0 && paragraphs.length > 0) {
    layout.prepend(outlineElement(report.outline, place, isWide(container)));
  }
  container.replaceChildren(element("div", { class: "report-view" }, layout));
  offerTools(body, report, paragraphs, prefix);

  const view = {
    report,
    show(wanted) {
      showPlace(body, notice, paragraphs, prefix, wanted);
      search.redraw();
    },
    describe(described) {
      head.replaceChildren(...heading(described, place));
    },
  };
  container.firstElementChild.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link === null || !isPlain(event) || !link.getAttribute("href").startsWith(`${base}#`)) return;
    event.preventDefault();
    view.show(placeNamed(link.hash.slice(1)));
    onGo(link.getAttribute("href"));
  });
  view.describe(report);
  view.show(meant);
  return view;
}

/** What the name of a place in an address means: `p23` a paragraph, `s4` a section. */
export function placeNamed(name) {
  const [, kind, number] = /^([ps])(\d+)$/.exec(name) ?? [];
  if (kind === undefined) return {};
  return kind === "p" ? { paragraph: Number(number) } : { section: Number(number) };
}

function isWide({ clientWidth }) {
  return clientWidth >= WIDE * parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function isTall({ clientHeight }) {
  return clientHeight > innerHeight / 2;
}

function isPlain({ button, altKey, ctrlKey, metaKey, shiftKey }) {
  return button === 0 && !altKey && !ctrlKey && !metaKey && !shiftKey;
}

function heading(report, place) {
  const parts = [element("h1", { lang: "zh-CN" }, report.title)];
  if (report.subtitle !== null) {
    parts.push(element("p", { class: "subtitle", lang: "zh-CN" }, report.subtitle));
  }
  parts.push(...metadataElements(report));
  if (report.doubts.length > 0) parts.push(doubtsElement(report, place));
  return parts;
}

/** The headings as lists in lists, so that a screen reader tells the levels too. */
function outlineElement(sections, place, wide) {
  const fold = element("details", {}, show(element("summary"), "outline"));
  fold.open = wide;
  const open = [{ level: 0, item: fold }];
  sections.forEach(({ heading: words, level }, i) => {
    while (open.at(-1).level >= level) open.pop();
    const link = element("a", { href: place(`s${i}`).address, lang: "zh-CN" }, words);
    const item = element("li", {}, link);
    const parent = open.at(-1).item;
    const list = parent.querySelector(":scope > ol") ?? element("ol");
    list.append(item);
    parent.append(list);
    open.push({ level, item });
  });
  return label(element("nav", { class: "outline" }, fold), "outline");
}

/** Bring what is meant into view, and its paragraph to the keyboard. */
function showPlace(body, notice, paragraphs, prefix, { paragraph, section, quote = "" }) {
  for (const old of body.querySelectorAll(".target")) {
    old.classList.remove("target");
    if (old.matches(".paragraph")) markQuote(old, "");
  }
  const found = paragraph === undefined ? null : locate(paragraphs, paragraph, quote);
  sayChanged(notice, found, paragraph, quote);
  const name = found === null ? `s${section}` : `p${found.ordinal}`;
  const target = document.getElementById(`${prefix}${name}`);
  if (target === null) {
    if (!notice.hidden) notice.scrollIntoView({ block: "center" });
    return;
  }
  const fold = target.closest("details");
  if (fold !== null) fold.open = true;
  target.classList.add("target");
  if (found !== null) markQuote(target, quote);
  const mark = found === null ? null : target.querySelector("mark");
  // The words are what is meant; a paragraph can be taller than the window.
  if (mark !== null) mark.scrollIntoView({ block: "center" });
  else target.scrollIntoView({ block: found === null || isTall(target) ? "start" : "center" });
  target.focus({ preventScroll: true });
}

/**
 * The paragraph that an address means: the one of that number if it has the quote; else the nearest
 * one that has it; else the one of that number. `notice` names what is to be said, if anything.
 */
function locate(paragraphs, number, quote) {
  const numbered = paragraphs.find(({ ordinal }) => ordinal === number);
  const holds = ({ text: words }) => quoteRange(words, quote) !== null;
  if (quote.trim() === "") {
    return { ordinal: number, notice: numbered === undefined ? "noSuchParagraph" : null };
  }
  if (numbered !== undefined && holds(numbered)) return { ordinal: number, notice: null };
  const distance = ({ ordinal }) => Math.abs(ordinal - number);
  const [nearest] = paragraphs.filter(holds).sort((a, b) => distance(a) - distance(b));
  if (nearest !== undefined) return { ordinal: nearest.ordinal, notice: "quoteMoved" };
  return { ordinal: number, notice: numbered === undefined ? "quoteGone" : "quoteChanged" };
}

function sayChanged(notice, found, number, quote) {
  notice.hidden = (found?.notice ?? null) === null;
  notice.replaceChildren();
  if (notice.hidden) return;
  const values = { number, now: found.ordinal };
  notice.append(show(element("p"), found.notice, values));
  if (found.notice !== "noSuchParagraph" && found.notice !== "quoteMoved") {
    const points = Array.from(quote.trim());
    const words = points.slice(0, LONGEST_QUOTED).join("");
    const more = points.length > LONGEST_QUOTED ? "……" : "";
    notice.append(element("blockquote", { lang: "zh-CN" }, `${words}${more}`));
  }
  announce(text(found.notice, values));
}
