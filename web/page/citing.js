// References to several passages at once: chosen at their cards, copied or saved as one list.

import { Failure, getCitations, getCitationsFile } from "./api.js";
import { copy } from "./copying.js";
import { announce, button } from "./elements.js";
import { clearFailure, tellFailure } from "./failing.js";
import { label, show, text } from "./language.js";
import { saveFile } from "./saving.js";

const bar = document.getElementById("citing");
const count = bar.querySelector("#citing-count");
const style = bar.querySelector("#citing-style");
const copyList = bar.querySelector("#citing-copy");
const files = bar.querySelector("#citing-files");

/** Names of the chosen passages, `report:paragraph`, in the order they were chosen. */
let chosen = [];

export function offerCiting() {
  copyList.addEventListener("click", copyReferences);
  bar.querySelector("#citing-clear").addEventListener("click", () => choose([]));
  files.addEventListener("change", saveReferences);
}

/** A button that takes a passage into the list, or out of it. */
export function citeButton({ report, paragraph }) {
  const name = `${report.id}:${paragraph}`;
  const made = button("action cite", () => {
    choose(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  });
  made.dataset.passage = name;
  label(made, "citeNamed", { title: report.title, number: paragraph });
  showChosen(made);
  return show(made, "cite");
}

function choose(names) {
  chosen = names;
  bar.hidden = chosen.length === 0;
  clearFailure(bar);
  show(count, "citingCount", { count: chosen.length });
  for (const made of document.querySelectorAll("button.cite")) showChosen(made);
  announce(text("citingCount", { count: chosen.length }));
}

function showChosen(made) {
  made.setAttribute("aria-pressed", String(chosen.includes(made.dataset.passage)));
}

async function copyReferences() {
  await attempt(async () => {
    const done = await copy(await getCitations(chosen, style.value));
    show(copyList, done ? "copied" : "notCopied");
    announce(copyList.textContent);
    setTimeout(() => show(copyList, "citingCopy"), 2000);
  });
}

async function saveReferences() {
  const format = files.value;
  files.value = "";
  if (format === "") return;
  await attempt(async () => saveFile(await getCitationsFile(chosen, style.value, format)));
}

async function attempt(work) {
  clearFailure(bar);
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tellFailure(bar, error);
  }
}
