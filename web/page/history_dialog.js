// Earlier conversations: found by their words, opened again, exported, forgotten.

import { actWhenSure } from "./confirming.js";
import { button, element } from "./elements.js";
import { exportButtons } from "./exporting.js";
import { conversations, forgetAll, forgetConversation } from "./history_store.js";
import { language, show } from "./language.js";

const dialog = document.getElementById("history-dialog");
const search = dialog.querySelector("#history-search");
const list = dialog.querySelector("#history-list");
const clear = dialog.querySelector("#history-clear");

/** Wire the dialog; `open` gets the conversation that was chosen. */
export function offerHistory(openButton, open) {
  const refresh = () => showList((conversation) => {
    dialog.close();
    open(conversation);
  });
  openButton.addEventListener("click", () => {
    dialog.showModal();
    refresh();
  });
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  search.addEventListener("input", refresh);
  actWhenSure(clear, { once: "forgetAll", twice: "forgetAllSurely" }, async () => {
    await forgetAll();
    await refresh();
    search.focus();
  });
}

async function showList(open) {
  const all = await conversations();
  const words = search.value.trim().toLowerCase();
  const found = all.filter((one) => spoken(one).includes(words));
  clear.hidden = all.length === 0;
  list.replaceChildren(...found.map((one) => row(one, open)));
  show(dialog.querySelector("#history-count"), all.length === 0 ? "noHistory" : "historyCount", {
    count: found.length,
  });
}

/** What was asked and answered, to be searched. */
function spoken({ turns }) {
  return turns
    .map(({ question, reply }) => `${question} ${reply.answer?.text ?? ""}`)
    .join(" ")
    .toLowerCase();
}

function row(conversation, open) {
  const { id, title, updated, turns } = conversation;
  const made = element("li");
  const chosen = button("row-title", () => open(conversation));
  chosen.append(title);
  const when = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" });
  const count = show(element("span"), "turnCount", { count: turns.length });
  const details = element("span", { class: "row-details" }, when.format(updated), " · ", count);
  const forget = element("button", { type: "button", class: "action" });
  const said = { once: "forget", twice: "forgetSurely", values: { title } };
  actWhenSure(forget, said, async () => {
    await forgetConversation(id);
    search.focus();
    await showList(open);
  });
  const exports = exportButtons(conversation);
  const actions = element("span", { class: "row-actions" }, ...exports, forget);
  made.append(element("span", { class: "row-lines" }, chosen, details), actions);
  return made;
}
