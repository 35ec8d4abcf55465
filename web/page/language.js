// Two languages: Chinese comes first; English is one click away and remembered. Elements remember
// which text they show, so that a switch reaches what is there. The texts are in words_*.js.

import answer from "./words_answer.js";
import chat from "./words_chat.js";
import common from "./words_common.js";
import quotations from "./words_quotations.js";
import report from "./words_report.js";
import reports from "./words_reports.js";
import signingIn from "./words_signing_in.js";

const SUBJECTS = [common, chat, answer, reports, report, quotations, signingIn];
const TEXTS = {
  zh: Object.assign({}, ...SUBJECTS.map(({ zh }) => zh)),
  en: Object.assign({}, ...SUBJECTS.map(({ en }) => en)),
};

const STORE = "youju.language";
const shown = new WeakMap();
let current = remembered();

export function language() {
  return current;
}

/** A text in the current language, with {names} filled in. */
export function text(key, values = {}) {
  return TEXTS[current][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Show a text in an element, now and after every switch of language. */
export function show(element, key, values = {}) {
  element.dataset.text = key;
  shown.set(element, values);
  element.textContent = text(key, values);
  return element;
}

/** Name an element for screen readers, now and after every switch of language. */
export function label(element, key, values = {}) {
  element.dataset.label = key;
  shown.set(element, values);
  element.setAttribute("aria-label", text(key, values));
  return element;
}

/** Make a button switch the language, and show the page in the one that was chosen last. */
export function offerLanguages(button) {
  button.addEventListener("click", () => {
    current = current === "zh" ? "en" : "zh";
    remember(current);
    translate(button);
  });
  translate(button);
}

function translate(button) {
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = text(element.dataset.text, shown.get(element));
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label, shown.get(element)));
  }
  for (const element of document.querySelectorAll("[data-placeholder]")) {
    element.placeholder = text(element.dataset.placeholder);
  }
  button.textContent = text("otherLanguage");
  button.lang = current === "zh" ? "en" : "zh-CN";
}

// Storage may be switched off; then the choice lasts as long as the page.
function remembered() {
  try {
    return localStorage.getItem(STORE) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

function remember(choice) {
  try {
    localStorage.setItem(STORE, choice);
  } catch {
    // See above.
  }
}
