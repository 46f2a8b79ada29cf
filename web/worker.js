// Keeps the app's own files, so that the app opens without a network, and shows what is pushed when no page is open. It knows
// nothing of rooms and messages beyond that: the API, the socket and all pages but the app's pass it by.
//
// The build puts two lines before this one: FILES, the app's files that its page names, and PARTS, those that its script fetches
// when they are wanted; by their addresses, which say their content. So this script is another one whenever a file is, and the
// browser installs it anew.

const PAGE = '/rooms/';
const KEPT = [...FILES, ...PARTS];
const CACHE = `stonechat ${KEPT.join(' ')}`;
// A network that does not answer for so long counts as none.
const PATIENCE_MS = 4000;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOlder()));
self.addEventListener('push', (event) => event.waitUntil(pushed(event)));
self.addEventListener('notificationclick', (event) => event.waitUntil(clicked(event)));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && pathname.startsWith(PAGE)) event.respondWith(page(event));
  else if (KEPT.includes(pathname)) event.respondWith(file(request));
});

async function install() {
  const page = await fetch(PAGE);
  if (!(await isOurs(page))) throw new Error('not the page of these files');
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT);
  await cache.put(PAGE, page);
  await self.skipWaiting();
}

// Somebody who is logged out gets another page, and a newer server one with other files. Both are tried again later.
async function isOurs(page) {
  if (!page.ok || page.redirected) return false;
  const text = await page.clone().text();
  return FILES.every((file) => text.includes(file));
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

// The network's page, or the kept one if there is no network or no server behind it. The page says whose app it is, so the
// newest is kept.
async function page(event) {
  const kept = await find(PAGE);
  if (!kept) return fetch(event.request);
  const answered = fetch(event.request);
  event.waitUntil(answered.then(keep, () => {}));
  const late = new Promise((answer) => setTimeout(answer, PATIENCE_MS, kept));
  const fresh = answered.then((answer) => (answer.status < 500 ? answer.clone() : kept), () => kept);
  return Promise.race([fresh, late]);
}

async function keep(answer) {
  const page = answer.clone();
  if (await isOurs(page)) await (await caches.open(CACHE)).put(PAGE, page);
}

async function file(request) {
  return (await find(request)) ?? fetch(request);
}

async function find(request) {
  return (await caches.open(CACHE)).match(request);
}

// Shows a push, and says that it came. It always shows something: a browser takes pushing away from a site that shows nothing.
async function pushed(event) {
  const told = read(event.data);
  const about = told.push === 'message';
  const path = about ? `${PAGE}${told.room}/messages/${told.seq}` : PAGE;
  const test = told.push === 'test' && 'Pushes arrive on this device.';
  await self.registration.showNotification(told.title ?? 'Stonechat', {
    body: test || (told.text ?? 'There is a new message.'),
    icon: '/favicon.ico',
    // What the page shows of a room has the same tag: one stands in the place of the other.
    tag: about ? `room-${told.room}` : 'test',
    renotify: true,
    data: { path },
  });
  if (told.device) await confirm(told.device);
}

function read(data) {
  try {
    return data.json() ?? {};
  } catch {
    return {};
  }
}

// Whether the server hears it is only for those who look after pushes.
async function confirm(device) {
  const headers = { 'content-type': 'application/json' };
  const path = `/api/v1/push/devices/${device}/arrivals`;
  await fetch(path, { method: 'POST', headers, body: '{}' }).catch(() => {});
}

async function clicked(event) {
  event.notification.close();
  const path = event.notification.data?.path ?? PAGE;
  const pages = await self.clients.matchAll({ type: 'window' });
  const open = pages.find((page) => new URL(page.url).pathname.startsWith(PAGE));
  if (!open) return self.clients.openWindow(path);
  await open.focus();
  return open.navigate(path);
}
