// j and k walk through the posts, n writes, / searches, ? tells the rest. Never while typing.
const TYPING = "input, textarea, select, [contenteditable]";

function posts() {
  return [...document.querySelectorAll("[data-post]")].filter((post) => post.offsetParent);
}

function walk(step) {
  const all = posts();
  if (!all.length) return;
  const here = all.indexOf(document.querySelector(".post.here"));
  const from = here >= 0 ? here + step : all.findIndex((post) => post.getBoundingClientRect().top >= 0);
  const next = all[Math.max(0, Math.min(from, all.length - 1))];
  all[here]?.classList.remove("here");
  next.classList.add("here");
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

function press(selector, root = document) {
  const target = root?.querySelector(selector);
  if (!target) return false;
  target.click();
  return true;
}

function write() {
  const field = document.querySelector("#composer-text");
  if (field) field.focus();
  else press('[data-key="n"]');
}

function search() {
  const field = document.querySelector('input[type="search"]');
  if (field) field.focus();
  else press('[data-key="/"]');
}

export function keys() {
  const here = () => document.querySelector(".post.here");
  const acts = {
    j: () => walk(1),
    k: () => walk(-1),
    n: write,
    "/": search,
    ".": () => press(".new-posts:not([hidden])"),
    "?": () => document.getElementById("shortcuts")?.showModal(),
    r: () => press('[data-key="r"]', here()),
    b: () => press('[data-key="b"]', here()),
    l: () => press('[data-key="l"]', here()) && here().querySelector(".faces-box button")?.focus(),
    Enter: () => document.activeElement === here() && press("time", here()),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    if (document.querySelector("dialog[open]")) return;
    const act = acts[event.key];
    if (!act || (event.key === "Enter" && event.target !== here())) return;
    event.preventDefault();
    act();
  });
}
