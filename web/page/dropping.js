// Files dropped anywhere on the page; text that is dragged goes where it is meant to.

/** Show `hint` while files are dragged over the page, and give those that are dropped to `take`. */
export function offerDropping(hint, take) {
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
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
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    settle();
    if (event.dataTransfer.files.length > 0) take(Array.from(event.dataTransfer.files));
  });
}
