// How an answer looks: the answering sentence first, then the passages it rests on; or, plainly
// apart from that, that there is none and what comes nearest.

import { citeButton } from "./citing.js";
import { comparisonTable } from "./comparison.js";
import { copyButton } from "./copying.js";
import { button, element, marked, strengthened } from "./elements.js";
import { feedbackButtons } from "./feedback.js";
import { show, text } from "./language.js";
import { highlighted, placeLine, sourceLink } from "./passage_parts.js";
import { rowPairs, rowSentence, rowTable } from "./tables.js";
import { offerWriting } from "./writing.js";

const SURE = 0.85;
const FAIRLY_SURE = 0.65;

// A later passage is first shown as this many characters on either side of what it highlights.
const CONTEXT = 48;
const LEAD = 140;

// Sentences of reports can run over many lines; these are set smaller.
const LONG_SENTENCE = 70;

let answersShown = 0;

/** The elements of an answer, in order; `history` are the turns before it. */
export function answerElements(answer, history) {
  answersShown += 1;
  answer.asked = { question: answer.question, history };
  for (const passage of answer.passages) passage.cardId = `passage-${answersShown}-${passage.rank}`;
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

/** What was made of the question, where that is not plain: completed, corrected, put otherwise. */
function understanding({ question, resolved_question: resolved, understood, silent }) {
  const lines = [];
  if (resolved !== question) lines.push(["understoodAs", { question: resolved }]);
  for (const { wrong, right } of understood.respellings) lines.push(["respelt", { wrong, right }]);
  for (const { text, name } of understood.subjects) {
    if (!name.includes(text)) lines.push(["subjectMeant", { text, name }]);
  }
  for (const { word, synonyms } of understood.synonyms) {
    lines.push(["synonymsTried", { word, synonyms: synonyms.join("、") }]);
  }
  if (silent.length > 0) lines.push(["silent", { names: silent.join("、") }]);
  return lines.map((line) => show(element("p", { class: "understood" }), ...line));
}

function found(answer) {
  const parts = [];
  const table = comparisonTable(answer);
  if (table !== null) parts.push(table);
  else if (answer.answer !== null) parts.push(quotation(answer));
  parts.push(offerWriting(answer.asked, answer.passages));
  parts.push(show(element("h3", { class: "passages-title" }), "evidence"));
  parts.push(passageList(answer, answer.answer?.passage));
  return parts;
}

function notFound(answer) {
  const { passages, lacks } = answer;
  const any = passages.length > 0;
  const parts = [
    element(
      "div",
      { class: "not-found" },
      show(element("p", { class: "not-found-title" }), "notFound"),
      ...lacks.map(lackLine),
      show(element("p"), any ? "notFoundHint" : "nothingNear"),
    ),
  ];
  if (any) {
    parts.push(show(element("h3", { class: "passages-title" }), "nearest"));
    parts.push(passageList(answer));
  }
  return parts;
}

function quotation(answered) {
  const { answer, confidence } = answered;
  const passage = answeringPassage(answered);
  const size = answer.text.length > LONG_SENTENCE ? "long" : null;
  const words = passage.kind === "table" ? rowPairs(passage.text) : quoted(answer.text, passage);
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

function lackLine({ subject, message: { zh, en } }) {
  const both = subject === null ? { zh, en } : { zh: `${subject}：${zh}`, en: `${subject}: ${en}` };
  return show(element("p"), "inBothLanguages", both);
}

/** The answering sentence, with the figures in it that are asked for. */
function quoted(sentence, { text, highlights: [range], figures }) {
  const points = Array.from(text);
  if (range === undefined || points.slice(...range).join("") !== sentence) return sentence;
  return strengthened(points, figures, ...range);
}

function confidenceMark(confidence) {
  const level = confidence >= SURE ? "sure" : confidence >= FAIRLY_SURE ? "fairlySure" : "unsure";
  return show(element("span", { class: `confidence confidence-${level}` }), level);
}

/** The passages; the one that answers is shown whole, the others around their highlights. */
function passageList({ passages, asked }, answering = null) {
  const cards = passages.map((passage) => card(passage, passage.rank === answering, asked));
  const kind = answering === null ? "passages nearest" : "passages";
  return element("ol", { class: kind }, ...cards);
}

function card(passage, answers, asked) {
  const { report } = passage;
  const title = element("h4", { lang: "zh-CN" }, report.title);
  const head = element("header", {}, element("span", { class: "rank" }, String(passage.rank)), title);
  if (passage.subject !== null && !report.title.includes(passage.subject)) {
    head.append(element("span", { class: "subject", lang: "zh-CN" }, passage.subject));
  }
  if (report.date !== null) head.append(element("time", { datetime: report.date }, report.date));
  return element(
    "li",
    { class: answers ? "passage answering" : "passage", id: passage.cardId, tabindex: "-1" },
    head,
    placeLine(passage),
    passageText(passage, answers),
    ...alsoSaid(passage),
    ...missingInReference(passage),
    actions(passage, asked),
    why(passage),
  );
}

/** Where the reports say the same once more: a draft, another edition. */
function alsoSaid({ also }) {
  if (also.length === 0) return [];
  const links = also.map(({ report, paragraph, url }) => {
    const link = element("a", { class: "action", href: url, target: "_blank", rel: "noopener" });
    const place = show(element("span"), "paragraph", { number: paragraph });
    link.append(element("span", { lang: "zh-CN" }, `《${report.title}》`), " ", place);
    return link;
  });
  return [element("p", { class: "also" }, show(element("span"), "alsoSaid"), ...links)];
}

/** What the reference lacks because the report does not state it, and where to fill it in. */
function missingInReference({ citation: { missing }, report }) {
  if (missing.length === 0) return [];
  const address = `/reports/${encodeURIComponent(report.id)}#edit`;
  const link = element("a", { class: "action manages", href: address, target: "_blank", rel: "noopener" });
  const names = missing.map((field) => text(field)).join("、");
  const line = show(element("span"), "referenceLacks", { names });
  return [element("p", { class: "also" }, line, show(link, "fillIn"))];
}

/** Why the passage was found, folded away. */
function why({ why: { words, similarity, named } }) {
  const reasons = element("ul");
  const add = (key, values) => reasons.append(show(element("li"), key, values));
  if (named) add("whyNamed", {});
  if (words.length > 0) add("whyWords", { words: words.join("、") });
  add("whySimilar", { similarity: similarity.toFixed(2) });
  return element("details", { class: "why" }, show(element("summary"), "why"), reasons);
}

function passageText({ kind, text, highlights, figures }, whole) {
  if (kind === "table") return rowTable(text, highlights);
  const points = Array.from(text);
  const body = element("p", { class: "passage-text", lang: "zh-CN" });
  const [from, to] = whole ? [0, points.length] : excerpt(points, highlights);
  if (from === 0 && to === points.length) {
    body.append(marked(points, highlights, figures));
    return body;
  }
  const shorten = () =>
    body.replaceChildren(
      from > 0 ? "……" : "",
      marked(points, highlights, figures, from, to),
      to < points.length ? "……" : "",
    );
  shorten();
  const more = button("action", (pressed) => {
    const open = pressed.getAttribute("aria-expanded") === "false";
    pressed.setAttribute("aria-expanded", String(open));
    show(pressed, open ? "collapse" : "expand");
    if (open) body.replaceChildren(marked(points, highlights, figures));
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

function actions(passage, asked) {
  return element(
    "p",
    { class: "actions" },
    sourceLink(passage),
    copyButton("copyCitation", passage.citation.gbt7714),
    copyButton("copyMarkdown", passage.citation.markdown),
    citeButton(passage),
    feedbackButtons(asked, passage, highlighted(passage)),
  );
}
