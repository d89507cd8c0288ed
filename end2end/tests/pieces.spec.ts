// A page is a download of its own: where that fails the reader is told calmly, and can try again.
import { expect, setUp, startAxisor, test, type Axisor } from './axisor';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways' } });
});

test.afterEach(async () => {
  await axisor.stop();
});

test('a page whose piece is lost on the way is told of, and comes at the next try', async ({ page, complaints }) => {
  await setUp(page, axisor);
  let lost = 0;
  await page.route(/\/pkg\/.*\.wasm/, (route) => {
    lost += 1;
    return route.abort();
  });
  await page.getByTestId('nav-positions').locator('visible=true').first().click();
  const told = page.getByTestId('piece-lost');
  await expect(told).toBeVisible();
  await page.getByTestId('piece-retry').click();
  await expect(told, 'it is still lost').toBeVisible();
  await expect(page.getByTestId('price-age'), 'the page lives on').toContainText(/./);
  await page.unroute(/\/pkg\/.*\.wasm/);
  await page.getByTestId('piece-retry').click();
  await expect(page.getByTestId('to-trade')).toBeVisible();
  await expect(told).toHaveCount(0);
  expect(lost).toBeGreaterThan(1);
  // The browser itself reports what it could not download.
  for (const complaint of complaints.splice(0)) expect(complaint).toContain('Failed to load resource');
});
