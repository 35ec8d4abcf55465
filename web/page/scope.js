// Which reports are asked: all, or those that were chosen. Whoever shows it is told of changes.

const watchers = [];
let chosen = null;

/** Ids of the reports that are asked; null for all of them. */
export function scope() {
  return chosen;
}

/** Ask only these reports; null for all. */
export function setScope(ids) {
  chosen = ids === null ? null : [...ids];
  for (const tell of watchers) tell(chosen);
}

export function watchScope(tell) {
  watchers.push(tell);
  tell(chosen);
}
