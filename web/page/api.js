// Talking to the service. Whatever goes wrong becomes a Failure with words for people.

import { language, text } from "./language.js";

const WATCH_AGAIN_MS = 3000;

/**
 * Why no reply came: a title, a detail, the status, when to try again (seconds), and the fields that
 * were refused, each with its reason.
 */
export class Failure extends Error {
  constructor({ title, detail, status = 0, retryAfter = null, errors = [] }) {
    super(detail);
    this.title = title;
    this.detail = detail;
    this.status = status;
    this.retryAfter = retryAfter;
    this.errors = errors;
  }
}

/** Ask; `reports` are the ids of those to ask, null for all. */
export async function ask(question, history, reports, signal) {
  const asked = reports === null ? { question, history } : { question, history, reports };
  return request("/api/v1/ask", { ...json(asked), signal });
}

export async function getReport(id) {
  return request(`/api/v1/reports/${encodeURIComponent(id)}`);
}

/** All paragraphs of a report, however many requests it takes. */
export async function allParagraphs(id) {
  const items = [];
  for (;;) {
    const path = `/api/v1/reports/${encodeURIComponent(id)}/paragraphs`;
    const page = await request(`${path}?limit=10000&offset=${items.length}`);
    items.push(...page.items);
    if (items.length >= page.total || page.items.length === 0) return items;
  }
}

/** All reports, however many requests it takes. */
export async function listAllReports() {
  const items = [];
  for (;;) {
    const page = await request(`/api/v1/reports?limit=1000&offset=${items.length}`);
    items.push(...page.items);
    if (items.length >= page.total || page.items.length === 0) return items;
  }
}

export async function uploadReport(file) {
  const body = new FormData();
  body.append("files", file);
  return request("/api/v1/reports", { method: "POST", body });
}

export async function listImports() {
  return request("/api/v1/imports");
}

/**
 * Tell `heard` of every change of an upload, until it is done or has failed. Browsers try again by
 * themselves where a connection breaks, but not where the service refuses, as while it starts.
 */
export function watchImport(id, heard, tries = 20) {
  const source = new EventSource(`/api/v1/imports/events?id=${encodeURIComponent(id)}`);
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return;
    if (tries > 0) setTimeout(() => watchImport(id, heard, tries - 1), WATCH_AGAIN_MS);
    else heard({ state: "failed", reason: text("unreachable") });
  });
  source.addEventListener("import", ({ data }) => {
    const one = JSON.parse(data);
    if (one.state === "done" || one.state === "failed") source.close();
    heard(one);
  });
}

export async function removeReport(id) {
  return request(`/api/v1/reports/${encodeURIComponent(id)}`, { method: "DELETE" });
}

export async function rereadReport(id) {
  return request(`/api/v1/reports/${encodeURIComponent(id)}/reread`, { method: "POST" });
}

export async function listRemoved() {
  return request("/api/v1/removed-reports");
}

export async function restoreReport(id) {
  const path = `/api/v1/removed-reports/${encodeURIComponent(id)}/restore`;
  return request(path, { method: "POST" });
}

/** What runs here, and what it can do. */
export async function getService() {
  return request("/api/v1/service");
}

/** Exchange a token for a session of this browser. */
export async function signIn(token) {
  return request("/api/v1/session", json({ token }));
}

export async function signOut() {
  return request("/api/v1/session", { method: "DELETE" });
}

/** Have an answer written; `heard` gets each event's name and data as it comes. */
export async function writeAnswer(asked, signal, heard) {
  const response = await reply("/api/v1/write", { ...json(asked), signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1];
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (name !== undefined && data !== undefined) heard(name, JSON.parse(data));
    }
  }
}

/** Check one quotation. */
export async function checkQuote(quote, signal) {
  return request("/api/v1/verify", { ...json({ quote }), signal });
}

/** Check the quotations of a text. */
export async function checkArticle(words, signal) {
  return request("/api/v1/proofread", { ...json({ text: words }), signal });
}

/** Check the quotations of a file. */
export async function checkFile(file, signal) {
  const body = new FormData();
  body.append("file", file);
  return request("/api/v1/proofread/file", { method: "POST", body, signal });
}

/** Say whether a passage answers a question. */
export async function sendFeedback(mark) {
  return request("/api/v1/feedback", json(mark));
}

function citationsAddress(passages, style, format) {
  const query = new URLSearchParams({ style, format });
  for (const passage of passages) query.append("passage", passage);
  return `/api/v1/citations?${query}`;
}

/** References to passages, `report:paragraph`, as text. */
export async function getCitations(passages, style) {
  return (await reply(citationsAddress(passages, style, "text"), {})).text();
}

/** References to passages as a file, with the name that the service gives it. */
export async function getCitationsFile(passages, style, format) {
  return named(await reply(citationsAddress(passages, style, format), {}));
}

/** A conversation as a file, with the name that the service gives it. */
export async function exportConversation(conversation) {
  return named(await reply("/api/v1/export", json(conversation)));
}

/** A reply that is a file, and its name (RFC 6266). */
async function named(response) {
  const disposition = response.headers.get("Content-Disposition") ?? "";
  const name = /filename\*=UTF-8''([^;]+)/.exec(disposition) ?? /filename="([^"]+)"/.exec(disposition);
  return { file: await response.blob(), name: decodeURIComponent(name?.[1] ?? "youju") };
}

function json(content) {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(content),
  };
}

/** One page of a report's file, with its size, and how many there are. */
export async function getPage(id, number) {
  const path = `/api/v1/reports/${encodeURIComponent(id)}/pages`;
  const { items, total } = await request(`${path}?limit=1&offset=${number - 1}`);
  return { page: items[0] ?? { number, width: null, height: null }, total };
}

export function pageImageAddress(id, number, width) {
  return `/api/v1/reports/${encodeURIComponent(id)}/pages/${number}?width=${width}`;
}

/** Throw the Failure that an image did not load for; an element of the page does not learn it. */
export async function sayWhyNot(address) {
  await request(address);
}

/** Change a report's metadata; null takes a correction back. Gives the report as it is then. */
export async function correctReport(id, changes) {
  return request(`/api/v1/reports/${encodeURIComponent(id)}`, {
    method: "PATCH",
    headers: { "Content-Type": "application/merge-patch+json" },
    body: JSON.stringify(changes),
  });
}

async function request(path, options = {}) {
  const response = await reply(path, options);
  if (response.status === 204) return null;
  const body = await response.json().catch(() => null);
  if (body !== null) return body;
  throw failure(response, null);
}

/** The reply, if it is a good one. */
async function reply(path, options) {
  const headers = { ...options.headers, "Accept-Language": language() };
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure({ title: text("failed"), detail: text("unreachable") });
  }
  if (response.ok) return response;
  if (response.status === 401) document.dispatchEvent(new Event("signed-out"));
  throw failure(response, await response.json().catch(() => null));
}

function failure(response, body) {
  const errors = body?.errors ?? [];
  const reasons = errors.map((error) => error.reason);
  return new Failure({
    title: body?.title ?? text("failed"),
    detail: reasons.join(" ") || body?.detail || text("unreadable", { status: response.status }),
    status: response.status,
    retryAfter: Number(response.headers.get("Retry-After")) || null,
    errors,
  });
}
