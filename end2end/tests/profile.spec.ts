// Times as their reader wants them, and the plan of whoever joins.
import { expect, hydrated, setUp, startAxisor, test, type Axisor } from './axisor';
import type { Page } from '@playwright/test';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways' } });
});

test.afterEach(async () => {
  await axisor.stop();
});

// How far the newest session's clock is from UTC, in whole quarters of an hour.
async function quarters(page: Page) {
  const told = await page.getByTestId('session').first().innerText();
  const [time] = told.match(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}/)!;
  return Math.round((Date.parse(`${time.replace(' ', 'T')}:00Z`) - Date.now()) / 900_000);
}

test('the zone that is chosen is the zone of every page, and of another browser', async ({ page, browser }) => {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/settings/profile`);
  await hydrated(page);
  await page.getByTestId('profile-zone').selectOption('Asia/Kathmandu');
  await page.getByTestId('profile-save').click();
  await expect(page.getByTestId('profile-done')).toBeVisible();
  await page.locator('a[href="/settings/security"]').first().click();
  await expect(page.getByTestId('session').first()).toBeVisible();
  expect(await quarters(page), 'formatted by the browser').toBe(23);
  await page.reload();
  await hydrated(page);
  expect(await quarters(page), 'formatted by the server').toBe(23);

  const context = await browser.newContext({ timezoneId: 'America/Sao_Paulo', storageState: await page.context().storageState() });
  const other = await context.newPage();
  await other.goto(`${axisor.origin}/settings/security`);
  await hydrated(other);
  expect(await quarters(other), 'a choice goes before the browser').toBe(23);
  await other.goto(`${axisor.origin}/settings/profile`);
  await hydrated(other);
  await other.getByTestId('profile-zone').selectOption('');
  await other.getByTestId('profile-save').click();
  await expect(other.getByTestId('profile-done')).toBeVisible();
  await other.goto(`${axisor.origin}/settings/security`);
  await hydrated(other);
  expect(await quarters(other), 'the browser’s own').toBe(-12);
  await context.close();
});

test('the plan of whoever joins is chosen, and everybody sees their own', async ({ page }) => {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/settings/people`);
  await hydrated(page);
  await page.getByTestId('plan-new-free').click();
  await expect(page.getByTestId('plan-new-free')).toBeChecked();
  await page.goto(`${axisor.origin}/settings/profile`);
  await hydrated(page);
  await expect(page.getByTestId('plan-term')).toHaveText('Unlimited');
  await expect(page.getByTestId('plan-accounts')).toContainText('no limit');
});
