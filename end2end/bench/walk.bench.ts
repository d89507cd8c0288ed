// A new user's walk, with a stopwatch: from the first page of an empty server to a guarded paper position.
import { ana, expect, hydrated, onTheDesk, startAxisor, test, type Axisor } from '../tests/axisor';
import type { Locator } from '@playwright/test';

/** How fast somebody types who knows what they want, in milliseconds a key. */
const key = Number(process.env.KEY_MS ?? 80);

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor();
});

test.afterEach(async ({ page }) => {
  await page.close();
  await axisor.stop();
});

test('from the first page to a guarded position', async ({ page, complaints }) => {
  const begun = Date.now();
  const stops: string[] = [];
  let clicks = 0;
  const click = async (what: Locator) => {
    await what.click();
    clicks += 1;
  };
  const stop = (name: string) => stops.push(`${name} ${((Date.now() - begun) / 1_000).toFixed(1)} s, ${clicks} clicks`);
  await page.goto(axisor.setupLink);
  await hydrated(page);
  await click(page.getByTestId('set-up-email'));
  await page.keyboard.type(ana.email, { delay: key });
  await page.keyboard.press('Tab');
  await page.keyboard.type(ana.password, { delay: key });
  await click(page.getByTestId('set-up-submit'));
  await onTheDesk(page);
  stop('signed in');
  await click(page.getByTestId('to-welcome'));
  await click(page.getByTestId('welcome-arm'));
  await expect(page.getByTestId('welcome-open')).toBeVisible();
  stop('guard armed');
  await click(page.getByTestId('welcome-open'));
  await expect(page.getByTestId('welcome-done')).toBeVisible();
  stop('position open');
  await click(page.getByTestId('welcome-to-dashboard'));
  await expect(page.getByTestId('closest-distance')).toContainText('%');
  stop('guarded, on the dashboard');
  console.log(`${stops.join('; ')} (${ana.email.length + ana.password.length} keys of ${key} ms)`);
  complaints.splice(0);
});
