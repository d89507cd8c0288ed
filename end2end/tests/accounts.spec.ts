// Accounts and keys: checked at the exchange before they are kept, never shown again, given up for good.
import { expect, hydrated, setUp, startAxisor, test, type Axisor } from './axisor';
import { startPaper, type Key, type Paper } from './paper';
import type { Page } from '@playwright/test';

let axisor: Axisor;
let paper: Paper;
let lax: Paper;

test.beforeEach(async () => {
  [paper, lax] = await Promise.all([startPaper('--keys', '2'), startPaper('--may-withdraw')]);
  axisor = await startAxisor({
    environment: {
      AXISOR_PAPER_SOURCE: 'sideways',
      AXISOR_LNM_ENDPOINT: paper.rest,
      AXISOR_LNM_SIGNET_ENDPOINT: lax.rest,
    },
  });
});

test.afterEach(async () => {
  await Promise.all([axisor.stop(), paper.stop(), lax.stop()]);
});

async function toAccounts(page: Page) {
  await page.goto(`${axisor.origin}/settings/accounts`);
  await hydrated(page);
}

async function fillKey(page: Page, place: string, { key, secret, passphrase }: Key) {
  await page.locator(`[data-testid^="${place}"][data-testid$="-key"]`).fill(key);
  await page.locator(`[data-testid^="${place}"][data-testid$="-secret"]`).fill(secret);
  await page.locator(`[data-testid^="${place}"][data-testid$="-passphrase"]`).fill(passphrase);
}

test('f28 a key is checked before it is kept, tested when wanted, replaced and given up', async ({ page, complaints }) => {
  await setUp(page, axisor);
  await toAccounts(page);
  const row = page.getByTestId('account-row').filter({ hasText: 'Main' });
  await page.getByTestId('account-name').fill('Main');
  await page.getByTestId('account-signet').check({ force: true });
  await fillKey(page, 'account', lax.keys[0]);
  await page.getByTestId('account-add').click();
  await expect(page.getByTestId('account-fault'), 'it may withdraw').toContainText('withdraw');
  await expect(row).toHaveCount(0);
  await page.getByTestId('account-live').check({ force: true });
  await page.getByTestId('account-add').click();
  await expect(page.getByTestId('account-fault'), 'it is of the other network').toContainText('network');
  await fillKey(page, 'account', paper.keys[0]);
  await page.getByTestId('account-add').click();
  await expect(page.getByTestId('account-news')).toBeVisible();
  await expect(row).toHaveCount(1);
  await expect(page.getByTestId('account-secret')).toHaveValue('');

  await row.getByTestId('key-test').click();
  await expect(row.getByTestId('key-scopes')).toContainText('futures:isolated:write');
  await row.getByTestId('key-replace').click();
  await fillKey(page, 'replace', paper.keys[1]);
  await row.getByTestId('key-replace-submit').click();
  await expect(page.getByTestId('account-news')).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(row.getByTestId('key-state')).toHaveAttribute('data-tone', 'good');
  for (const { secret, passphrase } of [...paper.keys, ...lax.keys]) {
    const html = await page.content();
    expect(html.includes(secret) || html.includes(passphrase), 'a secret came back').toBe(false);
  }

  await row.getByTestId('account-remove').click();
  await row.getByTestId('account-remove-hold-word').fill('remove');
  await row.getByTestId('account-remove-hold-word').press('Enter');
  await expect(row).toHaveCount(0);
  await hydrated(page);
  // The browser itself reports refusals on its console.
  const refusals = complaints.splice(0);
  expect(refusals).toHaveLength(2);
  for (const told of refusals) expect(told).toContain('status of 422');
});

test('a paper account opens without a key, and its guard is one step away', async ({ page }) => {
  await setUp(page, axisor);
  await toAccounts(page);
  await page.getByTestId('account-name').fill('Second');
  await page.getByTestId('account-add').click();
  await page.getByTestId('account-to-guard').click();
  await expect(page.getByTestId('guard-save')).toBeVisible();
  await hydrated(page);
  await expect(page.getByTestId('account-switch').locator('option:checked')).toHaveText('Second');
});
