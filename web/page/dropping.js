// Files and folders dropped anywhere on the page; text that is dragged goes where it is meant to.

// Hidden files, and the lock files of Office programs.
const NO_REPORT = /^(?:\.|~\$)/;

/**
 * Show `hint` while files are dragged over the page, and give those that are dropped to `take`; do
 * neither where `mayDrop` says no.
 */
export function offerDropping(hint, take, mayDrop = () => true) {
  let depth = 0;
  const carriesFiles = (event) => mayDrop() && event.dataTransfer?.types.includes("Files");
  const settle = () => {
    depth = 0;
    hint.hidden = true;
  };
  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    hint.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth -= 1;
    if (depth <= 0) settle();
  });
  addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    settle();
    const files = await droppedFiles(event.dataTransfer);
    if (files.length > 0) take(files);
  });
}

/** The files that were dropped, with those in folders. Entries are there only during the event. */
function droppedFiles({ files, items }) {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return Array.from(files);
  return filesIn(entries.filter((entry) => entry !== null));
}

async function filesIn(entries) {
  const found = [];
  for (const entry of entries.sort((a, b) => (a.fullPath < b.fullPath ? -1 : 1))) {
    if (NO_REPORT.test(entry.name)) continue;
    if (entry.isDirectory) found.push(...(await filesIn(await listed(entry))));
    else found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
  }
  return found;
}

/** What a folder holds; browsers tell it in pieces. */
async function listed(folder) {
  const reader = folder.createReader();
  const entries = [];
  for (;;) {
    const piece = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (piece.length === 0) return entries;
    entries.push(...piece);
  }
}
