// The palette (a list of pages and actions that is searched by typing) and the list of shortcuts.
import { go } from '/keys.js';

const offers = new Map();
let dialog;

async function offer() {
  const language = document.documentElement.lang;
  if (!offers.has(language)) {
    const answer = await fetch(`/palette/${language}`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    offers.set(language, await answer.json());
  }
  return offers.get(language);
}

export async function open(what) {
  const offered = await offer();
  if (dialog?.open) return;
  show(what === 'help' ? help(offered) : palette(offered));
}

function show(content) {
  const before = document.activeElement;
  const made = element('dialog', { class: 'dialog palette', 'data-testid': 'palette' }, content);
  made.setAttribute('aria-labelledby', 'palette-title');
  // It is told a moment after it was closed, when another may be open.
  made.addEventListener('close', () => {
    made.remove();
    if (!dialog?.open) before?.focus?.();
  });
  // A click beside it is one on the dialog itself.
  made.addEventListener('click', (event) => event.target === made && made.close());
  document.body.append(made);
  made.showModal();
  dialog = made;
}

function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Keys as they are pressed: "g d" is two, with the word between them. */
function keys(text, then) {
  const parts = text.split(' ').map((key) => element('kbd', {}, [key]));
  if (parts.length === 1) return element('span', { class: 'keys' }, parts);
  const between = text.startsWith('Ctrl') ? '+' : then;
  return element('span', { class: 'keys' }, [parts[0], element('span', { class: 'keys-then' }, [between]), parts[1]]);
}

const plain = (text) => text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase();

function palette(offered) {
  const input = element('input', {
    type: 'search',
    role: 'combobox',
    placeholder: offered.search,
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-expanded': 'true',
    'aria-controls': 'palette-list',
    'aria-autocomplete': 'list',
    'aria-labelledby': 'palette-title',
    'data-testid': 'palette-search',
    autofocus: '',
  });
  const list = element('ul', { role: 'listbox', id: 'palette-list', 'aria-labelledby': 'palette-title' });
  const nothing = element('p', { class: 'empty', role: 'status', hidden: '' }, [offered.nothing]);
  let shown = [];
  let chosen = 0;

  const choose = (index) => {
    chosen = index;
    for (const [at, option] of [...list.children].entries()) option.setAttribute('aria-selected', String(at === chosen));
    const option = list.children[chosen];
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  };
  const fill = () => {
    const wanted = plain(input.value).split(/\s+/).filter(Boolean);
    const fits = ({ name, words }) => wanted.every((word) => plain(`${name} ${words}`).includes(word));
    shown = offered.entries.filter(fits);
    list.replaceChildren(...shown.map((entry, at) => option(entry, at)));
    nothing.hidden = shown.length !== 0;
    choose(0);
  };
  const option = (entry, at) => {
    const hint = entry.keys ? [keys(entry.keys, offered.then)] : [];
    const made = element('li', { role: 'option', id: `palette-${at}`, 'data-testid': 'palette-option' }, [
      element('span', {}, [entry.name]),
      ...hint,
    ]);
    made.addEventListener('click', () => follow(entry, offered));
    made.addEventListener('pointermove', () => chosen !== at && choose(at));
    return made;
  };
  input.addEventListener('input', fill);
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      choose((chosen + step + shown.length) % shown.length);
    } else if (event.key === 'Enter' && shown[chosen]) {
      event.preventDefault();
      follow(shown[chosen], offered);
    } else if (event.key === 'Escape') {
      // The first press would only empty the field.
      event.preventDefault();
      dialog.close();
    }
  });
  fill();
  return [element('h2', { id: 'palette-title', class: 'sr-only' }, [offered.title]), input, list, nothing];
}

function follow({ href, command }, offered) {
  dialog.close();
  if (href) go(href);
  else if (command === 'help') show(help(offered));
  else document.querySelector(`[data-testid="${command}"]`)?.click();
}

function help(offered) {
  const lines = [...offered.keys, ...offered.entries.filter((entry) => entry.keys)];
  const list = element(
    'dl',
    { class: 'facts' },
    lines.map((line) =>
      element('div', {}, [element('dt', {}, [line.name]), element('dd', {}, [keys(line.keys, offered.then)])]),
    ),
  );
  const close = element('button', { type: 'button', class: 'button', autofocus: '' }, [offered.close]);
  close.addEventListener('click', () => dialog.close());
  const buttons = element('div', { class: 'dialog-buttons' }, [close]);
  return [element('h2', { id: 'palette-title' }, [offered.help]), list, buttons];
}
