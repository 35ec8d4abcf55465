// Copying text, also where the clipboard is out of reach (plain HTTP to another machine, or no
// permission): then by the old command, and at last by hand.

import { announce, button, element } from "./elements.js";
import { show, text } from "./language.js";

const FEEDBACK_MS = 2000;

/** A button that copies `content`, a text or what gives it, and says that it has. */
export function copyButton(key, content) {
  const made = button("action", async (pressed) => {
    const words = typeof content === "function" ? content() : content;
    if (await copy(words)) {
      show(pressed, "copied");
      announce(text("copied"));
      setTimeout(() => show(pressed, key), FEEDBACK_MS);
    } else {
      offerByHand(pressed, words);
    }
  });
  return show(made, key);
}

/** Copy; says whether that was possible. */
export async function copy(content) {
  try {
    await navigator.clipboard.writeText(content);
    return true;
  } catch {
    return copyByCommand(content);
  }
}

function copyByCommand(content) {
  const before = document.activeElement;
  const carrier = element("textarea", { class: "visually-hidden", readonly: "" });
  carrier.value = content;
  document.body.append(carrier);
  carrier.select();
  const done = document.execCommand("copy");
  carrier.remove();
  before?.focus({ preventScroll: true });
  return done;
}

function offerByHand(pressed, content) {
  const field = element("textarea", { readonly: "", rows: "3" });
  field.value = content;
  const hint = show(element("span"), "copyByHand");
  const row = pressed.closest(".actions");
  row.parentElement.querySelector(".copy-by-hand")?.remove();
  row.after(element("label", { class: "copy-by-hand" }, hint, field));
  field.focus();
  field.select();
}
