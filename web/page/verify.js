// The page on which a writer checks quotations: one, or all those of an article.

import { checkArticle, checkFile, checkQuote, Failure } from "./api.js";
import { offerDropping } from "./dropping.js";
import { announce, element } from "./elements.js";
import { offerLanguages, show, text } from "./language.js";
import { proofElement, tally } from "./proofs.js";
import { offerSigningIn } from "./signing_in.js";

const form = document.getElementById("check");
const words = form.querySelector("#words");
const hint = form.querySelector("#words-hint");
const send = form.querySelector("#check-now");
const stop = form.querySelector("#stop");
const file = form.querySelector("#article-file");
const problem = document.getElementById("problem");
const asArticle = document.getElementById("as-article");
const results = document.getElementById("results");
const title = results.querySelector("#results-title");
const tallyList = results.querySelector("#tally");
const onlyWrong = results.querySelector("#only-wrong");
const list = results.querySelector("#proofs");

const REFUSED = 422;

// One pair of marks around a whole quotation is the writer's own.
const MARKED = /^\s*(?:“([^“”]*)”|「([^「」]*)」|"([^"]*)")\s*$/;

// A quotation of some length within what was given as one quotation.
const QUOTES_WITHIN = /[“「『"][^”」』"]{6,}[”」』"]/;

let pending = null;

offerLanguages(document.getElementById("language"));
offerSigningIn();
offerDropping(document.getElementById("drop-hint"), ([article]) => checkChosen(article));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  checkWords();
});
form.addEventListener("change", ({ target }) => {
  if (target.name === "what") showHint();
});
words.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  checkWords();
});
file.addEventListener("change", () => {
  const [article] = file.files;
  file.value = "";
  if (article !== undefined) checkChosen(article);
});
asArticle.querySelector("button").addEventListener("click", () => {
  chooseArticle();
  checkWords();
});
stop.addEventListener("click", () => pending?.abort());
onlyWrong.addEventListener("change", showChosen);
showHint();
if (!matchMedia("(pointer: coarse)").matches) words.focus({ preventScroll: true });

function isArticle() {
  return form.elements.what.value === "article";
}

function showHint() {
  show(hint, isArticle() ? "articleHint" : "quoteHint");
}

function checkWords() {
  if (words.value.trim() === "") {
    words.focus();
    return;
  }
  if (isArticle()) check((signal) => checkArticle(words.value, signal));
  else check((signal) => quoteAsItem(words.value, signal));
}

function chooseArticle() {
  form.elements.what.value = "article";
  showHint();
}

function checkChosen(article) {
  chooseArticle();
  check((signal) => checkFile(article, signal), article.name);
}

/** One quotation, in the form that those of an article have. */
async function quoteAsItem(written, signal) {
  const quote = MARKED.exec(written)?.slice(1).find((inner) => inner !== undefined) ?? written;
  const verdict = await checkQuote(quote, signal);
  return { items: [{ ...verdict, quote: quote.trim(), line: null, paragraph: null }] };
}

/** Have something checked, and show what comes of it or what went wrong. */
async function check(work, name = null) {
  pending?.abort();
  const controller = new AbortController();
  pending = controller;
  wait(true);
  problem.hidden = true;
  asArticle.hidden = true;
  announce(text("checking"));
  try {
    const reply = await work(controller.signal);
    showResults(reply, name);
    offerArticle(reply.items.some(({ status }) => status !== "verbatim"));
  } catch (error) {
    if (pending !== controller) return;
    if (controller.signal.aborted) {
      announce(text("stopped"));
    } else if (error instanceof Failure) {
      showFailure(error, name);
      offerArticle(error.status === REFUSED);
    } else {
      throw error;
    }
  } finally {
    if (pending === controller) {
      pending = null;
      wait(false);
    }
  }
}

/** Where one quotation did not do, and there are quotations in it, offer to check those. */
function offerArticle(wrong) {
  asArticle.hidden = isArticle() || !wrong || !QUOTES_WITHIN.test(words.value);
}

function wait(waiting) {
  send.hidden = waiting;
  stop.hidden = !waiting;
  results.setAttribute("aria-busy", String(waiting));
}

function showFailure({ title: what, message }, name) {
  results.hidden = true;
  problem.textContent = `${name === null ? "" : `${name} `}${what} ${message}`;
  problem.hidden = false;
}

function showResults(reply, name) {
  const count = reply.items.length;
  if (count === 0) show(title, "nothingToCheck");
  else show(title, name === null ? "checked" : "checkedFile", { count, name });
  tallyList.replaceChildren(...tally(reply));
  list.replaceChildren(...reply.items.map(proofElement));
  const wrong = reply.items.filter(({ status }) => status !== "verbatim").length;
  onlyWrong.checked = false;
  onlyWrong.parentElement.hidden = wrong === 0 || wrong === count;
  showChosen();
  results.hidden = false;
  announce("");
  title.focus({ preventScroll: true });
  results.scrollIntoView({ block: "start" });
}

function showChosen() {
  for (const item of list.querySelectorAll(".proof-verbatim")) item.hidden = onlyWrong.checked;
}
