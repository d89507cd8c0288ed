// The reader's time zone: the one that the document names, which they chose, or the browser's own.
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const root = document.documentElement;
let name;
let clock;

function clockOf(zone) {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' };
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...numeric });
}

function choose() {
  name = root.dataset.zone || own;
  try {
    clock = clockOf(name);
  } catch {
    // A zone that this browser does not know yet.
    clock = clockOf(own);
  }
}

// How far the zone is from UTC at a moment, in minutes to the east.
export function offset(ms) {
  if (!clock || name !== (root.dataset.zone || own)) choose();
  const minute = ms - (((ms % 60000) + 60000) % 60000);
  const part = Object.fromEntries(clock.formatToParts(minute).map(({ type, value }) => [type, Number(value)]));
  return Math.round((Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) - minute) / 60000);
}

// For the server, where the reader has not chosen: its next page says times as this browser would.
if (own) document.cookie = `zone=${own}; Path=/; Max-Age=31536000; SameSite=Lax`;
