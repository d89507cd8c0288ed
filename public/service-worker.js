// Answers while the server can't be reached, with a page that says what still protects the trader. Nothing else is
// kept: neither a page of somebody's account nor an answer about it, so that no old number is ever shown as new.
const SHELL = ['/offline.html', '/offline.pt-BR.html', '/offline.css', '/offline.js', '/favicon.svg'];
const NAME = `shell-${new URL(location.href).searchParams.get('release')}`;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const tidied = caches.keys().then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name))));
  event.waitUntil(tidied.then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.mode === 'navigate' && request.method === 'GET') {
    event.respondWith(fetch(request).catch(() => caches.match(offline())));
  } else if (SHELL.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});

function offline() {
  return self.navigator.language.toLowerCase().startsWith('pt') ? '/offline.pt-BR.html' : '/offline.html';
}
