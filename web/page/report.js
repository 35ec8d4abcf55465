// The report in full. The address says which paragraph is meant (#p23) and, if it comes from an
// answer, which words (?quote=…).

import { allParagraphs, Failure, getReport } from "./api.js";
import { announce, element } from "./elements.js";
import { offerLanguages, show, text } from "./language.js";
import { markQuote, reportBody } from "./paragraphs.js";
import { doubtsElement, metadataElements } from "./understanding.js";

const page = document.getElementById("report");
const outline = document.getElementById("outline");
const WIDE = "(min-width: 64rem)";

offerLanguages(document.getElementById("language"));
document.getElementById("outline-fold").open = matchMedia(WIDE).matches;
addEventListener("hashchange", showTarget);
open(decodeURIComponent(location.pathname.split("/").at(-1)));

async function open(id) {
  try {
    const [report, paragraphs] = await Promise.all([getReport(id), allParagraphs(id)]);
    document.title = `${report.title} · 有据`;
    page.replaceChildren(heading(report), reportBody(report, paragraphs));
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
  const head = element("header", { class: "report-head" });
  head.append(element("h1", { lang: "zh-CN" }, report.title));
  if (report.subtitle !== null) {
    head.append(element("p", { class: "subtitle", lang: "zh-CN" }, report.subtitle));
  }
  head.append(...metadataElements(report));
  if (report.doubts.length > 0) head.append(doubtsElement(report));
  return head;
}

/** The headings as lists in lists, so that a screen reader tells the levels too. */
function showOutline(sections, paragraphs) {
  if (sections.length === 0 || paragraphs.length === 0) return;
  const open = [{ level: 0, item: document.getElementById("outline-fold") }];
  sections.forEach(({ heading: words, level }, i) => {
    while (open.at(-1).level >= level) open.pop();
    const item = element("li", {}, element("a", { href: `#s${i}`, lang: "zh-CN" }, words));
    const parent = open.at(-1).item;
    const list = parent.querySelector(":scope > ol") ?? element("ol");
    list.append(item);
    parent.append(list);
    open.push({ level, item });
  });
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
  const fold = target.closest("details");
  if (fold !== null) fold.open = true;
  const paragraph = target.matches(".paragraph");
  target.classList.add("target");
  if (paragraph) markQuote(target, new URLSearchParams(location.search).get("quote") ?? "");
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
