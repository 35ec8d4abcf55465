// The conversation: one turn after another, each a question with its answer or what went wrong.

import { answerElements, summary } from "./answers.js";
import { ask } from "./api.js";
import { offerCiting } from "./citing.js";
import { offerQuestions } from "./composer.js";
import { announce, button, element } from "./elements.js";
import { exportButtons } from "./exporting.js";
import { offerHistory } from "./history_dialog.js";
import { keepConversation } from "./history_store.js";
import { offerLanguages, show, text } from "./language.js";
import { offerLibrary, showReports } from "./library.js";
import { offerReports, openReports, refreshReports } from "./reports_dialog.js";
import { scope, setScope, watchScope } from "./scope.js";
import { offerSigningIn } from "./signing_in.js";

// The service accepts 20 turns of 4,000 characters. A follow-up may lead back through all of them.
const TURNS_SENT = 20;
const ANSWER_SENT = 1000;

// A button to stop is of use only where something runs long.
const STOPPABLE_MS = 600;

const log = document.getElementById("log");
const welcome = document.getElementById("welcome");
const newConversation = document.getElementById("new-conversation");
const exportMenu = document.getElementById("export");
const sendButton = document.getElementById("send");
const stopButton = document.getElementById("stop");
const scopeLine = document.getElementById("scope");

let conversation = emptyConversation();
let pending = null;

const composer = offerQuestions(document.getElementById("composer"), (question) => {
  if (pending !== null) return false;
  begin(question);
  return true;
});

offerLanguages(document.getElementById("language"));
offerSigningIn();
offerLibrary(welcome, (question) => {
  if (pending === null) begin(question);
});
offerReports(document.getElementById("open-reports"), (reports) => showReports(welcome, reports));
offerCiting();
offerHistory(document.getElementById("open-history"), reopen);
newConversation.addEventListener("click", startAnew);
stopButton.addEventListener("click", () => pending?.abort());
document.getElementById("scope-open").addEventListener("click", openReports);
document.getElementById("scope-clear").addEventListener("click", () => setScope(null));
watchScope(showScope);
addEventListener("click", ({ target }) => {
  if (!exportMenu.contains(target)) exportMenu.open = false;
});
composer.focus();

function emptyConversation() {
  return { id: crypto.randomUUID?.() ?? String(Math.random()), title: "", updated: 0, turns: [] };
}

function begin(question) {
  showConversing(true);
  const reply = turnElement(question);
  reply.parentElement.scrollIntoView({ block: "start" });
  answer(question, reply);
}

/** A turn at the end of the log; gives the place of its reply. */
function turnElement(question) {
  const reply = element("div", { class: "reply" });
  const asked = element("h2", { class: "question" }, question);
  log.append(element("article", { class: "turn" }, asked, reply));
  return reply;
}

async function answer(question, reply) {
  const controller = new AbortController();
  const mine = conversation;
  pending = controller;
  sendButton.disabled = true;
  const long = setTimeout(() => showStop(true), STOPPABLE_MS);
  reply.replaceChildren(show(element("p", { class: "searching" }), "searching"));
  announce(text("searching"));
  try {
    const earlier = history(mine.turns);
    const answered = await ask(question, earlier, scope(), controller.signal);
    mine.turns.push({ question, reply: answered });
    keep(mine);
    reply.replaceChildren(...answerElements(answered, earlier));
    announce(text(...summary(answered)));
  } catch (error) {
    if (mine !== conversation) return;
    const retry = () => pending ?? answer(question, reply);
    if (controller.signal.aborted) {
      reply.replaceChildren(stoppedElement(retry));
      announce(text("stopped"));
    } else {
      if (isOfScope(error)) refreshReports(); // so that trying again asks those that are left
      reply.replaceChildren(failureElement(error, retry));
      announce(`${error.title ?? text("failed")} ${error.message}`);
    }
  } finally {
    clearTimeout(long);
    if (pending === controller) settle();
  }
}

function settle() {
  pending = null;
  sendButton.disabled = false;
  showStop(false);
  composer.focus();
}

function showStop(shown) {
  stopButton.hidden = !shown;
  sendButton.hidden = shown;
}

/** The last turns, as the service takes them. */
function history(turns) {
  return turns.slice(-TURNS_SENT).map(({ question, reply }) => ({
    question,
    answer: (reply.answer?.text ?? "").slice(0, ANSWER_SENT),
  }));
}

function keep(one) {
  one.title = one.turns[0].question;
  one.updated = Date.now();
  one.scope = scope();
  keepConversation(one);
  exportMenu.hidden = false;
  exportMenu.querySelector(".menu-items").replaceChildren(...exportButtons(one));
}

/** Whether a report that was to be asked is gone. */
function isOfScope({ errors = [] }) {
  return errors.some(({ field }) => field.startsWith("reports"));
}

function failureElement(failure, retry) {
  return element(
    "div",
    { class: "failure" },
    element("p", { class: "failure-title" }, failure.title ?? text("failed")),
    element("p", {}, failure.message),
    show(button("secondary", retry), "retry"),
  );
}

function stoppedElement(retry) {
  const said = show(element("p", { class: "notice" }), "stopped");
  return element("div", {}, said, show(button("secondary", retry), "retry"));
}

function startAnew() {
  replaceConversation(emptyConversation());
  showConversing(false);
  scrollTo({ top: 0 });
}

/** Show a conversation of before; it can be gone on with. */
function reopen(one) {
  replaceConversation(one);
  setScope(one.scope ?? null);
  if (scope() !== null) refreshReports(); // some of them may be gone
  showConversing(true);
  one.turns.forEach(({ question, reply }, i) => {
    const earlier = history(one.turns.slice(0, i));
    turnElement(question).replaceChildren(...answerElements(reply, earlier));
  });
  exportMenu.hidden = false;
  exportMenu.querySelector(".menu-items").replaceChildren(...exportButtons(one));
  log.lastElementChild?.scrollIntoView({ block: "start" });
}

function replaceConversation(one) {
  pending?.abort();
  conversation = one;
  log.replaceChildren();
  exportMenu.hidden = true;
  announce("");
  settle();
}

function showConversing(conversing) {
  welcome.hidden = conversing;
  newConversation.hidden = !conversing;
}

function showScope(ids) {
  scopeLine.hidden = ids === null;
  if (ids !== null) show(document.getElementById("scope-open"), "scopeOf", { count: ids.length });
}
