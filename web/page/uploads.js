// Uploading: each file by itself, so that one that is refused stops no other; then how far it is.

import { Failure, uploadReport, watchImport } from "./api.js";
import { offerDropping } from "./dropping.js";
import { announce, element } from "./elements.js";
import { show, text } from "./language.js";
import { mayManage } from "./signing_in.js";

const SETTLED = ["done", "failed"];

/**
 * Take files from a button, and from whatever is dropped on the page. `list` shows each of them;
 * `settled` is called whenever one has been read.
 */
export function offerUploads({ input, list, dropHint, opened, settled }) {
  const add = async (files) => {
    opened();
    const waiting = Array.from(files, (file) => [file, line(list, file.name)]);
    for (const [file, shown] of waiting) await upload(file, shown, settled);
  };
  input.addEventListener("change", () => {
    add(Array.from(input.files));
    input.value = "";
  });
  offerDropping(dropHint, add, mayManage);
}

function line(list, name) {
  const bar = element("progress", { max: "1" });
  bar.setAttribute("aria-label", name);
  const state = show(element("span", { class: "upload-state" }), "uploading");
  const item = element("li", {}, element("span", { class: "upload-name" }, name), bar, state);
  list.append(item);
  return { name, item, bar, state };
}

async function upload(file, shown, settled) {
  try {
    const { items } = await uploadReport(file);
    watchImport(items[0].id, (one) => {
      showState(shown, one);
      if (!SETTLED.includes(one.state)) return;
      announce(`${shown.name} ${shown.state.textContent}`);
      settled();
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    fail(shown, error.message);
    announce(`${shown.name} ${error.message}`);
  }
}

function showState(shown, { state, done, total, report, reason }) {
  if (state === "failed") {
    fail(shown, reason);
    return;
  }
  if (state === "indexing" && total > 0) shown.bar.value = done / total;
  show(shown.state, `upload-${state}`);
  if (state !== "done") return;
  shown.bar.remove();
  const address = `/reports/${encodeURIComponent(report)}`;
  const link = element("a", { href: address, target: "_blank", rel: "noopener" });
  shown.item.querySelector(".upload-name").replaceChildren(link);
  link.append(shown.name);
}

function fail({ item, bar, state }, reason) {
  bar.remove();
  item.classList.add("upload-failed");
  delete state.dataset.text;
  state.textContent = reason;
}

/** What was uploaded before the page was opened and is not settled yet. */
export function resumeUploads(list, imports, settled) {
  for (const one of imports.filter(({ state }) => !SETTLED.includes(state))) {
    const shown = line(list, one.file);
    watchImport(one.id, (now) => {
      showState(shown, now);
      if (SETTLED.includes(now.state)) settled();
    });
  }
}
