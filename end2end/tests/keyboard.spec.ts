// The keyboard: a palette that finds every page and action, a list of the shortcuts, and none that sends money.
import AxeBuilder from '@axe-core/playwright';
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

test('the palette finds pages in either language and leads there without a mouse', async ({ page }) => {
  await setUp(page, axisor);
  await page.keyboard.press('Control+k');
  const search = page.getByTestId('palette-search');
  await expect(search).toBeFocused();
  const found = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(found.violations).toEqual([]);
  await search.fill('theme');
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/settings\/appearance/);
  await expect(page.getByTestId('palette')).toHaveCount(0);

  await page.getByTestId('language-pt-BR').check({ force: true });
  await page.locator('body').press('/');
  await search.fill('posicoes');
  await expect(page.getByRole('option')).toHaveCount(1);
  await search.fill('nothing of that name');
  await expect(page.getByRole('option')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('palette')).toHaveCount(0);
});

test('two keys go to a page, a question mark lists them, and all can be switched off', async ({ page }) => {
  await setUp(page, axisor);
  for (const [second, where] of [['p', /positions/], ['t', /trade/], ['a', /activity/], ['s', /settings\/accounts/], ['d', /\/$/]] as const) {
    // Keys that come too slowly one after the other mean nothing; a busy machine presses them again.
    await expect(async () => {
      await page.keyboard.press('g');
      await page.keyboard.press(second);
      await expect(page).toHaveURL(where, { timeout: 3_000 });
    }).toPass();
  }
  await page.keyboard.press('?');
  await expect(page.getByTestId('palette')).toContainText('Keyboard shortcuts');
  expect((await new AxeBuilder({ page }).include('dialog').analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');
  await page.goto(`${axisor.origin}/settings/accounts`);
  await hydrated(page);
  await page.getByTestId('account-name').pressSequentially('g p ? /');
  await expect(page.getByTestId('account-name')).toHaveValue('g p ? /');
  await expect(page).toHaveURL(/settings\/accounts/);

  await page.goto(`${axisor.origin}/settings/appearance`);
  await hydrated(page);
  await page.getByTestId('keys-off').check({ force: true });
  await page.getByTestId('keys-off').blur();
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette-search')).toBeFocused();
  await expect(page.getByTestId('palette')).toHaveCount(1);
});

test('no single key moves money', async ({ page }) => {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/stop`);
  await hydrated(page);
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  for (const key of 'abcefhijklmnopqrstuvwxyz0123456789') await page.keyboard.press(key);
  for (const key of ['Enter', 'Space', 'Delete', 'Backspace']) await page.keyboard.press(key);
  expect(sent).toEqual([]);
});
