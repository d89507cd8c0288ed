// Every page and every dialog, in both themes and languages, before axe-core: nothing that keeps somebody out.
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

const settings = ['accounts', 'appearance', 'security', 'tokens', 'market', 'audit', 'people', 'profile', 'sharing'].map((name) => `settings/${name}`);
const doors = ['join?token=x', 'register', 'forgotten', 'reset?token=x', 'verify?token=x'].map((name) => `door/${name}`);
const places = ['', 'positions', 'trade', 'guard', 'activity', 'stop', ...settings, 'welcome', 'sign-in', 'setup?token=x', ...doors, '_design', 'nowhere'];

async function judge(page: Page, what: string) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  expect(told, what).toEqual([]);
}

for (const theme of ['dark', 'light']) {
  test(`nothing is out of anybody's reach, ${theme}`, async ({ page, context, complaints }, { project }) => {
    // As long as there are pages and dialogs.
    test.slow();
    // Each theme is seen in each language, one of them a size.
    const language = (theme === 'dark') === (project.name === 'desk') ? 'en' : 'pt-BR';
    await context.addCookies(Object.entries({ theme, language }).map(([name, value]) => ({ name, value, url: axisor.origin })));
    for (const place of places) {
      await page.goto(`${axisor.origin}/${place}`);
      await hydrated(page);
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await judge(page, place || 'dashboard');
    }
    // A page that is not there answers so, which the browser reports.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('status of 404')]);

    // Who only found the browser open lets nobody in: an hour later the server asks again who it is.
    await page.route('**/api/set_registration', (route) => route.fulfill({ status: 403, json: { Who: 'NotConfirmed' } }));
    await page.goto(`${axisor.origin}/settings/people`);
    await hydrated(page);
    await page.getByTestId('registration-invitation').click();
    await expect(page.getByTestId('step-up-password')).toBeVisible();
    await judge(page, 'step-up');
    complaints.splice(0);

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
