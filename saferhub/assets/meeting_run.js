// A running meeting: words are saved as they are typed, kept in this tab while nothing gets through, and the page
// follows the meeting. Without scripts every button of the page does the same by itself.
const STORE = "saferhub:words:";
const REST = "saferhub:record:";
// What else of the record is typed or chosen, and what the page brings along with it.
const FIELDS = ["decision", "decision_words", "agreed", "words", "who", "due_on", "band", "band_why"];
const MARKS = ["was", "action_mark", "due_was", "scored"];
// What is typed goes off a second after the first key of it, so that with its way it is kept within two.
const SAVE_AFTER = 1000;
const LOOK_EVERY = 250;
const TRY_EVERY = 2000;
const ASK_EVERY = 5000;
const SCRIPT = { "Saferhub-Script": "1" };
const page = document.getElementById("run");
const panel = document.querySelector("[data-words]");
const form = document.getElementById("record-form");
const saved = document.querySelectorAll("[data-saved]"); // beside the words, and beside the buttons
const said = document.getElementById("run-said");
// How long ago, not when: the service's hours need not be this computer's.
const ago = (moment) => {
  const seconds = Math.round((Date.now() - moment) / 1000);
  const [number, unit] = seconds < 90 ? [seconds, "second"] : [Math.round(seconds / 60), "minute"];
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
};
const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");

// --- Words ---------------------------------------------------------------------------------------------------------

// What is typed on one item, in this tab. One save is under way at a time, so that each is counted after the last.
const words = () => {
  const box = form.elements.text;
  const author = panel.dataset.author;
  const key = STORE + panel.dataset.url;
  box.setSelectionRange(box.value.length, box.value.length); // whoever comes to it goes on writing
  let mark = form.elements.mark.value;
  let sequence = Number(form.elements.sequence.value) - 1;
  let continues = form.elements.continues.value;
  let base = Number(form.elements.base.value || 0);
  // What the server has, as far as this page knows; nothing where it has refused what stands in the box.
  let last = "refused" in panel.dataset ? null : box.value;
  let since = 0; // since when something is not sent
  let kind = "";
  let sending = false;
  let fresher = 0; // since when something is typed that the save under way does not carry
  let leaving = false;
  let over = false; // signed out here
  let typed = false; // whether anything was, on this page
  let rests = 0; // until when nothing is tried, where the last did not get through

  const stored = (name) => {
    try {
      return JSON.parse(sessionStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const keep = () => {
    if (over) return;
    const kept = { author, url: panel.dataset.url, page: panel.dataset.page, mark, sequence, continues, base, text: box.value, since };
    try {
      sessionStorage.setItem(key, JSON.stringify(kept));
    } catch {
      tell("lost", "Not sent, and this browser keeps nothing. Copy what you wrote.");
    }
  };
  const tell = (what, sentence) => {
    for (const one of saved) {
      one.hidden = false;
      one.textContent = sentence;
      one.classList.toggle("sh-late", what !== "saved" && what !== "typing");
    }
    // The reader is told when it changes between kept and not kept, not every two seconds.
    if (what !== kind && what !== "typing" && !(what === "saved" && kind === "")) said.textContent = sentence;
    if (what !== "typing") kind = what;
  };
  const waits = () => box.value !== last;

  const body = (kept) =>
    new URLSearchParams({
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      text: kept.text,
      mark: kept.mark,
      sequence: kept.sequence,
      continues: kept.continues,
      base: kept.base,
    });
  const post = (kept, more = {}) =>
    fetch(kept.url, { method: "POST", body: body(kept), headers: SCRIPT, redirect: "manual", ...more });

  // Somebody signed in again in another window: this page's token is of the session before. A page of the same
  // account brings the new one; another's never gets these words.
  const renew = async () => {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) return false;
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (drawn.querySelector("[data-words]")?.dataset.author !== author) return false;
    form.elements.csrfmiddlewaretoken.value = drawn.querySelector("#record-form [name=csrfmiddlewaretoken]").value;
    return true;
  };

  const save = async () => {
    if (sending || over || leaving || (!waits() && !since)) return;
    sending = true;
    fresher = 0;
    since ||= Date.now();
    sequence += 1;
    const kept = { url: panel.dataset.url, text: box.value, mark, sequence, continues, base };
    keep();
    try {
      // While signed out, each save would be kept as another form: ask first whether anybody is signed in.
      let answer = kind === "signed out" && !(await renew()) ? { type: "opaqueredirect" } : await post(kept);
      if (answer.status === 403 && (await renew())) answer = await post(kept);
      await heard(answer, kept);
    } catch {
      unsent();
    } finally {
      sending = false;
      if (!over && since) keep();
    }
  };
  const unsent = () => {
    rests = Date.now() + TRY_EVERY;
    tell("offline", `Not sent yet: kept in this tab for ${ago(since)}`);
  };
  // Each text goes off in its time, however long somebody types on.
  const look = () => {
    if (waits()) since ||= Date.now();
    if (since && Date.now() >= Math.max(since + SAVE_AFTER, rests)) save();
  };

  const heard = async (answer, kept) => {
    if (answer.type === "opaqueredirect") {
      rests = Date.now() + 5 * TRY_EVERY; // a session that has ended comes back by hand
      tell("signed out", `Signed out: kept in this tab for ${ago(since)}. Sign in again in another window.`);
    } else if (answer.status === 204) {
      last = kept.text;
      [continues, base] = ["", 0];
      since = waits() ? fresher || Date.now() : 0;
      if (!since) sessionStorage.removeItem(key);
      tell("saved", `Saved ${answer.headers.get("Saferhub-Saved")}`);
    } else if (answer.status === 409 && answer.headers.get("Saferhub-Why") === "came_late") {
      // Another window writes under this mark: this text goes into a row of its own, and both stand.
      [mark, sequence, continues, base] = [fresh(), 0, "", 0];
      tell("typing", "Saving");
    } else if (answer.status === 409) {
      rests = Date.now() + TRY_EVERY;
      tell("refused", `Not saved: ${await answer.text()}`);
    } else {
      unsent();
    }
  };

  // What this tab kept when nothing got through: for this item back into the box, for another one sent from here.
  const restore = () => {
    for (const name of Object.keys(sessionStorage).filter((one) => one.startsWith(STORE))) {
      const kept = stored(name);
      if (kept?.author !== author || (name === key && kept.text === last)) sessionStorage.removeItem(name);
      else if (name === key && !typed) {
        ({ mark, sequence, continues, base, since } = kept);
        box.value = kept.text;
        typed = true;
        tell("offline", `Not sent yet: kept in this tab for ${ago(since || Date.now())}`);
      } else if (name !== key) send(name, kept);
    }
  };
  const send = async (name, kept) => {
    // One more than was counted: if the last of them arrived after all, the same words come twice and count once.
    let answer = await post({ ...kept, sequence: kept.sequence + 1 }).catch(() => null);
    if (answer?.headers.get("Saferhub-Why") === "came_late") {
      answer = await post({ ...kept, mark: fresh(), sequence: 1, continues: "", base: 0 }).catch(() => null);
    }
    if (answer?.status === 204) sessionStorage.removeItem(name);
    else if (answer) {
      const link = Object.assign(document.createElement("a"), { href: kept.page, textContent: "Words on another item are not saved" });
      link.className = "govuk-link";
      saved[0].after(link);
    }
  };

  box.addEventListener("input", () => {
    typed = true;
    since ||= Date.now();
    if (sending) fresher ||= Date.now();
    keep();
    if (kind !== "offline" && kind !== "signed out") tell("typing", "Saving");
  });
  // A page that is sent into nothing takes with it what was chosen and not sent yet: ask first whether one is there.
  let reached = false;
  let asking = false;
  const reach = async (button) => {
    asking = true;
    try {
      const answer = await fetch(page.dataset.now, { method: "HEAD", headers: SCRIPT, redirect: "manual", cache: "no-store" });
      reached = answer.status < 500;
    } catch {
      reached = false;
    }
    asking = false;
    if (reached) form.requestSubmit(button);
    else {
      since ||= waits() ? Date.now() : 0;
      tell("offline", "No connection, so nothing was sent. All that you entered stays here: press again in a moment.");
    }
  };
  form.addEventListener("submit", (event) => {
    if (!reached) {
      event.preventDefault();
      if (!asking) reach(event.submitter);
      return;
    }
    reached = false;
    // The form itself carries the words from here on, counted after every save of before.
    leaving = true;
    if (!typed) return;
    form.elements.text_was.value = "";
    sequence += 1;
    since ||= Date.now();
    keep();
    form.elements.mark.value = mark;
    form.elements.sequence.value = sequence;
    form.elements.continues.value = continues;
    form.elements.base.value = base;
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });
  addEventListener("online", () => {
    restore();
    save();
  });
  addEventListener("pagehide", () => {
    if (over || leaving || !waits()) return;
    sequence += 1;
    keep();
    post({ url: panel.dataset.url, text: box.value, mark, sequence, continues, base }, { keepalive: true }).catch(() => {});
  });
  addEventListener("beforeunload", (event) => {
    if (!over && !leaving && waits() && kind !== "" && kind !== "saved") event.preventDefault();
  });
  addEventListener("saferhub:signed-out", () => {
    over = true;
    box.value = "";
  });
  restore();
  setInterval(look, LOOK_EVERY);
  return { save, waits: () => waits() || sending, isTyping: () => form.contains(document.activeElement) };
};

// --- The rest of the record ----------------------------------------------------------------------------------------

// A decision and an action are sent by their button alone. Until then this tab keeps them, so that a session that ends,
// or a page that is left, takes nothing along.
const rest = () => {
  const { author, page: address } = panel.dataset;
  const key = REST + address;
  const values = () =>
    Object.fromEntries([...FIELDS, ...MARKS].filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]));
  const drawn = values();
  // What was refused stands in the page and nowhere else.
  const refused = form.querySelector(".govuk-form-group--error") !== null;
  const differs = (given) => FIELDS.some((name) => name in drawn && (given[name] ?? "") !== drawn[name]);
  let over = false; // signed out here

  const keep = () => {
    if (over) return;
    const given = values();
    try {
      if (refused || differs(given)) sessionStorage.setItem(key, JSON.stringify({ author, given }));
      else sessionStorage.removeItem(key);
    } catch {
      // This browser keeps nothing; the page itself still holds it.
    }
  };
  const stored = (name) => {
    try {
      return JSON.parse(sessionStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const restore = () => {
    for (const name of Object.keys(sessionStorage).filter((one) => one.startsWith(REST))) {
      const kept = stored(name);
      if (kept?.author !== author) sessionStorage.removeItem(name);
      else if (name === key && !refused && differs(kept.given)) {
        // With the marks of its own page: what somebody else recorded meanwhile is told, not overwritten.
        for (const field of Object.keys(drawn)) if (field in kept.given) form.elements[field].value = kept.given[field];
        const risk = form.querySelector(".sh-take__risk");
        if (risk && (kept.given.band || kept.given.band_why)) risk.open = true;
        const sentence = "What you chose and typed below the words is back, and not saved yet.";
        const note = Object.assign(document.createElement("p"), { className: "sh-note", textContent: sentence });
        saved[0].parentElement.after(note);
        said.textContent = sentence;
      }
    }
  };

  restore();
  if (refused) keep();
  for (const event of ["input", "change"]) form.addEventListener(event, keep);
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sessionStorage.removeItem(key); // it is on its way, and kept there where nobody is signed in
  });
  addEventListener("saferhub:signed-out", () => {
    over = true;
    for (const name of FIELDS) if (form.elements[name]) form.elements[name].value = "";
  });
};

// --- Keys ----------------------------------------------------------------------------------------------------------

const keys = () => {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[value=next]") ?? form.querySelector("button[value=save]"));
    } else if (event.key === "Enter" && event.target === form.elements.who) {
      // From every field of an action, Enter agrees it: in a list it would only open the list.
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[value=action]"));
    } else if (event.target.closest("[data-keys]") && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const option = [...form.querySelectorAll("[data-keys] [accesskey]")].find((one) => one.accessKey === event.key);
      if (option) {
        option.checked = true;
        option.focus();
        form.dispatchEvent(new Event("input"));
      }
    }
  });
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
  // The browser goes to the part that the address names once all is loaded, and takes the focus from where it was.
  if (location.hash === "#action") addEventListener("load", () => setTimeout(() => form.elements.words?.focus()));
};

// --- Following -----------------------------------------------------------------------------------------------------

// Asks what has changed and puts it in place. Nothing under the reader's hands is replaced.
const refreshed = (url, place) => {
  let mark = "";
  let asking = false;
  const timer = setInterval(async () => {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(url, { headers: mark ? { ...SCRIPT, "If-None-Match": mark } : SCRIPT, redirect: "manual" });
      if (answer.ok) {
        mark = answer.headers.get("ETag") ?? "";
        place(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } else if (answer.type === "opaqueredirect" || [403, 404, 410].includes(answer.status)) {
        clearInterval(timer);
      }
    } catch {
      // Nothing gets through just now; the words say so.
    } finally {
      asking = false;
    }
  }, ASK_EVERY);
};

const place = (written) => (drawn) => {
  for (const part of document.querySelectorAll("#run [data-live]")) {
    const found = drawn.getElementById(part.id);
    if (!found || part.contains(document.activeElement)) continue;
    if (part.innerHTML !== found.innerHTML) part.replaceChildren(...found.childNodes);
  }
  const focus = drawn.getElementById("run-where")?.dataset.focus;
  const speak = document.getElementById("run-speak");
  if (speak && !speak.contains(document.activeElement)) speak.hidden = focus === page.dataset.item;
  const goes = "follows" in page.dataset && focus && focus !== page.dataset.item;
  if (goes && !written?.waits() && !written?.isTyping()) location.assign(page.dataset.to);
};

// A long agenda has its own scrolling: the item of this page is in sight.
const shownInRail = () => {
  const rail = document.querySelector(".sh-rail__fold");
  const line = rail?.querySelector("[aria-current]")?.closest("li");
  if (line) rail.scrollTop += line.getBoundingClientRect().top - rail.getBoundingClientRect().top - rail.clientHeight / 3;
};

if (page && form && panel) {
  shownInRail();
  const written = words();
  rest();
  keys();
  if ("running" in page.dataset) refreshed(page.dataset.now, place(written));
}
const screen = document.querySelector("[data-screen]");
if (screen) {
  // Another item is another page: opening it is written down, as every sight is.
  const shown = (within) => within.querySelector("[data-shown]")?.dataset.shown;
  refreshed(screen.dataset.screen, (drawn) => {
    if (shown(drawn) !== shown(screen)) location.reload();
    else screen.replaceChildren(...drawn.body.childNodes);
  });
}
