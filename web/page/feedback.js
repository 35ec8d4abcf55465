// Whether a passage answers: marked by the reader, kept by the service for `youju eval`.

import { Failure, sendFeedback } from "./api.js";
import { announce, button, element } from "./elements.js";
import { clearFailure, tellFailure } from "./failing.js";
import { label, show, text } from "./language.js";

/** Two buttons, of which one at the most is pressed. `asked` is the question with its history. */
export function feedbackButtons(asked, passage, quote) {
  const mark = async (pressed, right) => {
    try {
      const { report, paragraph } = passage;
      await sendFeedback({ ...asked, report: report.id, paragraph, quote, right });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      tellFailure(group.parentElement, error);
      return;
    }
    clearFailure(group.parentElement);
    for (const one of [good, bad]) one.setAttribute("aria-pressed", String(one === pressed));
    announce(text("feedbackKept"));
  };
  const make = (key, right) => {
    const made = show(button("action thumb", (pressed) => mark(pressed, right)), key);
    made.setAttribute("aria-pressed", "false");
    return made;
  };
  const good = make("answers", true);
  const bad = make("answersNot", false);
  const group = element("span", { class: "thumbs", role: "group" }, good, bad);
  return label(group, "feedback");
}
