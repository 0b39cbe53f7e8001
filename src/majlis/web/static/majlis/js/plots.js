// Draws the plots of a page after it can be read. The engine is large, so it comes last, and only where a plot is.
// Colours are names of the style sheet until here; the keys lead through the marks, each told in words.
const engine = document.querySelector("[data-plots-engine]")?.dataset.plotsEngine;
const places = [...document.querySelectorAll("[data-plot]")];

const MARK = '.role-mark [role="graphics-symbol"][aria-label]';

const named = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const painted = (part) => {
  if (typeof part === "string") return part.startsWith("--") ? named(part) || part : part;
  if (Array.isArray(part)) return part.map(painted);
  if (part && typeof part === "object") return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, painted(value)]));
  return part;
};

const drawn = new Map();

async function draw(place) {
  const spec = painted(JSON.parse(document.getElementById(place.dataset.plot).textContent));
  place.hidden = false;
  drawn.get(place)?.finalize();
  const result = await window.vegaEmbed(place, spec, {
    mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false, tooltip: false, hover: false,
  });
  drawn.set(place, result);
  // what kind of thing it is would be said in English, whatever the page speaks
  place.querySelectorAll("[aria-roledescription]").forEach((part) => part.removeAttribute("aria-roledescription"));
  place.dataset.drawn = "";
}

function walk(place) {
  const told = place.parentElement.querySelector("[data-plot-told]");
  let at = -1;
  const marks = () => [...place.querySelectorAll(MARK)];
  const show = (mark) => {
    place.querySelectorAll("[data-told]").forEach((other) => other.removeAttribute("data-told"));
    if (!mark) return;
    mark.setAttribute("data-told", "");
    told.hidden = false;
    told.value = mark.getAttribute("aria-label");
  };
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", place.dataset.label);
  place.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const all = marks();
    if (event.key === "Home") at = 0;
    else if (event.key === "End") at = all.length - 1;
    else if (event.key in steps) at = Math.min(Math.max(at + steps[event.key], 0), all.length - 1);
    else return;
    event.preventDefault();
    show(all[at]);
  });
  place.addEventListener("pointerover", (event) => {
    const mark = event.target.closest?.(MARK);
    if (mark) show(mark);
  });
}

async function begin() {
  await import(engine);
  for (const place of places) {
    await draw(place);
    walk(place);
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => places.forEach(draw));
}

if (engine && places.length) {
  const whenIdle = window.requestIdleCallback ?? setTimeout;
  whenIdle(() => begin().catch(() => {
    // the numbers stand in the tables; they are opened, as if there were no script
    places.forEach((place) => {
      place.hidden = true;
      place.parentElement.querySelector("details").open = true;
    });
  }));
}
