// For members: a page of ours stands in when there is no network. Another language is another worker.
export function offline() {
  if (!("serviceWorker" in navigator) || !("signedIn" in document.body.dataset)) return;
  const address = `/offline-worker.js?lang=${document.documentElement.lang}`;
  // refused in private windows and where storage is off; then the browser's own page has to do
  window.addEventListener("load", () => navigator.serviceWorker.register(address).catch(() => {}));
}
