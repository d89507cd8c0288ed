// A page's piece that can't be downloaded is asked for again when the reader says so: what waits for it goes on then,
// and nothing on the page is lost. These words must be there without a connection, so they come with the script.
const words = {
  en: {
    title: 'This page could not be loaded',
    text: 'The server did not answer. Your guard goes on working there; what you see here may be old.',
    again: 'Try again',
    reload: 'Load everything anew',
  },
  'pt-BR': {
    title: 'Não foi possível carregar esta página',
    text: 'O servidor não respondeu. Sua proteção continua funcionando nele; o que você vê aqui pode ser antigo.',
    again: 'Tentar de novo',
    reload: 'Carregar tudo de novo',
  },
};
const ask = window.fetch.bind(window);
let answer;

function isPiece(wanted) {
  const { origin, pathname } = new URL(wanted?.url ?? wanted, location.href);
  return origin === location.origin && pathname.startsWith('/pkg/') && pathname.endsWith('.wasm');
}

function element(name, attributes, children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** One question for all that is missing. */
function readersWord() {
  answer ??= new Promise((given) => {
    const { title, text, again, reload } = words[document.documentElement.lang] ?? words.en;
    const retry = element('button', { type: 'button', class: 'button primary', 'data-testid': 'piece-retry' }, [again]);
    const anew = element('button', { type: 'button', class: 'button' }, [reload]);
    const dialog = element('dialog', { class: 'dialog', 'aria-labelledby': 'piece-title', 'data-testid': 'piece-lost' }, [
      element('h2', { id: 'piece-title' }, [title]),
      element('p', { class: 'muted' }, [text]),
      element('div', { class: 'dialog-buttons' }, [anew, retry]),
    ]);
    retry.addEventListener('click', () => dialog.close());
    anew.addEventListener('click', () => location.reload());
    dialog.addEventListener('close', () => {
      dialog.remove();
      answer = undefined;
      given();
    });
    document.body.append(dialog);
    dialog.showModal();
    retry.focus();
  });
  return answer;
}

window.fetch = async (wanted, options) => {
  if (!isPiece(wanted)) return ask(wanted, options);
  for (;;) {
    const piece = await ask(wanted, options).catch(() => undefined);
    if (piece?.ok) return piece;
    await readersWord();
  }
};
