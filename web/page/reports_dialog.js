// The reports at hand: which of them are asked, adding some, taking some out.

import {
  Failure,
  listAllReports,
  listImports,
  listRemoved,
  removeReport,
  rereadReport,
  restoreReport,
  watchImport,
} from "./api.js";
import { actWhenSure } from "./confirming.js";
import { announce, button, element } from "./elements.js";
import { label, show, text } from "./language.js";
import { scope, setScope } from "./scope.js";
import { offerUploads, resumeUploads } from "./uploads.js";

const dialog = document.getElementById("reports-dialog");
const list = dialog.querySelector("#report-rows");
const removedList = dialog.querySelector("#removed-reports");
const search = dialog.querySelector("#report-search");
const year = dialog.querySelector("#report-year");
const body = dialog.querySelector("#report-body");
const all = dialog.querySelector("#report-all");
const problem = dialog.querySelector("#reports-problem");

let reports = [];
let told = () => {};

/** Wire the dialog; `changed` gets the reports whenever they have changed. */
export function offerReports(openButton, changed) {
  told = changed;
  openButton.addEventListener("click", openReports);
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  for (const field of [search, year, body]) field.addEventListener("input", showRows);
  all.addEventListener("change", chooseListed);
  offerUploads({
    input: dialog.querySelector("#upload"),
    list: dialog.querySelector("#uploads"),
    dropHint: document.getElementById("drop-hint"),
    opened: openReports,
    settled: refreshReports,
  });
  resume();
}

export function openReports() {
  if (dialog.open) return;
  dialog.showModal();
  refreshReports();
}

async function resume() {
  try {
    resumeUploads(dialog.querySelector("#uploads"), (await listImports()).items, refreshReports);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}

/** See which reports there are now, and forget the choice of those that are gone. */
export async function refreshReports() {
  await attempt(async () => {
    reports = await listAllReports();
    const known = new Set(reports.map(({ id }) => id));
    const kept = scope()?.filter((id) => known.has(id)) ?? null;
    setScope(kept?.length === 0 ? null : kept);
    offerChoices(year, reports.flatMap(yearsOf));
    offerChoices(body, reports.map(({ organisation }) => organisation ?? ""));
    showRows();
    await showRemoved();
    told(reports);
  });
}

/** Do something, and say in the dialog what went wrong. */
async function attempt(work) {
  problem.hidden = true;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    problem.textContent = `${error.title} ${error.message}`;
    problem.hidden = false;
    announce(problem.textContent);
  }
}

/** The years that a report is of, or looks back on. */
function yearsOf({ date, period }) {
  const [first, last = first] = (period ?? "").split("/").map((part) => Number(part.slice(0, 4)));
  const years = date === null ? [] : [date.slice(0, 4)];
  for (let one = first; first > 0 && one <= last; one += 1) years.push(String(one));
  return years;
}

function offerChoices(select, values) {
  const before = select.value;
  const choices = [...new Set(values)].filter((value) => value !== "").sort();
  while (select.options.length > 1) select.remove(1);
  for (const value of choices) select.add(element("option", { value }, value));
  select.value = choices.includes(before) ? before : "";
  select.hidden = choices.length < 2;
}

function listed() {
  const words = search.value.trim().toLowerCase();
  return reports.filter(
    (report) =>
      (year.value === "" || yearsOf(report).includes(year.value)) &&
      (body.value === "" || report.organisation === body.value) &&
      [report.title, report.file, report.organisation ?? "", report.date ?? ""].some((value) =>
        value.toLowerCase().includes(words),
      ),
  );
}

function showRows() {
  const chosen = scope();
  const some = listed();
  list.replaceChildren(...some.map((report) => row(report, chosen?.includes(report.id) ?? true)));
  show(dialog.querySelector("#report-count"), "reportsListed", {
    count: some.length,
    total: reports.length,
  });
  showAll(some);
}

function showAll(some) {
  const count = some.filter(({ id }) => scope()?.includes(id) ?? true).length;
  all.disabled = some.length === 0;
  all.checked = some.length > 0 && count === some.length;
  all.indeterminate = count > 0 && count < some.length;
}

function row(report, chosen) {
  const { id, title, date, file, organisation } = report;
  const box = element("input", { type: "checkbox" });
  box.checked = chosen;
  box.addEventListener("change", () => choose([id], box.checked));
  const details = [organisation, date, file].filter((value) => value !== null).join(" · ");
  const name = element("span", { class: "row-title", lang: "zh-CN" }, title);
  const lines = element("span", {}, name, element("span", { class: "row-details" }, details));
  return element("li", {}, element("label", {}, box, lines), rowActions(report));
}

function rowActions(report) {
  const address = `/reports/${encodeURIComponent(report.id)}`;
  const link = element("a", { class: "action", href: address, target: "_blank", rel: "noopener" });
  const again = button("action manages", () => reread(report, again));
  const out = element("button", { type: "button", class: "action manages" });
  const values = { title: report.title };
  label(again, "rereadNamed", values);
  actWhenSure(out, { once: "remove", twice: "removeSurely", values }, () => remove(report, out));
  return element(
    "span",
    { class: "row-actions" },
    show(link, "openReport"),
    show(again, "reread"),
    out,
  );
}

async function remove({ id, title }, pressed) {
  pressed.disabled = true;
  await attempt(async () => {
    await removeReport(id);
    announce(text("removed", { title }));
  });
  await refreshReports();
  search.focus();
}

async function reread({ id, title }, pressed) {
  pressed.disabled = true;
  await attempt(async () => {
    const one = await rereadReport(id);
    watchImport(one.id, ({ state, reason }) => {
      if (state === "failed") problem.textContent = reason;
      problem.hidden = state !== "failed";
      if (state === "done") announce(text("rereadDone", { title }));
      if (state === "done" || state === "failed") refreshReports();
    });
  });
}

async function showRemoved() {
  const { items } = await listRemoved();
  removedList.hidden = items.length === 0;
  removedList.querySelector("ul").replaceChildren(...items.map(removedRow));
  show(removedList.querySelector("summary"), "removedReports", { count: items.length });
}

function removedRow({ id, title }) {
  const back = button("action", async () => {
    back.disabled = true;
    await attempt(() => restoreReport(id));
    await refreshReports();
  });
  label(back, "restoreNamed", { title });
  return element("li", {}, element("span", { lang: "zh-CN" }, title), show(back, "restore"));
}

/** Ask some reports as well, or no longer; all of them are no restriction, and none is all. */
function choose(ids, wanted) {
  const before = new Set(scope() ?? reports.map(({ id }) => id));
  for (const id of ids) wanted ? before.add(id) : before.delete(id);
  const everything = before.size === reports.length;
  setScope(everything || before.size === 0 ? null : before);
  if (before.size === 0) announce(text("noneIsAll"));
  showAll(listed());
  if (before.size === 0) showRows();
}

/** With a filter set, the box above the list chooses just what is listed. */
function chooseListed() {
  const ids = listed().map(({ id }) => id);
  if (all.checked && ids.length < reports.length) setScope(ids);
  else choose(ids, all.checked);
  showRows();
}
