// Signing in where the service asks for a token, and out again. The token is sent once and kept
// nowhere: from then on the browser has a cookie that no script can read.

import { Failure, getService, signIn, signOut } from "./api.js";
import { button, element } from "./elements.js";
import { show } from "./language.js";

const TOKEN_WRONG = 401;

/** Ask for a token where one is needed, now and whenever the session has ended. */
export async function offerSigningIn() {
  let access;
  try {
    ({ access } = await getService());
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return; // the page says so where it needs the service
  }
  if (!access.required) return;
  document.documentElement.dataset.role = access.role ?? "";
  if (access.role === null) askForToken(() => location.reload());
  else offerSigningOut();
  document.addEventListener("signed-out", () => askForToken(() => {}));
}

/** Whether reports may be added, corrected and removed here; the service itself sees to it. */
export function mayManage() {
  return document.documentElement.dataset.role !== "ask";
}

function offerSigningOut() {
  const leave = button("quiet", async () => {
    await signOut();
    location.reload();
  });
  document.querySelector(".bar-actions").append(show(leave, "signOut"));
}

/** Ask for a token until a good one is given in. */
function askForToken(signedIn) {
  if (document.querySelector(".sign-in[open]") !== null) return;
  const problem = element("p", { class: "sign-in-problem", role: "alert" });
  const token = element("input", {
    id: "token",
    type: "password",
    required: "",
    maxlength: "200",
    autocomplete: "current-password",
    "aria-describedby": "sign-in-lead",
  });
  const go = show(element("button", { class: "primary" }), "signIn");
  const language = button("quiet", () => document.getElementById("language").click());
  const form = element(
    "form",
    { novalidate: "" },
    show(element("h2", { id: "sign-in-title" }), "signInTitle"),
    show(element("p", { id: "sign-in-lead", class: "notice" }), "signInLead"),
    show(element("label", { for: "token" }), "token"),
    token,
    problem,
    element("p", { class: "sign-in-actions" }, go, show(language, "otherLanguage")),
  );
  const dialog = element("dialog", { class: "sign-in", "aria-labelledby": "sign-in-title" }, form);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    try {
      const { role } = await signIn(token.value);
      document.documentElement.dataset.role = role;
      dialog.remove();
      signedIn();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.status === TOKEN_WRONG) show(problem, "tokenWrong");
      else problem.textContent = `${error.title} ${error.message}`;
      token.select();
    }
    go.disabled = false;
  });
  document.body.append(dialog);
  dialog.showModal();
  token.focus();
}
