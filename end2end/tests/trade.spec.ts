// A trader's day by hand on the paper exchange: open, look, add, cash in, set levels, close; each click once.
import { expect, setUp, startAxisor, test, type Axisor } from './axisor';
import { confirm, go, lastPrice, number, open, row } from './hand';
import type { Page } from '@playwright/test';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways', AXISOR_PAPER_SEED: '7' } });
});

// A page that is still reading would complain of its server's end.
test.afterEach(async ({ page }) => {
  await page.close();
  await axisor.stop();
});

test('a position is opened, changed and closed by hand', async ({ page }, project) => {
  test.setTimeout(120_000);
  await setUp(page, axisor);
  await open(page);
  const last = await lastPrice(page);
  await expect(page.getByTestId('trade-chart')).toHaveAttribute('data-ready', 'true');
  await page.screenshot({ path: `screenshots/${project.project.name}-trade.png`, fullPage: true });
  await go(page, 'positions');
  await expect(row(page)).toHaveCount(1);

  const margin = await number(page, 'position-margin');
  await page.getByTestId('row-add').click();
  await page.getByTestId('hand-amount').fill('20000');
  await expect(page.getByTestId('after-margin')).toHaveText((margin + 20_000).toLocaleString('en'));
  await page.screenshot({ path: `screenshots/${project.project.name}-add-margin.png` });
  await confirm(page);
  await expect.poll(() => number(page, 'position-margin')).toBe(margin + 20_000);

  await page.getByTestId('row-cash-in').click();
  await page.getByTestId('hand-amount').fill('5000');
  await confirm(page);

  const entry = await number(page, 'position-margin');
  expect(entry).toBeLessThanOrEqual(margin + 20_000);
  await page.getByTestId('row-stops').click();
  await page.getByTestId('hand-stop-loss').fill(String(Math.round(last * 0.97)));
  await page.getByTestId('hand-take-profit').fill(String(Math.round(last * 1.2)));
  await confirm(page);
  await expect(page.getByTestId('position-stop-loss')).not.toHaveText('\u2014');
  await expect(page.getByTestId('position-take-profit')).not.toHaveText('\u2014');

  await go(page, 'activity');
  const told = page.locator('[data-testid="activity-row"][data-why="by_hand"]');
  await expect(told).toHaveCount(5);
  await go(page, 'positions');
  await page.getByTestId('row-close').click();
  await confirm(page);
  await expect(row(page)).toHaveCount(0);
});

test('a stop-loss is drawn on the chart, and moves only once it is confirmed', async ({ page }) => {
  await setUp(page, axisor);
  await go(page, 'trade');
  const last = await lastPrice(page);
  await page.getByTestId('ticket-stop-loss').fill(String(Math.round(last * 0.985)));
  await open(page);
  const stop = page.getByTestId('position-stop-loss');
  await expect(stop).not.toBeEmpty();
  const set = await stop.innerText();
  await draw(page, 40);
  const field = page.getByTestId('hand-stop-loss');
  expect(Number(await field.inputValue()), 'it was drawn down').toBeLessThan(Math.round(last * 0.985));
  await page.getByTestId('hand-back').click();
  await expect(stop).toHaveText(set);
  await draw(page, 40);
  const drawn = Number(await field.inputValue());
  await confirm(page);
  await expect(stop).toContainText(drawn.toLocaleString('en', { minimumFractionDigits: 1 }));
});

/** Draws the one level that can be drawn so many pixels down, from wherever the chart shows it. */
async function draw(page: Page, down: number) {
  const chart = page.getByTestId('trade-chart');
  await chart.scrollIntoViewIfNeeded();
  // The chart says when a level is under the pointer; asked in the page, since a mouse would take a minute to find it.
  const found = await chart.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const x = left + width / 3;
    for (let y = top + 4; y < top + height; y += 4) {
      element.firstElementChild!.dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: y, bubbles: true, isPrimary: true }));
      if (element.classList.contains('can-draw')) return { x, y };
    }
    return null;
  });
  expect(found, 'a level can be taken hold of').not.toBeNull();
  const { x, y } = found!;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + down);
  await page.mouse.up();
  await expect(page.getByTestId('hand-dialog')).toBeVisible();
}

test('the chart shows its levels and studies, and a table stands behind it', async ({ page }) => {
  await setUp(page, axisor);
  await open(page);
  // A young market has few long bars: the chart began with shorter ones, enough for every study.
  await expect(page.getByTestId('bars-15m')).toHaveAttribute('aria-pressed', 'false');
  const chart = page.getByTestId('trade-chart');
  await expect(chart).toHaveAttribute('data-ready', 'true');
  for (const study of ['ema', 'bollinger', 'rsi']) await page.getByTestId(`study-${study}`).click();
  // Volume, two averages, three bands, strength.
  await expect(chart).toHaveAttribute('data-studies', '7');
  for (const bars of ['1m', '1h', '15m']) {
    await page.getByTestId(`bars-${bars}`).click();
    await expect(page.getByTestId(`bars-${bars}`)).toHaveAttribute('aria-pressed', 'true');
  }
  await expect(page.getByTestId('told-bars').locator('tbody tr').first()).toBeAttached();
  const levels = Number(await chart.getAttribute('data-levels'));
  expect(levels).toBeGreaterThanOrEqual(2);
});
