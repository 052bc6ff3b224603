// Opens the form for a contact where there is no network. Nothing of any client is kept here: the one page that it
// holds is an empty form, and what is typed there stays in its tab (advice-kept.js). Signing out takes it all away.
const CACHE = "waymark-advice-{{ mark }}";
const PAGE = "/desk/advice/offline";
const NEEDS = /(?:href|src)="(\/static\/[^"]+)"/g;
const IMPORTS = /["'](\.\/[\w.-]+\.js[^"']*)["']/g;

const fetched = async (url) => {
  const answer = await fetch(url, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(url);
  return answer;
};

const keepAll = async () => {
  const cache = await caches.open(CACHE);
  const page = await fetched(PAGE);
  const wanted = new Set([...(await page.clone().text()).matchAll(NEEDS)].map((found) => found[1]));
  for (const url of wanted) {
    const answer = await fetched(url);
    if (url.split("?")[0].endsWith(".js")) {
      for (const found of (await answer.clone().text()).matchAll(IMPORTS)) {
        const further = new URL(found[1], new URL(url, location.origin));
        wanted.add(further.pathname + further.search);
      }
    }
    await cache.put(url, answer);
  }
  await cache.put(PAGE, page);
};

const forget = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("waymark-advice-") && name !== CACHE).map((name) => caches.delete(name)));
};

const kept = async (request) => (await caches.match(request, { ignoreVary: true })) ?? Response.error();

self.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forget().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(PAGE)));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(fetch(request).catch(() => kept(request)));
});
