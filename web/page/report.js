// The report in full. The address says which paragraph is meant (#p23) and, if it comes from an
// answer, which words (?quote=…).

import { allParagraphs, Failure, getReport } from "./api.js";
import { announce, element, marked } from "./elements.js";
import { label, offerLanguages, show, text } from "./language.js";

const page = document.getElementById("report");
const outline = document.getElementById("outline");
// For each paragraph's element, how to mark a quote in it.
const quotable = new WeakMap();
const WIDE = "(min-width: 64rem)";

offerLanguages(document.getElementById("language"));
document.getElementById("outline-fold").open = matchMedia(WIDE).matches;
addEventListener("hashchange", showTarget);
open(decodeURIComponent(location.pathname.split("/").at(-1)));

async function open(id) {
  try {
    const [report, paragraphs] = await Promise.all([getReport(id), allParagraphs(id)]);
    document.title = `${report.title} · 有据`;
    page.replaceChildren(heading(report), body(report, paragraphs));
    showOutline(report.outline, paragraphs);
    showTarget();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.retryAfter !== null) {
      setTimeout(() => open(id), error.retryAfter * 1000);
      return;
    }
    page.replaceChildren(failureElement(error));
    announce(`${error.title} ${error.detail}`);
  }
  page.removeAttribute("aria-busy");
}

function heading(report) {
  const head = element("header", { class: "report-head", lang: "zh-CN" });
  head.append(element("h1", {}, report.title));
  if (report.subtitle !== null) head.append(element("p", { class: "subtitle" }, report.subtitle));
  head.append(metadata(report));
  return head;
}

/** What the report states about itself; what it does not state is not there. */
function metadata(report) {
  const list = element("dl", { class: "metadata" });
  const rows = [
    ["date", report.date],
    ["organisation", report.organisation],
    ["publisher", report.publisher],
    ["authors", report.authors.join("、") || null],
    ["file", report.file],
  ];
  for (const [key, value] of rows) {
    if (value !== null) list.append(row(key, element("dd", {}, value)));
  }
  const count = show(element("dd"), "paragraphs", { count: report.paragraph_count });
  list.append(row("length", count));
  return list;
}

function row(key, value) {
  return element("div", {}, show(element("dt"), key), value);
}

function body(report, paragraphs) {
  const text = element("div", { class: "report-body", lang: "zh-CN" });
  const sections = report.outline.map((section, i) => ({ ...section, anchor: `s${i}` }));
  for (const paragraph of paragraphs) {
    const headings = sections.filter((section) => section.first_paragraph === paragraph.ordinal);
    const runIn = headings.find((section) => runsInto(section, paragraph));
    for (const section of headings) {
      if (section !== runIn) text.append(sectionHeading(section));
    }
    text.append(paragraphElement(paragraph, runIn));
  }
  const last = paragraphs.at(-1)?.ordinal ?? -1;
  text.append(...sections.filter(({ first_paragraph: at }) => at > last).map(sectionHeading));
  return text;
}

function sectionHeading({ heading: words, level, anchor }) {
  const size = Math.min(level + 1, 6);
  return element(`h${size}`, { id: anchor, tabindex: "-1" }, words);
}

/** A run-in heading is the beginning of its paragraph ("（一）稳中求进。全年……"). */
function runsInto({ heading: words }, paragraph) {
  return paragraph.text.startsWith(words);
}

function paragraphElement({ ordinal, text: words, kind }, runIn) {
  const link = element("a", { class: "number", href: `#p${ordinal}` }, String(ordinal));
  label(link, "linkToParagraph", { number: ordinal });
  const content = element("p");
  const id = `p${ordinal}`;
  const made = element("div", { id, class: `paragraph kind-${kind}`, tabindex: "-1" }, link, content);
  const points = Array.from(words);
  const write = (ranges) => content.replaceChildren(...wordsOf(points, ranges, runIn));
  write([]);
  quotable.set(made, (quote) => write(rangesOf(words, quote)));
  return made;
}

function wordsOf(points, ranges, runIn) {
  if (runIn === undefined) return [marked(points, ranges)];
  const length = Array.from(runIn.heading).length;
  const strong = element("strong", { id: runIn.anchor, tabindex: "-1" });
  strong.append(marked(points, ranges, 0, length));
  return [strong, marked(points, ranges, length)];
}

function rangesOf(words, quote) {
  const at = quote === "" ? -1 : words.indexOf(quote);
  if (at === -1) return [];
  const start = Array.from(words.slice(0, at)).length;
  return [[start, start + Array.from(quote).length]];
}

function showOutline(sections, paragraphs) {
  if (sections.length === 0 || paragraphs.length === 0) return;
  const items = sections.map(({ heading: words, level }, i) => {
    const link = element("a", { href: `#s${i}`, lang: "zh-CN" }, words);
    return element("li", { class: `level-${Math.min(level, 4)}` }, link);
  });
  document.getElementById("outline-list").replaceChildren(...items);
  outline.hidden = false;
}

/** Bring what the address names into view, and its paragraph to the keyboard. */
function showTarget() {
  for (const old of page.querySelectorAll(".target")) old.classList.remove("target");
  const name = location.hash.slice(1);
  if (name === "") return;
  const target = document.getElementById(name);
  if (target === null) {
    sayMissing(name);
    return;
  }
  const paragraph = target.matches(".paragraph");
  target.classList.add("target");
  if (paragraph) quotable.get(target)(new URLSearchParams(location.search).get("quote") ?? "");
  target.scrollIntoView({ block: paragraph ? "center" : "start" });
  target.focus({ preventScroll: true });
}

function sayMissing(name) {
  const number = /^p(\d+)$/.exec(name)?.[1];
  if (number === undefined) return;
  page.querySelector(".missing")?.remove();
  const notice = element("p", { class: "notice missing" });
  page.querySelector(".report-head").after(show(notice, "noSuchParagraph", { number }));
  announce(text("noSuchParagraph", { number }));
}

function failureElement(failure) {
  const home = show(element("a", { class: "secondary", href: "/" }), "backToQuestions");
  return element(
    "div",
    { class: "failure" },
    element("h1", { class: "failure-title" }, failure.title),
    failure.status === 404 ? show(element("p"), "reportGone") : element("p", {}, failure.detail),
    element("p", {}, home),
  );
}
