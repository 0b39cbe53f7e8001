// The timer of hours, for who switched it on: while the page is seen, has the focus, and a key or a touch came within
// the idle time, it beats. The server counts what lies between two beats by its own clock; nothing here is believed.
const box = document.querySelector("[data-hours]");
const said = box.querySelector("[data-hours-said]");
const resting = box.querySelector("[data-hours-resting]");
const button = box.querySelector("[data-hours-pause]");
const beat = box.dataset.beat * 1000;
const idle = box.dataset.idle * 1000;
const kept = `hours-paused ${box.dataset.hours}`;
const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

let allowed = true;
let going = false; // between a beat and the next
let touched = performance.now(); // a clock that nobody sets
let sent = -Infinity;

const paused = () => localStorage.getItem(kept) === "1";
const atWork = () =>
  allowed && !paused() && document.visibilityState === "visible" && document.hasFocus() && performance.now() - touched < idle;

function form() {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", token);
  data.set("place", box.dataset.place);
  data.set("entry", box.dataset.entry);
  return data;
}

function show() {
  box.hidden = !allowed;
  said.hidden = !going;
  resting.hidden = going;
  button.setAttribute("aria-pressed", String(paused()));
}

async function send() {
  sent = performance.now();
  going = true;
  show();
  try {
    const answer = await fetch(box.dataset.hours, { method: "POST", body: form(), headers: { "X-CSRFToken": token } });
    const told = answer.ok ? await answer.json() : { on: answer.status >= 500 };
    allowed = told.on;
    if (told.said) said.textContent = told.said;
  } catch {
    // offline: what was not told is not counted, and the next beat tries again
  }
  if (!allowed) going = false;
  show();
}

// the last beat of a stretch: it must leave even when the page does
function last() {
  if (!going) return;
  going = false;
  navigator.sendBeacon(box.dataset.hours, form());
  show();
}

function tick() {
  if (atWork()) return send();
  // she stopped before this moment: no last beat, or the pause would be counted
  going = false;
  show();
}

function touch() {
  const again = performance.now() - touched >= idle;
  touched = performance.now();
  if (atWork() && (!going || again || touched - sent >= beat)) send();
}

for (const kind of ["keydown", "pointerdown", "touchstart"]) document.addEventListener(kind, touch, { passive: true, capture: true });
window.addEventListener("focus", () => atWork() && !going && send());
window.addEventListener("blur", last);
document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? last() : atWork() && send()));
window.addEventListener("pagehide", last);
button.addEventListener("click", () => {
  if (paused()) {
    localStorage.removeItem(kept);
    send();
  } else {
    last();
    localStorage.setItem(kept, "1");
    show();
  }
});
setInterval(tick, beat);
show();
if (atWork()) send();
