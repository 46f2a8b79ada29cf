// Keeps the app's own files, so that the app opens without a network. It knows nothing of rooms and messages: the API, the
// socket and all pages but the app's pass it by.
//
// The build puts a line before this one: FILES, the app's files by their addresses, which say their content. So this script is
// another one whenever a file is, and the browser installs it anew.

const PAGE = '/rooms/';
const CACHE = `stonechat ${FILES.join(' ')}`;
// A network that does not answer for so long counts as none.
const PATIENCE_MS = 4000;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOlder()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && pathname.startsWith(PAGE)) event.respondWith(page(request));
  else if (FILES.includes(pathname)) event.respondWith(file(request));
});

async function install() {
  const page = await fetch(PAGE);
  const text = await page.clone().text();
  // Somebody who is logged out gets another page, and a newer server one with other files. Both are tried again later.
  if (!page.ok || page.redirected || !FILES.every((file) => text.includes(file))) throw new Error('not the page of these files');
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await cache.put(PAGE, page);
  await self.skipWaiting();
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

// The network's page, or the kept one if there is no network or no server behind it.
async function page(request) {
  const kept = await find(PAGE);
  if (!kept) return fetch(request);
  const late = new Promise((answer) => setTimeout(answer, PATIENCE_MS, kept));
  const fresh = fetch(request).then((answer) => (answer.status < 500 ? answer : kept), () => kept);
  return Promise.race([fresh, late]);
}

async function file(request) {
  return (await find(request)) ?? fetch(request);
}

async function find(request) {
  return (await caches.open(CACHE)).match(request);
}
