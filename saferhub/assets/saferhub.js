// Makes pages handier where scripts run; every page is complete without them.
// The class comes first: the frameworks hide what an option reveals only when it is set.
const body = document.body;
if ("noModule" in HTMLScriptElement.prototype) {
  body.classList.add("js-enabled", "govuk-frontend-supported");
}

// What an option reveals hides until that option is chosen. The framework's own script does it with
// aria-expanded, which radios may not carry.
for (const group of document.querySelectorAll("[data-reveals]")) {
  const show = () => {
    for (const option of group.querySelectorAll("[data-reveal]")) {
      const kind = option.type === "radio" ? "radios" : "checkboxes";
      document
        .getElementById(option.dataset.reveal)
        ?.classList.toggle(`govuk-${kind}__conditional--hidden`, !option.checked);
    }
  };
  group.addEventListener("change", show);
  show();
}

// On a telephone a page begins with its content: filters fold away unless one is set. Without scripts,
// and on wider screens, they stay open.
const narrow = matchMedia("(max-width: 40em)");
const fold = () => {
  for (const part of document.querySelectorAll(".sh-filter__fold")) {
    part.open = !narrow.matches || "set" in part.dataset;
  }
};
narrow.addEventListener("change", fold);
fold();

// Words that a page keeps in this tab while nothing gets through are somebody's, and go when she signs out: here and
// in every other window of this browser.
const KEPT = "saferhub:";
const kept = () => Object.keys(sessionStorage).filter((key) => key.startsWith(KEPT));
const wipe = () => {
  for (const key of kept()) sessionStorage.removeItem(key);
  dispatchEvent(new Event("saferhub:signed-out"));
};
const windows = "BroadcastChannel" in window ? new BroadcastChannel("saferhub") : null;
windows?.addEventListener("message", (event) => event.data === "signed out" && wipe());
document.querySelector(".sh-signout")?.addEventListener("submit", (event) => {
  if (kept().length && !confirm("What you wrote last is not sent yet and is lost when you sign out. Sign out?")) {
    event.preventDefault();
    return;
  }
  wipe();
  windows?.postMessage("signed out");
});

const start = async () => {
  const has = (selector) => document.querySelector(selector) !== null;
  // Two frameworks of 120 kB are fetched only by pages that hold one of their parts.
  if (has('[data-module^="govuk-"]')) {
    const govuk = await import("./govuk/govuk-frontend.min.js");
    const wanted = {
      Button: "govuk-button",
      CharacterCount: "govuk-character-count",
      ErrorSummary: "govuk-error-summary",
      PasswordInput: "govuk-password-input",
      SkipLink: "govuk-skip-link",
    };
    for (const [component, module] of Object.entries(wanted)) {
      if (has(`[data-module="${module}"]`)) govuk.createAll(govuk[component]);
    }
  }
  if (has('[data-module^="moj-"]')) {
    const moj = await import("./moj/moj-frontend.min.js");
    moj.initAll();
  }
};

start().catch((error) => console.error(error));
