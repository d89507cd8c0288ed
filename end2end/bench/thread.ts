// How long a page's main thread works, a second.
import type { Page } from '@playwright/test';

export const load = { rows: Number(process.env.ROWS ?? 500), perSecond: Number(process.env.PRICES ?? 20) };
const seconds = Number(process.env.SECONDS ?? 10);

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

/** Counts how often the first row's mark is written. */
function countPrices(page: Page) {
  return page.evaluate(() => {
    const mark = document.querySelector('[data-testid=position-row]')!.querySelectorAll('td')[1].querySelectorAll('.figure')[1];
    const counted = { prices: 0 };
    new MutationObserver(() => { counted.prices += 1; }).observe(mark, { characterData: true, childList: true, subtree: true });
    Object.assign(window, { counted });
  });
}

/** Milliseconds a second, told and given. */
export async function work(page: Page, who: string) {
  await countPrices(page);
  const cdp = await page.context().newCDPSession(page);
  // Time on the processor, so that what else runs on the machine is not counted.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value] as const));
  };
  const before = await read();
  // Nobody asks for frames meanwhile: each has its cost.
  await page.waitForTimeout(seconds * 1_000);
  const after = await read();
  const prices = await page.evaluate(() => (window as unknown as { counted: { prices: number } }).counted.prices);
  const painted = await frames(page);
  const grown = (name: string) => after.get(name)! - before.get(name)!;
  const passed = grown('Timestamp');
  const cost = (name: string) => Math.round((grown(name) * 1_000) / passed);
  const all = cost('TaskDuration');
  console.log(
    `${who}: ${load.rows} rows, ${load.perSecond} prices a second: the main thread works ${all} ms a second ` +
      `(script ${cost('ScriptDuration')}, style ${cost('RecalcStyleDuration')}, layout ${cost('LayoutDuration')}), ` +
      `${Math.round(painted / seconds)} frames a second; ` +
      `${(prices / passed).toFixed(1)} prices a second are shown, ${((all * passed) / prices).toFixed(1)} ms each`,
  );
  return all;
}
