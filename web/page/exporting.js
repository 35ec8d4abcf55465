// A conversation as a file: Markdown, or .docx for a word processor.

import { exportConversation, Failure } from "./api.js";
import { button } from "./elements.js";
import { clearFailure, tellFailure } from "./failing.js";
import { show } from "./language.js";
import { saveFile } from "./saving.js";

const FORMATS = { markdown: "exportMarkdown", docx: "exportDocx" };

/** A button for each format. */
export function exportButtons(conversation) {
  return Object.entries(FORMATS).map(([format, name]) =>
    show(button("action", (pressed) => save(conversation, format, pressed)), name),
  );
}

async function save({ title, turns }, format, pressed) {
  const place = pressed.parentElement;
  pressed.disabled = true;
  try {
    saveFile(await exportConversation({ title, format, turns: turns.map(turn) }));
    clearFailure(place);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tellFailure(place, error);
  }
  pressed.disabled = false;
}

function turn({ question, reply }) {
  return {
    question,
    answerable: reply.answerable,
    answer: reply.answer?.text ?? null,
    sources: reply.passages.map(({ text, highlights, report, section, paragraph, citation, url }) => ({
      text,
      highlights,
      title: report.title,
      section,
      paragraph,
      reference: citation.gbt7714,
      url: new URL(url, location.href).href,
    })),
  };
}
