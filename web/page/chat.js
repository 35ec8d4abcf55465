// The conversation: one turn after another, each a question with its answer or what went wrong.

import { answerElements, summary } from "./answers.js";
import { ask } from "./api.js";
import { offerQuestions } from "./composer.js";
import { announce, button, element } from "./elements.js";
import { offerLanguages, show, text } from "./language.js";
import { offerLibrary } from "./library.js";

// The service accepts 20 turns of 4,000 characters; what is asked refers to the last few.
const TURNS_SENT = 6;
const ANSWER_SENT = 1000;

const log = document.getElementById("log");
const welcome = document.getElementById("welcome");
const newConversation = document.getElementById("new-conversation");
const sendButton = document.getElementById("send");

let turns = [];
let pending = null;

const composer = offerQuestions(document.getElementById("composer"), (question) => {
  if (pending !== null) return false;
  begin(question);
  return true;
});

offerLanguages(document.getElementById("language"));
offerLibrary(welcome, (question) => {
  if (pending === null) begin(question);
});
newConversation.addEventListener("click", startAnew);
composer.focus();

function begin(question) {
  welcome.hidden = true;
  newConversation.hidden = false;
  const reply = element("div", { class: "reply" });
  const asked = element("h2", { class: "question" }, question);
  const turn = element("article", { class: "turn" }, asked, reply);
  log.append(turn);
  turn.scrollIntoView({ block: "start" });
  answer(question, reply);
}

async function answer(question, reply) {
  const controller = new AbortController();
  pending = controller;
  sendButton.disabled = true;
  reply.replaceChildren(show(element("p", { class: "searching" }), "searching"));
  announce(text("searching"));
  try {
    const answered = await ask(question, turns.slice(-TURNS_SENT), controller.signal);
    turns.push({ question, answer: (answered.answer?.text ?? "").slice(0, ANSWER_SENT) });
    reply.replaceChildren(...answerElements(answered));
    announce(text(...summary(answered)));
  } catch (error) {
    if (controller.signal.aborted) return;
    reply.replaceChildren(failureElement(error, () => pending ?? answer(question, reply)));
    announce(`${error.title ?? text("failed")} ${error.message}`);
  }
  pending = null;
  sendButton.disabled = false;
  composer.focus();
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

function startAnew() {
  pending?.abort();
  pending = null;
  turns = [];
  sendButton.disabled = false;
  log.replaceChildren();
  announce("");
  welcome.hidden = false;
  newConversation.hidden = true;
  scrollTo({ top: 0 });
  composer.focus();
}
