// Talking to the service. Whatever goes wrong becomes a Failure with words for people.

import { language, text } from "./language.js";

/** Why no reply came: a title, a detail, the status, and when to try again (seconds). */
export class Failure extends Error {
  constructor({ title, detail, status = 0, retryAfter = null }) {
    super(detail);
    this.title = title;
    this.detail = detail;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export async function ask(question, history, signal) {
  return request("/api/v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question, history }),
    signal,
  });
}

export async function listReports(limit) {
  return request(`/api/v1/reports?limit=${limit}`);
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

async function request(path, options = {}) {
  const headers = { ...options.headers, "Accept-Language": language() };
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure({ title: text("failed"), detail: text("unreachable") });
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  throw failure(response, body);
}

function failure(response, body) {
  const reasons = (body?.errors ?? []).map((error) => error.reason);
  return new Failure({
    title: body?.title ?? text("failed"),
    detail: reasons.join(" ") || body?.detail || text("unreadable", { status: response.status }),
    status: response.status,
    retryAfter: Number(response.headers.get("Retry-After")) || null,
  });
}
