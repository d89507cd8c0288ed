// Orders and deeds that must not happen: nonsense, a double click, a slip; and an order that waits.
import { expect, hydrated, setUp, startAxisor, test, type Axisor } from './axisor';
import { confirm, go, open, row } from './hand';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways', AXISOR_PAPER_SEED: '7' } });
});

// A page that is still reading would complain of its server's end.
test.afterEach(async ({ page }) => {
  await page.close();
  await axisor.stop();
});

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
