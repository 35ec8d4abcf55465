// The question box: Enter sends, Shift+Enter breaks the line, and an input method's Enter does
// neither of the two.

import { show } from "./language.js";

const NEARLY_FULL = 0.9;

// Safari ends the composition first and then reports the Enter that ended it, within this time.
const COMPOSITION_ECHO_MS = 100;

/** Wire the form; `send` gets the question and says whether it was taken. */
export function offerQuestions(form, send) {
  const box = form.querySelector("textarea");
  const counter = form.querySelector("#counter");
  let compositionEnd = -Infinity;

  const submit = () => {
    const question = box.value.trim();
    if (question !== "" && send(question)) {
      box.value = "";
      adapt();
    }
  };
  const adapt = () => {
    grow(box);
    count(box, counter);
  };

  box.addEventListener("compositionend", (event) => {
    compositionEnd = event.timeStamp;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    // 229 is what browsers report for a key that an input method has taken.
    if (event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (event.timeStamp - compositionEnd < COMPOSITION_ECHO_MS) return;
    submit();
  });
  box.addEventListener("input", adapt);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  return {
    /** Where a keyboard is not in the way, be ready for the next question. */
    focus() {
      if (!matchMedia("(pointer: coarse)").matches) box.focus({ preventScroll: true });
    },
    fill(question) {
      box.value = question;
      adapt();
      box.focus();
    },
  };
}

function grow(box) {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}

function count(box, counter) {
  const length = Array.from(box.value).length;
  counter.hidden = length < box.maxLength * NEARLY_FULL;
  if (!counter.hidden) show(counter, "counter", { count: length, limit: box.maxLength });
}
