// What of a business's posts was seen: half of its pixels (three tenths of a very large one) in a visible,
// focused window for one second without a break. Reported with the ticket that stands beside the post; ages go,
// not times, because clocks are wrong. Posts of people carry no ticket and are not watched.
const LARGE = 242000;
const SECOND = 1000;
const VIEWED = 2;
const CLICKED = 3;
const EVERY = 3000;
const STEPS = Array.from({ length: 21 }, (_, step) => step / 20);

const waiting = [];
const watched = new Map(); // article: {enough, timer}
const told = new Set(); // what was reported already, by kind and ticket

function report(article, kind) {
  const { post, ticket } = article.dataset;
  const key = `${kind} ${ticket}`;
  if (!ticket || told.has(key)) return;
  told.add(key);
  waiting.push([post, ticket, kind, performance.now()]);
}

function send() {
  if (!waiting.length) return;
  const now = performance.now();
  const batch = waiting.slice(0, 100);
  const lines = batch.map(([post, ticket, kind, at]) => [post, ticket, kind, Math.round(now - at)]);
  if (navigator.sendBeacon("/facts", new Blob([JSON.stringify(lines)], { type: "application/json" }))) waiting.splice(0, batch.length);
}

const looking = () => document.visibilityState === "visible" && document.hasFocus();

function stop(state) {
  clearTimeout(state.timer);
  state.timer = 0;
}

function judge(article, state) {
  if (!state.enough || !looking()) return stop(state);
  if (state.timer) return;
  state.timer = setTimeout(() => {
    report(article, VIEWED);
    observer.unobserve(article);
    watched.delete(article);
  }, SECOND);
}

const observer = "IntersectionObserver" in window && new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const state = watched.get(entry.target);
    if (!state) continue;
    const { width, height } = entry.boundingClientRect;
    const needed = width * height > LARGE ? 0.3 : 0.5;
    // the browser's ratio may fall short of the true one by a rounding
    state.enough = entry.isIntersecting && entry.intersectionRatio >= needed - 0.001;
    judge(entry.target, state);
  }
}, { threshold: STEPS });

function watch(part) {
  if (!observer) return;
  const found = [...part.querySelectorAll("[data-ticket]")];
  if (part.matches?.("[data-ticket]")) found.push(part);
  for (const article of found) {
    if (!article.dataset.ticket || watched.has(article) || told.has(`${VIEWED} ${article.dataset.ticket}`)) continue;
    watched.set(article, { enough: false, timer: 0 });
    observer.observe(article);
  }
}

function clicked(event) {
  const article = event.target.closest("[data-ticket]");
  const link = event.target.closest("a[href], button[data-photo], [data-pictures]");
  if (!article || !link || link.closest("form")) return;
  report(article, CLICKED);
  send();
}

export function facts() {
  if (!navigator.sendBeacon) return;
  watch(document);
  document.addEventListener("htmx:load", (event) => watch(event.detail.elt));
  const all = () => watched.forEach((state, article) => judge(article, state));
  for (const change of ["focus", "blur"]) window.addEventListener(change, all);
  document.addEventListener("visibilitychange", () => {
    all();
    if (document.visibilityState === "hidden") send();
  });
  window.addEventListener("pagehide", send);
  document.addEventListener("click", clicked, { capture: true });
  // what is done on a card comes from where it stands
  document.addEventListener("htmx:configRequest", (event) => {
    const card = event.detail.elt.closest("[data-ticket]");
    if (card?.dataset.ticket) event.detail.headers["X-Ticket"] = card.dataset.ticket;
  });
  setInterval(send, EVERY);
}
