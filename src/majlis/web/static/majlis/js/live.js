// New posts arrive as a number on a pill; the page stays where it is until she asks.
function show(pill, waiting) {
  const words = waiting === 1 ? pill.dataset.one : pill.dataset.many.replace("{n}", new Intl.NumberFormat(document.documentElement.lang).format(waiting));
  pill.querySelector("span").textContent = words;
  pill.hidden = waiting === 0;
}

export function live() {
  const pill = document.querySelector("[data-live]");
  if (!pill || !("EventSource" in window)) return;
  let waiting = 0;
  const stream = new EventSource(`/live?stream=${encodeURIComponent(pill.dataset.live || "home")}`);
  stream.addEventListener("post", () => show(pill, ++waiting));
  // the posts are on the page now, whichever way they were asked for
  pill.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) show(pill, (waiting = 0));
  });
  stream.addEventListener("gone", (event) => document.querySelector(`[data-post="${CSS.escape(event.data)}"]`)?.remove());
  window.addEventListener("pagehide", () => stream.close());
}
