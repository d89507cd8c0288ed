// Every page and every dialog, in both themes, before axe-core: nothing that keeps somebody out.
import AxeBuilder from '@axe-core/playwright';
import { expect, hydrated, startAxisor, test, type Axisor } from './axisor';
import type { Page } from '@playwright/test';

let axisor: Axisor;

// A dialog that is still fading in has no contrast yet.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

test.beforeEach(async () => {
  axisor = await startAxisor({ demo: true });
});

// A page that is still reading would complain of its server's end.
test.afterEach(async ({ page }) => {
  await page.close();
  await axisor.stop();
});

const settings = ['accounts', 'appearance', 'security', 'tokens', 'market', 'audit'].map((name) => `settings/${name}`);
const places = ['', 'positions', 'trade', 'guard', 'activity', 'stop', ...settings, 'welcome', 'sign-in', '_design', 'nowhere'];

async function judge(page: Page, what: string) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  expect(told, what).toEqual([]);
}

for (const theme of ['dark', 'light']) {
  test(`nothing is out of anybody's reach, ${theme}`, async ({ page, context, complaints }) => {
    await context.addCookies([{ name: 'theme', value: theme, url: axisor.origin }]);
    for (const place of places) {
      await page.goto(`${axisor.origin}/${place}`);
      await hydrated(page);
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      await judge(page, place || 'dashboard');
    }
    // A page that is not there answers so, which the browser reports.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('status of 404')]);

    await page.goto(`${axisor.origin}/positions`);
    await hydrated(page);
    for (const deed of ['row-add', 'row-cash-in', 'row-stops', 'row-close']) {
      await page.getByTestId(deed).first().click();
      await expect(page.getByTestId('hand-dialog')).toBeVisible();
      await judge(page, deed);
      await page.getByTestId('hand-back').click();
      await expect(page.getByTestId('hand-dialog')).toBeHidden();
    }
    await page.getByTestId('ask-why').first().click();
    await expect(page).toHaveURL(/why/);
    await expect(page.locator('h1')).toContainText(/./);
    await judge(page, 'why');
    for (const key of ['/', '?']) {
      await page.keyboard.press(key);
      await expect(page.getByTestId('palette')).toBeVisible();
      await judge(page, `palette ${key}`);
      await page.keyboard.press('Escape');
      await expect(page.getByTestId('palette')).toHaveCount(0);
    }
  });
}
