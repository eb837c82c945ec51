// Keeps the total beside a scoring form up to date. The server works it out, as it does for the button
// "Update total" that stands there without scripts, so there is one rule and not two.
const form = document.querySelector("[data-score] form");
const said = document.getElementById("score-said");
let waiting = 0;
let asked = 0;

const redraw = async () => {
  const mine = (asked += 1);
  const body = new FormData(form);
  body.set("do", "total");
  const answer = await fetch(location.href, { method: "POST", body: new URLSearchParams(body), redirect: "error" });
  if (!answer.ok || mine !== asked) return;
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
  // A total for answers that have changed since is thrown away; the next one is on its way.
  if (mine !== asked) return;
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = drawn.getElementById(part.id);
    if (!fresh || part.contains(document.activeElement)) continue;
    part.replaceChildren(...fresh.childNodes);
  }
  const sum = document.querySelector(".sh-total__sum");
  if (sum) said.textContent = sum.textContent.replace(/\s+/g, " ").trim();
};

const later = () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => redraw().catch(() => {}), 250);
};

form?.addEventListener("change", later);
