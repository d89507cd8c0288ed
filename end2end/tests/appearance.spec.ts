// How the pages look is the reader's choice: it holds at once, and in the server's first word the next time.
import { expect, hydrated, setUp, startAxisor, test, type Axisor } from './axisor';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways' } });
});

test.afterEach(async () => {
  await axisor.stop();
});

test('each choice holds at once and is painted before any script runs', async ({ page, browser, context }) => {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/settings/appearance`);
  await hydrated(page);
  const html = page.locator('html');
  const choices = {
    'theme-system': ['data-theme', 'system'],
    'units-btc': ['data-units', 'btc'],
    'hide-on': ['data-hide', 'on'],
    'colours-safe': ['data-palette', 'safe'],
    'rise-red': ['data-rise', 'red'],
    'keys-off': ['data-keys', 'off'],
  } as const;
  for (const [testid, [name, value]] of Object.entries(choices)) {
    await page.getByTestId(testid).check({ force: true });
    await expect(html).toHaveAttribute(name, value);
  }
  const quiet = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
  const still = await quiet.newPage();
  await still.goto(`${axisor.origin}/settings/appearance`);
  for (const [testid, [name, value]] of Object.entries(choices)) {
    await expect(still.locator('html')).toHaveAttribute(name, value);
    await expect(still.getByTestId(testid)).toBeChecked();
  }
  await quiet.close();
});

test('the theme of the system follows the machine, and the button turns what is seen', async ({ page }) => {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/settings/appearance`);
  await hydrated(page);
  await page.getByTestId('theme-system').check({ force: true });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await ground();
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await ground()).not.toBe(dark);
  await page.getByTestId('theme-toggle').locator('visible=true').first().click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('money is shown in the unit that was chosen, or not at all', async ({ page }) => {
  await setUp(page, axisor);
  const wallet = page.getByTestId('wallet');
  await expect(wallet).toHaveText(/^[\d,]+$/);
  await page.goto(`${axisor.origin}/settings/appearance`);
  await hydrated(page);
  await page.getByTestId('units-usd').check({ force: true });
  await page.getByTestId('nav-dashboard').locator('visible=true').first().click();
  await expect(wallet).toHaveText(/^\$[\d,]+\.\d\d$/);
  await page.goto(`${axisor.origin}/settings/appearance`);
  await hydrated(page);
  await page.getByTestId('hide-on').check({ force: true });
  await page.getByTestId('nav-dashboard').locator('visible=true').first().click();
  await expect(wallet).toHaveCSS('color', 'rgba(0, 0, 0, 0)');
});
