// How an answer looks: the answering sentence first, then the passages it rests on; or, plainly
// apart from that, that there is none and what comes nearest.

import { copyButton } from "./copying.js";
import { button, element, marked } from "./elements.js";
import { show } from "./language.js";
import { rowPairs, rowSentence, rowTable } from "./tables.js";

const SURE = 0.85;
const FAIRLY_SURE = 0.65;

// A later passage is first shown as this many characters on either side of what it highlights.
const CONTEXT = 48;
const LEAD = 140;

// Sentences of reports can run over many lines; these are set smaller.
const LONG_SENTENCE = 70;

/** The elements of an answer, in order. */
export function answerElements(answer) {
  return [
    ...understanding(answer),
    ...(answer.answerable ? found(answer) : notFound(answer)),
  ];
}

/** What a screen reader is told, as a text and its values. */
export function summary(answer) {
  if (answer.answer === null) return ["notFound", {}];
  const { kind, text } = answeringPassage(answer);
  return ["announceAnswer", { text: kind === "table" ? rowSentence(text) : answer.answer.text }];
}

function answeringPassage({ answer, passages }) {
  return passages.find(({ rank }) => rank === answer.passage) ?? passages[0];
}

function understanding({ question, resolved_question: resolved }) {
  if (resolved === question) return [];
  return [show(element("p", { class: "understood" }), "understoodAs", { question: resolved })];
}

function found(answer) {
  const parts = [];
  if (answer.answer !== null) parts.push(quotation(answer));
  parts.push(show(element("h3", { class: "passages-title" }), "evidence"));
  parts.push(passageList(answer.passages, answer.answer?.passage));
  return parts;
}

function notFound({ passages }) {
  const any = passages.length > 0;
  const parts = [
    element(
      "div",
      { class: "not-found" },
      show(element("p", { class: "not-found-title" }), "notFound"),
      show(element("p"), any ? "notFoundHint" : "nothingNear"),
    ),
  ];
  if (any) {
    parts.push(show(element("h3", { class: "passages-title" }), "nearest"));
    parts.push(passageList(passages));
  }
  return parts;
}

function quotation(answered) {
  const { answer, confidence } = answered;
  const passage = answeringPassage(answered);
  const size = answer.text.length > LONG_SENTENCE ? "long" : null;
  const words = passage.kind === "table" ? rowPairs(passage.text) : answer.text;
  return element(
    "figure",
    { class: "answer" },
    element("blockquote", { class: size, lang: "zh-CN" }, words),
    element(
      "figcaption",
      {},
      element("span", { class: "answer-source", lang: "zh-CN" }, `《${passage.report.title}》`),
      confidenceMark(confidence),
    ),
  );
}

function confidenceMark(confidence) {
  const level = confidence >= SURE ? "sure" : confidence >= FAIRLY_SURE ? "fairlySure" : "unsure";
  return show(element("span", { class: `confidence confidence-${level}` }), level);
}

/** The passages; the one that answers is shown whole, the others around their highlights. */
function passageList(passages, answering = null) {
  const cards = passages.map((passage) => card(passage, passage.rank === answering));
  const kind = answering === null ? "passages nearest" : "passages";
  return element("ol", { class: kind }, ...cards);
}

function card(passage, answers) {
  const { report } = passage;
  const title = element("h4", { lang: "zh-CN" }, report.title);
  const head = element("header", {}, element("span", { class: "rank" }, String(passage.rank)), title);
  if (report.date !== null) head.append(element("time", { datetime: report.date }, report.date));
  return element(
    "li",
    { class: answers ? "passage answering" : "passage" },
    head,
    place(passage),
    passageText(passage, answers),
    actions(passage),
  );
}

function place({ section, paragraph }) {
  const line = element("p", { class: "place" });
  for (const heading of section) {
    line.append(element("span", { class: "crumb", lang: "zh-CN" }, heading));
  }
  line.append(show(element("span", { class: "crumb" }), "paragraph", { number: paragraph }));
  return line;
}

function passageText({ kind, text, highlights }, whole) {
  if (kind === "table") return rowTable(text, highlights);
  const points = Array.from(text);
  const body = element("p", { class: "passage-text", lang: "zh-CN" });
  const [from, to] = whole ? [0, points.length] : excerpt(points, highlights);
  if (from === 0 && to === points.length) {
    body.append(marked(points, highlights));
    return body;
  }
  const shorten = () =>
    body.replaceChildren(
      from > 0 ? "……" : "",
      marked(points, highlights, from, to),
      to < points.length ? "……" : "",
    );
  shorten();
  const more = button("action", (pressed) => {
    const open = pressed.getAttribute("aria-expanded") === "false";
    pressed.setAttribute("aria-expanded", String(open));
    show(pressed, open ? "collapse" : "expand");
    if (open) body.replaceChildren(marked(points, highlights));
    else shorten();
  });
  more.setAttribute("aria-expanded", "false");
  return element("div", { class: "folded" }, body, show(more, "expand"));
}

/** The range of a passage to show at first: around its highlights, and all of a short one. */
function excerpt(points, highlights) {
  const start = Math.min(...highlights.map(([first]) => first));
  const end = Math.max(...highlights.map(([, last]) => last));
  const range = highlights.length > 0 ? [start - CONTEXT, end + CONTEXT] : [0, LEAD];
  const [from, to] = [Math.max(0, range[0]), Math.min(points.length, range[1])];
  return points.length - (to - from) < CONTEXT ? [0, points.length] : [from, to];
}

function actions(passage) {
  const link = element("a", {
    class: "action",
    href: sourceAddress(passage),
    target: "_blank",
    rel: "noopener",
  });
  link.append(
    show(element("span"), "openInReport"),
    show(element("span", { class: "visually-hidden" }), "newTab"),
  );
  return element(
    "p",
    { class: "actions" },
    link,
    copyButton("copyCitation", passage.citation.gbt7714),
    copyButton("copyMarkdown", passage.citation.markdown),
  );
}

/** The passage's address, with the words that its report is to mark. */
function sourceAddress({ url, text, highlights }) {
  const [path, hash] = url.split("#");
  if (highlights.length === 0) return url;
  const quote = Array.from(text).slice(...highlights[0]).join("");
  return `${path}?quote=${encodeURIComponent(quote)}#${hash}`;
}
