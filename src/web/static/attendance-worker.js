// Keeps the page of attendance for a phone that is offline: its frame, script and icon, never what it shows of persons.
'use strict';
const CACHE = 'diem-danh-{{version}}';
const SHELL = '/diem-danh';
const KEPT = [SHELL, {{kept}}];
const PATIENCE_MS = 4000;

self.addEventListener('install', event => {
  const fresh = KEPT.map(url => new Request(url, { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', event => {
  const old = names => Promise.all(names.filter(name => name.startsWith('diem-danh-') && name !== CACHE).map(name => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});

const kept = url => caches.open(CACHE).then(cache => cache.match(url, { ignoreVary: true }));

// The network first, for as long as a person waits; then what is kept.
const page = async request => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { signal: stop.signal });
  } catch (error) {
    return (await kept(SHELL)) || Promise.reject(error);
  } finally {
    clearTimeout(timer);
  }
};

self.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname === SHELL) event.respondWith(page(request));
  } else if (KEPT.includes(url.pathname)) {
    event.respondWith(kept(url.pathname).then(found => found || fetch(request)));
  }
});
