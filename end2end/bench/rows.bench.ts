// What live positions cost the browser's main thread: many rows and many prices a second, through the page's own feed.
import { expect, hydrated, startAxisor, test, type Axisor } from '../tests/axisor';
import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { load, work } from './thread';

let axisor: Axisor;
let ours = 0;

test.beforeEach(async () => {
  axisor = await startAxisor({ demo: true });
});

test.afterEach(async ({ page }) => {
  await page.close();
  await axisor.stop();
});

/** In the page: each account that arrives has many positions, and prices come as often as is wanted. */
function manyOfAll({ rows, perSecond }: typeof load) {
  const Real = window.EventSource;
  window.EventSource = class extends Real {
    private heard?: (event: MessageEvent) => void;
    private price?: { tick: Record<string, unknown> };
    private count = 0;

    constructor(url: string) {
      super(url);
      super.addEventListener('message', ({ data }) => this.take(JSON.parse(data)));
      Object.defineProperty(this, 'onmessage', { set: (heard) => { this.heard = heard; } });
    }

    private take(event: { tick?: { tick: Record<string, unknown> }; account?: { positions: { position: { id: string } }[] } }) {
      if (event.tick) {
        if (!this.price) setInterval(() => this.move(), 1_000 / perSecond);
        this.price = event.tick;
        return;
      }
      const first = event.account?.positions[0];
      if (event.account && first) {
        event.account.positions = Array.from({ length: rows }, (_, at) => {
          const copy = structuredClone(first);
          copy.position.id = first.position.id.slice(0, -6) + at.toString(16).padStart(6, '0');
          return copy;
        });
      }
      this.tell(event);
    }

    private move() {
      this.count += 1;
      const moved = structuredClone(this.price!);
      const by = ((this.count * 7) % 41) - 20;
      for (const [name, value] of Object.entries(moved.tick)) {
        if (name !== 'at' && typeof value === 'number') moved.tick[name] = value + by;
      }
      this.tell({ tick: moved });
    }

    private tell(event: object) {
      this.heard?.(new MessageEvent('message', { data: JSON.stringify(event) }));
    }
  };
}

test('live positions', async ({ page, complaints }) => {
  await page.addInitScript(manyOfAll, load);
  await page.goto(`${axisor.origin}/positions`);
  await hydrated(page);
  await expect(page.getByTestId('position-row')).toHaveCount(load.rows, { timeout: 60_000 });
  const mark = page.getByTestId('position-row').first().locator('td').nth(1).locator('.sub');
  const shown = await mark.innerText();
  await expect(mark, 'a row in sight follows the price').not.toHaveText(shown);

  const last = page.getByTestId('position-row').last();
  await last.scrollIntoViewIfNeeded();
  await expect(last.locator('td').nth(1).locator('.sub'), 'and one that comes into sight does').not.toHaveText(shown);
  await page.evaluate(() => scrollTo(0, 0));
  ours = await work(page, 'Axisor');
  complaints.splice(0);
});

/** The page of `react/rows.jsx`, with the styles of ours. */
async function reactPage() {
  const made = await build({
    entryPoints: [join(import.meta.dirname, 'react/rows.jsx')],
    bundle: true,
    minify: true,
    write: false,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const folder = join(process.env.AXISOR_SITE!, 'pkg');
  const sheet = readFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith('.css'))!), 'utf8');
  const page = `<!doctype html><html lang="en" data-theme="dark"><meta charset="utf-8"><style>${sheet}</style><main id="root"></main><script src="/rows.js"></script></html>`;
  const server = createServer((request, answer) => {
    const isScript = request.url === '/rows.js';
    answer.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    answer.end(isScript ? made.outputFiles[0].text : page);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

for (const pace of [load.perSecond, 4]) {
  test(`the same in React, shown ${pace} times a second`, async ({ page }) => {
    const { server, origin } = await reactPage();
    await page.goto(`${origin}/?rows=${load.rows}&prices=${load.perSecond}&shown=${pace}`);
    await expect(page.getByTestId('position-row')).toHaveCount(load.rows);
    const theirs = await work(page, `React 19, shown ${pace} times a second`);
    console.log(`Axisor's share of that: ${((100 * ours) / theirs).toFixed(0)} %`);
    await page.close();
    server.close();
  });
}
