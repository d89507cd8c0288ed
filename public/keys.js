// Listens for shortcuts on the pages of who is signed in. What they open is loaded when it is first wanted. No key
// sends money.
const pages = { d: '/', p: '/positions', t: '/trade', g: '/guard', a: '/activity', s: '/settings/accounts' };
const patience = 1500;
let palette;
let begun = 0;

export function go(href) {
  // The pages' own router follows links.
  const link = document.createElement('a');
  link.href = href;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
}

async function open(what) {
  palette ??= import('/palette.js');
  try {
    await (await palette).open(what);
  } catch (fault) {
    // Without a connection there is no palette yet; the next press tries again.
    palette = undefined;
    console.info('the palette cannot be loaded', fault);
  }
}

// A choice takes no letters; whoever has just made one is not typing.
const isTyping = (target) =>
  target?.closest?.('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable], [role="slider"]');
const isWanted = () => document.querySelector('.frame') && !document.querySelector('dialog[open]');

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat || event.altKey || !isWanted()) return;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key !== 'k' || event.shiftKey) return;
    event.preventDefault();
    open('palette');
    return;
  }
  if (document.documentElement.dataset.keys === 'off' || isTyping(event.target)) return;
  const isSecond = event.timeStamp - begun < patience && begun !== 0;
  begun = 0;
  if (isSecond && pages[key]) {
    event.preventDefault();
    go(pages[key]);
  } else if (key === 'g') {
    begun = event.timeStamp;
  } else if (key === '/' || key === '?') {
    event.preventDefault();
    open(key === '?' ? 'help' : 'palette');
  }
});

addEventListener('click', (event) => {
  if (event.target.closest?.('[data-opens-palette]')) open('palette');
});
