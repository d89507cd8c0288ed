// The emergency stop: never by a slip, said on every page, and let go by who shows who they are.
import { expect, setUp, startAxisor, test, type Axisor } from './axisor';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways' } });
});

test.afterEach(async () => {
  await axisor.stop();
});

test('f61 trading is stopped by a typed word and the guard by holding, and both are let go again', async ({ page }) => {
  await setUp(page, axisor);
  const go = (place: string) => page.getByTestId(place).locator('visible=true').first().click();
  const banner = page.getByTestId('brake-banner');
  await go('nav-stop');
  await page.getByTestId('pull-trading-word').fill('no');
  await page.getByTestId('pull-trading-word').press('Enter');
  await expect(banner).toHaveCount(0);
  await page.getByTestId('pull-trading-word').fill('stop');
  await page.getByTestId('pull-trading-word').press('Enter');
  await expect(banner).toBeVisible();
  await expect(page.getByTestId('release-trading')).toBeVisible();

  await page.getByTestId('pull-guards').click();
  await expect(page.getByTestId('release-guards'), 'a click is not enough').toHaveCount(0);
  await page.getByTestId('pull-guards').hover();
  await page.mouse.down();
  await expect(page.getByTestId('release-guards')).toBeVisible();
  await page.mouse.up();
  await expect(page.getByTestId('stays-open')).toBeVisible();

  await go('nav-dashboard');
  await expect(banner).toBeVisible();
  await banner.getByRole('link').click();
  await page.getByTestId('release-guards').click();
  await expect(page.getByTestId('pull-guards')).toBeVisible();
  await page.getByTestId('release-trading').click();
  await expect(page.getByTestId('pull-trading')).toBeVisible();
  await expect(banner).toHaveCount(0);
});
