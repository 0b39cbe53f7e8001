// Without a network a page of ours stands in for the browser's own. This keeps that page, asked for as a
// guest, and what it is drawn with; nothing else is ever kept, so nothing private can be.
const VERSION = "0"; // written by the server: other pictures or words make another worker
const LANGUAGE = new URL(location.href).searchParams.get("lang") === "ar" ? "ar" : "en";
const STORE = `offline ${VERSION} ${LANGUAGE}`;
const PAGE = `/offline?lang=${LANGUAGE}`;
const DRAWN_WITH = [
  "/static/majlis/mark.svg",
  "/static/majlis/icons.svg",
  "/static/majlis/css/tokens.css",
  "/static/majlis/css/base.css",
  "/static/majlis/css/layout.css",
  "/static/majlis/css/components.css",
  "/static/majlis/css/forms.css",
  "/static/majlis/css/pages.css",
];

async function keep(store, address) {
  const answer = await fetch(address, { credentials: "omit", cache: "reload" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await store.put(address, answer);
}

async function install() {
  const store = await caches.open(STORE);
  await Promise.all([PAGE, ...DRAWN_WITH].map((address) => keep(store, address)));
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) if (name !== STORE) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

async function part(request, address) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(address)) ?? Response.error();
  }
}

self.addEventListener("install", (event) => {
  // what a page reports as it is left is lost on the way through a worker that is only starting
  event.addRoutes?.({ condition: { requestMethod: "POST" }, source: "network" });
  event.waitUntil(install());
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (DRAWN_WITH.includes(pathname)) event.respondWith(part(request, pathname));
});
