// Makes the page an app: its service worker, the offer to install it, and the notice that a newer one has come.
// The page shows [data-install] and [data-update] when <html> says so; a click on either is taken here.
const CHECK_EACH = 30 * 60_000;
const page = document.documentElement;
const release = releaseIn(document.head.innerHTML);
let offer;

function releaseIn(html) {
  return /\/pkg\/axisor\.([\w-]+)\.js/.exec(html)?.[1];
}

if (release) navigator.serviceWorker?.register(`/service-worker.js?release=${release}`).catch(() => {});

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  offer = event;
  page.dataset.installable = '';
});

addEventListener('appinstalled', () => delete page.dataset.installable);

addEventListener('click', ({ target }) => {
  if (target.closest?.('[data-install]') && offer) {
    offer.prompt();
    offer = undefined;
    delete page.dataset.installable;
  } else if (target.closest?.('[data-update]')) {
    location.reload();
  }
});

// The way in is the same for everybody, and names the release that the server has now.
async function lookForUpdate() {
  const answer = await fetch('/sign-in', { credentials: 'omit', cache: 'no-store' }).catch(() => undefined);
  const newest = answer?.ok && releaseIn(await answer.text());
  if (newest && newest !== release) page.dataset.updated = '';
}

if (release) {
  setInterval(lookForUpdate, CHECK_EACH);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && lookForUpdate());
}
