// Conversations kept in this browser, and nowhere else. Where storage is switched off there are none.

const NAME = "youju";
const STORE = "conversations";

/** All conversations, newest first: {id, title, updated, scope, turns: [{question, reply}]}. */
export async function conversations() {
  const all = (await use("readonly", (store) => store.getAll())) ?? [];
  return all.sort((a, b) => b.updated - a.updated);
}

export async function keepConversation(conversation) {
  await use("readwrite", (store) => store.put(conversation));
}

export async function forgetConversation(id) {
  await use("readwrite", (store) => store.delete(id));
}

export async function forgetAll() {
  await use("readwrite", (store) => store.clear());
}

async function use(mode, work) {
  try {
    const database = await opened();
    const request = work(database.transaction(STORE, mode).objectStore(STORE));
    const result = await settled(request);
    database.close();
    return result;
  } catch {
    return undefined;
  }
}

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore(STORE, { keyPath: "id" });
  });
  return settled(request);
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
    request.addEventListener("blocked", () => reject(request.error));
  });
}
