// A trader's day by hand on the paper exchange: open, look, add, cash in, set levels, close; each click once.
import { expect, hydrated, setUp, startAxisor, test, type Axisor } from './axisor';
import type { Page } from '@playwright/test';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways', AXISOR_PAPER_SEED: '7' } });
});

test.afterEach(async () => {
  await axisor.stop();
});

const row = (page: Page) => page.getByTestId('position-row');
const number = async (page: Page, testid: string) =>
  Number((await page.getByTestId(testid).first().innerText()).replace(/[^0-9]/g, ''));

async function go(page: Page, place: string) {
  await page.getByTestId(`nav-${place}`).locator('visible=true').first().click();
}

/** Fills the ticket, and confirms the order's own sentence. */
async function open(page: Page, quantity = '1000') {
  await go(page, 'trade');
  await page.getByTestId('ticket-quantity').fill(quantity);
  await expect(page.getByTestId('order-liquidation').first()).toContainText('%');
  await page.getByTestId('ticket-open').click();
  await expect(page.getByTestId('hand-sentence')).toContainText('1,000');
  await expect(page.getByTestId('hand-dialog').getByTestId('mode-badge')).toContainText(/paper/i);
  await page.getByTestId('hand-confirm').click();
  await expect(page.getByTestId('hand-dialog')).toBeHidden();
  await expect(page.getByTestId('fate').first()).toHaveAttribute('data-fate', 'done');
}

/** Confirms what the dialog asks, and waits until it was done. */
async function confirm(page: Page) {
  await page.getByTestId('hand-confirm').click();
  await expect(page.getByTestId('hand-dialog')).toBeHidden();
  await expect(page.getByTestId('hand-note').getByTestId('fate').first()).toHaveAttribute('data-fate', 'done');
}

test('a position is opened, changed and closed by hand', async ({ page }, project) => {
  test.setTimeout(120_000);
  await setUp(page, axisor);
  await open(page);
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
  const last = Number((await page.locator('.hand-dialog').count()) && (await lastPrice(page)));
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

/** The price as the open dialog's page knows it: the mark under the entry. */
async function lastPrice(page: Page): Promise<number> {
  const text = await page.locator('[data-testid="position-row"] td').nth(1).locator('.sub').innerText();
  return Number(text.replace(/[^0-9.]/g, ''));
}

test('f31 nonsense in the ticket and the dialogs is answered at its field', async ({ page }) => {
  await setUp(page, axisor);
  await go(page, 'trade');
  await page.getByTestId('ticket-open').click();
  await expect(page.getByTestId('ticket-quantity-fault')).toBeVisible();
  for (const [field, texts] of [
    ['ticket-quantity', ['0', '-5', '1.5', 'six', '500001', '1e3']],
    ['ticket-leverage', ['0', '101', 'NaN', '1.234']],
  ] as const) {
    for (const text of texts) {
      await page.getByTestId(field).fill(text);
      await page.getByTestId('ticket-open').click();
      await expect(page.getByTestId(`${field}-fault`), `${field} ${text}`).toBeVisible();
      await expect(page.getByTestId(field)).toHaveValue(text);
      await expect(page.getByTestId('hand-dialog')).toBeHidden();
    }
    await page.getByTestId(field).fill(field === 'ticket-quantity' ? '1000' : '10');
    await expect(page.getByTestId(`${field}-fault`)).toHaveCount(0);
  }
  for (const field of ['ticket-stop-loss', 'ticket-take-profit']) {
    await page.getByTestId(field).fill(field === 'ticket-stop-loss' ? '9999999' : '1');
    await expect(page.getByTestId(`${field}-fault`)).toBeVisible();
    await page.getByTestId(field).fill('');
  }
  await page.getByTestId('ticket-at-limit').click();
  await page.getByTestId('ticket-limit').fill('sixty');
  await expect(page.getByTestId('ticket-limit-fault')).toBeVisible();
  await page.getByTestId('ticket-at-market').click();

  await open(page);
  await page.getByTestId('row-add').click();
  for (const text of ['0', '-1', 'all', '99999999999']) {
    await page.getByTestId('hand-amount').fill(text);
    await expect(page.getByTestId('hand-amount-fault'), text).toBeVisible();
    await expect(page.getByTestId('hand-confirm')).toBeDisabled();
  }
  await page.getByTestId('hand-back').click();
  await expect(page.getByTestId('hand-dialog')).toBeHidden();
});

test('f10 a double click and a request that is sent again are one order', async ({ page }) => {
  await setUp(page, axisor);
  await go(page, 'trade');
  await page.getByTestId('ticket-quantity').fill('1000');
  await page.getByTestId('ticket-open').click();
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/carry_out')) sent.push(request.postData() ?? '');
  });
  await page.getByTestId('hand-confirm').dblclick();
  await expect(page.getByTestId('hand-dialog')).toBeHidden();
  await expect(row(page)).toHaveCount(1);
  expect(sent).toHaveLength(1);
  // The same request once more, as a browser that resends it would.
  const again = await page.evaluate(async (body) => {
    const url = performance.getEntriesByType('resource').map((entry) => entry.name).find((name) => name.endsWith('/carry_out'));
    const answer = await fetch(url ?? '', { method: 'POST', body, headers: { 'content-type': 'application/json', accept: 'application/json' } });
    return answer.json();
  }, sent[0]);
  expect(again).toBe('done');
  await page.reload();
  await hydrated(page);
  await expect(row(page)).toHaveCount(1);
});

test('an order with a limit waits, is shown, and is canceled', async ({ page }) => {
  await setUp(page, axisor);
  await go(page, 'trade');
  await page.getByTestId('ticket-at-limit').click();
  await page.getByTestId('ticket-quantity').fill('500');
  await page.getByTestId('ticket-limit').fill('10000');
  await page.getByTestId('ticket-open').click();
  await expect(page.getByTestId('hand-sentence')).toContainText('10,000');
  await confirm(page);
  await expect(page.getByTestId('order-row')).toHaveCount(1);
  await page.getByTestId('row-cancel').click();
  await confirm(page);
  await expect(page.getByTestId('order-row')).toHaveCount(0);
});

test('several positions are closed at once, and never by a slip', async ({ page }) => {
  await setUp(page, axisor);
  await open(page);
  await open(page);
  await go(page, 'positions');
  await expect(row(page)).toHaveCount(2);
  await page.getByTestId('choose-all').check();
  await page.getByTestId('close-chosen').click();
  await page.getByTestId('hand-close-many').click();
  await page.getByTestId('hand-close-many-word').fill('no');
  await page.getByTestId('hand-close-many-word').press('Enter');
  await expect(page.getByTestId('fate'), 'neither a click nor another word is enough').toHaveCount(0);
  await page.getByTestId('hand-close-many-word').fill('close');
  await page.getByTestId('hand-close-many-word').press('Enter');
  await expect(row(page)).toHaveCount(0);
  await expect(page.getByTestId('hand-note').getByTestId('fate')).toHaveCount(2);
});

test('the chart shows its levels and studies, and a table stands behind it', async ({ page }) => {
  await setUp(page, axisor);
  await open(page);
  const chart = page.getByTestId('trade-chart');
  await expect(chart).toHaveAttribute('data-ready', 'true');
  for (const study of ['ema', 'bollinger', 'rsi']) await page.getByTestId(`study-${study}`).click();
  await expect(chart).toHaveAttribute('data-studies', '4');
  for (const bars of ['1m', '1h', '15m']) {
    await page.getByTestId(`bars-${bars}`).click();
    await expect(page.getByTestId(`bars-${bars}`)).toHaveAttribute('aria-pressed', 'true');
  }
  await expect(page.getByTestId('told-bars').locator('tbody tr').first()).toBeAttached();
  const levels = Number(await chart.getAttribute('data-levels'));
  expect(levels).toBeGreaterThanOrEqual(2);
});
