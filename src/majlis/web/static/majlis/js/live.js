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
  // a moment later: a post written on this very page stands on it by then
  stream.addEventListener("post", (event) => {
    setTimeout(() => document.querySelector(`[data-post="${CSS.escape(event.data)}"]`) || show(pill, ++waiting), 700);
  });
  // the posts are on the page now, whichever way they were asked for
  pill.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) show(pill, (waiting = 0));
  });
  // a moment later: when she deleted it on this very page, the way back has taken its place by then
  stream.addEventListener("gone", (event) => {
    const post = document.querySelector(`[data-post="${CSS.escape(event.data)}"]`);
    setTimeout(() => post?.remove(), 2000);
  });
  window.addEventListener("pagehide", () => stream.close());
}
