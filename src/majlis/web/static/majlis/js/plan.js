// The calendar of a page: entries are dragged to another day, or moved with Shift and the arrow keys. What is
// decided is decided by the server; afterwards the calendar is asked for again. Without this file each entry
// has a form of its own that moves it.
const FAR = 6; // pixels before a press becomes a drag
const HOLD = 350; // milliseconds a finger rests before it drags: a shorter touch scrolls
const EDGE = 90; // pixels from the top or bottom of the screen where the page scrolls along, the thumb bar covered
const PACE = 9; // pixels a frame

const plan = () => document.getElementById("plan");

async function refresh(focus) {
  await window.htmx.ajax("GET", location.href, { target: "#plan", select: "#plan", swap: "outerHTML" });
  if (focus) document.getElementById(focus)?.focus();
}

async function move(chip, values) {
  const id = chip.id;
  await window.htmx.ajax("POST", chip.dataset.move, { source: chip, values, swap: "none" });
  await refresh(id);
}

// dragging -------------------------------------------------------------------------------------

function dayAt(x, y) {
  return document.elementsFromPoint(x, y).find((element) => element.matches?.("#plan [data-day].plan-day"));
}

function drag(chip, press) {
  let over = null;
  let started = false;
  let timer;
  let last = press;
  let scrolled = 0;
  const touch = press.pointerType === "touch";

  function begin() {
    started = true;
    chip.classList.add("dragged");
    chip.setPointerCapture?.(press.pointerId);
    scrolled = window.scrollY;
    requestAnimationFrame(along);
  }
  // on a phone the week is longer than the screen: held at its edge, the page goes along
  function along() {
    if (!started) return;
    const by = last.clientY < EDGE ? -PACE : last.clientY > window.innerHeight - EDGE ? PACE : 0;
    if (by && last !== press) {
      window.scrollBy(0, by);
      show(last);
    }
    requestAnimationFrame(along);
  }
  function show(event) {
    last = event;
    // pixels on the screen: the same in both directions of writing
    const down = event.clientY - press.clientY + window.scrollY - scrolled;
    chip.style.transform = `translate(${event.clientX - press.clientX}px, ${down}px)`;
    const day = dayAt(event.clientX, event.clientY);
    if (day === over) return;
    over?.classList.remove("over");
    over = day && day.dataset.day !== chip.dataset.day ? day : null;
    over?.classList.add("over");
  }
  function moved(event) {
    const far = Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) > FAR;
    if (!started && far) {
      if (touch) return end(); // it scrolls
      begin();
    }
    if (started) show(event);
  }
  function dropped() {
    const day = over?.dataset.day;
    const was = started;
    end();
    if (!was) return;
    // the click that follows would open the entry
    chip.addEventListener("click", keep, { capture: true });
    setTimeout(() => chip.removeEventListener("click", keep, { capture: true }), 50);
    if (day) move(chip, { day });
  }
  function keep(event) {
    event.preventDefault();
  }
  function escaped(event) {
    if (event.key === "Escape") end();
  }
  function end() {
    clearTimeout(timer);
    started = false;
    over?.classList.remove("over");
    over = null;
    chip.classList.remove("dragged");
    chip.style.transform = "";
    document.removeEventListener("pointermove", moved);
    document.removeEventListener("pointerup", dropped);
    document.removeEventListener("pointercancel", end);
    document.removeEventListener("keydown", escaped);
    chip.removeEventListener("touchmove", hold);
  }
  function hold(event) {
    if (started) event.preventDefault(); // no scrolling while it is held
  }

  if (touch) timer = setTimeout(begin, HOLD);
  document.addEventListener("pointermove", moved);
  document.addEventListener("pointerup", dropped);
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", escaped);
  chip.addEventListener("touchmove", hold, { passive: false });
}

// the keyboard ---------------------------------------------------------------------------------

function shifted(chip, days, hours) {
  const [year, month, day] = chip.dataset.day.split("-").map(Number);
  const [hour, minute] = chip.dataset.time.split(":").map(Number);
  // only arithmetic of the calendar: which moment this is on the wall of the page, the server knows
  const moment = new Date(Date.UTC(year, month - 1, day + days, hour + hours, minute));
  return { day: moment.toISOString().slice(0, 10), time: moment.toISOString().slice(11, 16) };
}

function step(key) {
  const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (key === "ArrowLeft" || key === "ArrowRight") return [key === forward ? 1 : -1, 0];
  const down = key === "ArrowDown" ? 1 : -1;
  return plan().dataset.plan === "month" ? [7 * down, 0] : [0, down];
}

document.addEventListener("keydown", (event) => {
  const chip = event.target.closest?.(".chip[data-move]");
  if (!chip || !event.shiftKey || !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  move(chip, shifted(chip, ...step(event.key)));
});

document.addEventListener("pointerdown", (event) => {
  const chip = event.target.closest?.(".chip[data-move]");
  if (chip && event.button === 0) drag(chip, event);
});
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.(".chip")) event.preventDefault();
});
document.addEventListener("contextmenu", (event) => {
  if (event.target.closest?.(".chip.dragged")) event.preventDefault();
});

// others' changes --------------------------------------------------------------------------------

if ("EventSource" in window && plan()) {
  const stream = new EventSource(`/live?page=${plan().dataset.page}`);
  let timer;
  stream.addEventListener("studio", (event) => {
    if (event.data !== "calendar") return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.querySelector(".chip.dragged")) return;
      const held = document.activeElement?.closest?.(".chip")?.id;
      refresh(held);
    }, 400);
  });
  window.addEventListener("pagehide", () => stream.close());
}
