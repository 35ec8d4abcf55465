// Correcting what was read about a report: a form of its fields, each with where it was read.

import { correctReport, Failure } from "./api.js";
import { announce, button, element } from "./elements.js";
import { label, show, text } from "./language.js";

// The fields, by their names in the service. `list` is a field with several values, `choices` are
// all that one can have; `hint` is the text that says how it is written.
const FIELDS = [
  { name: "title" },
  { name: "subtitle" },
  { name: "date", hint: "dateHint" },
  { name: "period", hint: "periodHint" },
  { name: "publisher" },
  { name: "authors", hint: "authorsHint", list: true },
  { name: "organisation" },
  { name: "document_type", choices: ["report", "newspaper", "webpage"] },
  { name: "edition", hint: "editionHint" },
  { name: "url" },
];

const SEPARATORS = /[、，,;；\n]/;

/** What opens the form for a report; `corrected` is told the report as it is after a change. */
export function metadataForm(report, corrected) {
  let current = report;
  let turn = Promise.resolve();
  const dialog = element("dialog", { class: "form-dialog", "aria-labelledby": "form-title" });
  const form = element("form", { novalidate: "", autocomplete: "off" });
  const problem = element("p", { class: "failure", hidden: "" });
  const save = show(element("button", { class: "primary" }), "saveCorrections");
  const cancel = show(button("quiet", () => dialog.close()), "cancel");
  const rows = FIELDS.map((field) => fieldRow(field, () => send({ [field.name]: null })));
  form.append(
    show(element("h2", { id: "form-title" }), "correctTitle"),
    show(element("p", { class: "form-lead" }), "correctLead"),
    ...rows.map(({ row }) => row),
    problem,
    element("div", { class: "form-actions" }, save, cancel),
  );
  dialog.append(form);
  document.body.append(dialog);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const changes = Object.assign({}, ...rows.map((row) => row.change()));
    if (Object.keys(changes).length === 0 || (await send(changes))) dialog.close();
  });

  /** Send some changes when those before are done; gives whether they were taken. */
  function send(changes) {
    turn = turn.then(() => sendNow(changes));
    return turn;
  }

  async function sendNow(changes) {
    say(null);
    save.disabled = true;
    try {
      current = await correctReport(current.id, changes);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      say(error);
      return false;
    } finally {
      save.disabled = false;
    }
    for (const row of rows) if (row.name in changes) row.fill(current);
    corrected(current);
    announce(text("correctionKept"));
    return true;
  }

  /** Say what was wrong: at the fields that were refused, and of the rest below them. */
  function say(failure) {
    const refused = new Map(failure?.errors.map((one) => [/^\w+/.exec(one.field)?.[0], one.reason]));
    for (const row of rows) row.refuse(refused.get(row.name) ?? "");
    const wrong = rows.find(({ name }) => refused.has(name));
    wrong?.input.focus();
    problem.hidden = failure === null || wrong !== undefined;
    problem.textContent = failure === null ? "" : `${failure.title} ${failure.detail}`;
    if (failure !== null) announce(`${failure.title} ${failure.detail}`);
  }

  return () => {
    if (dialog.open) return;
    for (const row of rows) row.fill(current);
    say(null);
    dialog.showModal();
  };
}

/** A field with its label, hint, origin and error. */
function fieldRow({ name, hint, choices, list = false }, takeBack) {
  const ids = { input: `field-${name}`, notes: `notes-${name}`, error: `error-${name}` };
  const described = { id: ids.input, "aria-describedby": `${ids.notes} ${ids.error}` };
  const options = choices?.map((value) => show(element("option", { value }), `type-${value}`));
  const input = options
    ? element("select", described, ...options)
    : element("input", { ...described, lang: "zh-CN" });
  const origin = element("span", { class: "field-origin" });
  const back = show(button("action", takeBack), "takeBack");
  const error = element("p", { class: "field-error", id: ids.error });
  const notes = element("p", { class: "field-notes", id: ids.notes }, origin);
  if (hint !== undefined) notes.append(" ", show(element("span"), hint));
  const row = element(
    "div",
    { class: "field" },
    show(element("label", { for: ids.input }), name),
    element("div", { class: "field-value" }, input, back),
    notes,
    error,
  );
  let filled = "";
  return {
    name,
    input,
    row,
    fill(report) {
      const value = report[name] ?? (list ? [] : "");
      filled = list ? value.join("、") : value;
      input.value = filled;
      const read = report.origins.filter(({ field }) => field === name);
      const isCorrected = read.some(({ place }) => place === "correction");
      back.hidden = !isCorrected;
      label(back, "takeBackField", { field: text(name) });
      sayOrigin(origin, read, { isCorrected, isEmpty: filled === "" });
    },
    change() {
      const words = input.value.trim();
      const parts = words.split(SEPARATORS).map((part) => part.trim());
      const value = list ? parts.filter((part) => part !== "") : words;
      return (list ? value.join("、") : value) === filled ? {} : { [name]: value };
    },
    refuse(reason) {
      error.textContent = reason;
      if (reason === "") input.removeAttribute("aria-invalid");
      else input.setAttribute("aria-invalid", "true");
    },
  };
}

/** Where a field was read, and the words there. */
function sayOrigin(origin, read, { isCorrected, isEmpty }) {
  origin.replaceChildren();
  if (isCorrected) {
    show(origin, "wasCorrected");
    return;
  }
  delete origin.dataset.text;
  for (const { place, quote } of read) {
    const words = element("q", { lang: "zh-CN" }, quote);
    origin.append(show(element("span", { class: "origin" }), `from-${place}`), words, " ");
  }
  if (isEmpty) origin.append(show(element("span"), "notRead"));
}
