// Looks again by itself at a page that shows how far something has come, as its link "Look again" does without
// scripts. It ends where the thing has ended, and after a quarter of an hour: a page that nobody looks at must not
// keep somebody signed in.
const part = document.getElementById("progress");
const said = document.getElementById("progress-said");
const until = Date.now() + 15 * 60 * 1000;
const heading = (where) => where.querySelector("h1").textContent.trim();

const again = async () => {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  // It is done: the address leads to what came of it.
  if (answer.redirected) return location.assign(answer.url);
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("progress");
  // It has ended: other buttons belong to it now.
  if (!drawn || !("goesOn" in drawn.dataset)) return location.reload();
  if (heading(drawn) !== heading(part)) said.textContent = heading(drawn);
  part.replaceChildren(...drawn.childNodes);
  later();
};

const later = () => {
  if (Date.now() < until) setTimeout(() => again().catch(later), 3000);
};

if (part) later();
