// What live positions cost the browser's main thread: many rows and many prices a second, through the page's own feed.
import { expect, hydrated, startAxisor, test, type Axisor } from '../tests/axisor';
import type { Page } from '@playwright/test';

const load = { rows: Number(process.env.ROWS ?? 500), perSecond: Number(process.env.PRICES ?? 20) };
const seconds = Number(process.env.SECONDS ?? 10);

let axisor: Axisor;

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

/** Frames that were painted in so many seconds. */
function frames(page: Page) {
  return page.evaluate(
    (seconds) =>
      new Promise<number>((done) => {
        let count = 0;
        const end = performance.now() + seconds * 1_000;
        const next = () => {
          count += 1;
          if (performance.now() < end) requestAnimationFrame(next);
          else done(count);
        };
        requestAnimationFrame(next);
      }),
    seconds,
  );
}

test('live positions', async ({ page, context, complaints }) => {
  await page.addInitScript(manyOfAll, load);
  await page.goto(`${axisor.origin}/positions`);
  await hydrated(page);
  await expect(page.getByTestId('position-row')).toHaveCount(load.rows, { timeout: 60_000 });
  const mark = page.getByTestId('position-row').last().locator('td').nth(1).locator('.sub');
  const shown = await mark.innerText();
  await expect(mark, 'the last row follows the price').not.toHaveText(shown);

  const cdp = await context.newCDPSession(page);
  // Time on the processor, so that what else runs on the machine is not counted.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value] as const));
  };
  const before = await read();
  const painted = await frames(page);
  const after = await read();
  const grown = (name: string) => after.get(name)! - before.get(name)!;
  const passed = grown('Timestamp');
  const cost = (name: string) => Math.round((grown(name) * 1_000) / passed);
  console.log(
    `${load.rows} rows, ${load.perSecond} prices a second: the main thread works ${cost('TaskDuration')} ms a second ` +
      `(script ${cost('ScriptDuration')}, style ${cost('RecalcStyleDuration')}, layout ${cost('LayoutDuration')}), ` +
      `${Math.round(painted / passed)} frames a second`,
  );
  complaints.splice(0);
});
