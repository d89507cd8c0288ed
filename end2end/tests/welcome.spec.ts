// A new user's way: from an empty account to a guarded position in a handful of clicks.
import { expect, hydrated, setUp, startAxisor, test, type Axisor } from './axisor';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways' } });
});

// A page that is still reading would complain of its server's end.
test.afterEach(async ({ page }) => {
  await page.close();
  await axisor.stop();
});

test('from no account at all to a guarded position takes four clicks', async ({ page }) => {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/settings/accounts`);
  await hydrated(page);
  await page.getByTestId('account-remove').click();
  await page.getByTestId('account-remove-hold-word').fill('REMOVE');
  await page.getByTestId('account-remove-hold-word').press('Enter');
  await expect(page.getByTestId('account-remove')).toHaveCount(0);
  await page.goto(axisor.origin);
  await expect(page, 'who has no account is led there').toHaveURL(/welcome/);
  await hydrated(page);
  await page.getByTestId('welcome-paper').click();
  await page.getByTestId('welcome-arm').click();
  await page.getByTestId('welcome-open').click();
  await expect(page.getByTestId('welcome-done')).toBeVisible();
  await page.getByTestId('welcome-to-dashboard').click();
  await expect(page.getByTestId('guard-state')).toContainText(/./);
  await hydrated(page);
  await expect(page.getByTestId('closest-distance')).toContainText('%');
  await expect(page.getByTestId('to-welcome')).toHaveCount(0);
});

test('the dashboard shows the way while nothing is guarded', async ({ page }) => {
  await setUp(page, axisor);
  await page.getByTestId('to-welcome').click();
  await page.getByTestId('welcome-arm').click();
  await page.getByTestId('welcome-open').click();
  await expect(page.getByTestId('welcome-done')).toBeVisible();
});
