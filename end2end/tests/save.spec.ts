// The whole story: set up, sign in, arm a guard, watch the crash come, and find the position saved, with its reason.
import { ana, expect, hydrated, onTheDesk, setUp, signIn, startAxisor, test, type Axisor } from './axisor';
import type { Page } from '@playwright/test';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({
    environment: { AXISOR_PAPER_SOURCE: 'crash', AXISOR_PAPER_SEED: '7', AXISOR_PAPER_SPEED: '60' },
  });
});

test.afterEach(async () => {
  await axisor.stop();
});

async function openPosition(page: Page) {
  await page.getByTestId('nav-trade').locator('visible=true').first().click();
  await page.getByTestId('ticket-quantity').fill('1000');
  await page.getByTestId('ticket-leverage').fill('10');
  await page.getByTestId('ticket-open').click();
  await page.getByTestId('hand-confirm').click();
  await expect(page.getByTestId('position-row').locator('visible=true')).toHaveCount(1);
}

async function armGuard(page: Page) {
  await page.getByTestId('nav-guard').locator('visible=true').first().click();
  await page.getByTestId('guard-trigger').fill('3');
  await page.getByTestId('guard-target').fill('8');
  await page.getByTestId('guard-per-action').fill('300000');
  await page.getByTestId('guard-per-position').fill('700000');
  await page.getByTestId('guard-per-day').fill('700000');
  await page.getByTestId('guard-reserve').fill('0');
  await page.getByTestId('guard-cooldown').fill('60');
  await page.getByTestId('guard-max-actions').fill('20');
  await page.getByTestId('guard-at-limit-alert_only').check({ force: true });
  await page.getByTestId('guard-state-live').check({ force: true });
  await expect(page.getByTestId('preview-liquidation-after')).not.toBeEmpty();
  await page.getByTestId('guard-save').click();
  await page.getByTestId('guard-confirm').click();
  await expect(page.getByTestId('guard-saved')).toBeVisible();
}

test('a position is saved from a crash, and the page says why', async ({ page }, project) => {
  test.setTimeout(240_000);
  await setUp(page, axisor);
  await page.getByTestId('sign-out').locator('visible=true').first().click();
  await expect(page.getByTestId('sign-in-email')).toBeVisible();
  await signIn(page, axisor);
  await onTheDesk(page);
  await openPosition(page);
  await armGuard(page);

  await page.getByTestId('nav-dashboard').locator('visible=true').first().click();
  const chart = page.getByTestId('chart');
  await expect(chart).toHaveAttribute('data-levels', '3');
  await expect(chart).not.toHaveAttribute('data-markers', '0', { timeout: 180_000 });
  await page.screenshot({ path: `screenshots/${project.project.name}-saved.png` });

  await page.getByTestId('nav-activity').locator('visible=true').first().click();
  const saved = page.locator('[data-testid="activity-row"][data-why="margin_added"]').first();
  await expect(saved).toBeVisible();
  await expect(saved).toContainText('%');
  await page.screenshot({ path: `screenshots/${project.project.name}-activity.png` });

  await page.reload();
  await hydrated(page);
  await expect(saved).toBeVisible();
  await page.getByTestId('nav-dashboard').locator('visible=true').first().click();
  await expect(chart).not.toHaveAttribute('data-markers', '0');
});

test('nonsense in the editor is answered at its field and nothing typed is lost', async ({ page }) => {
  await setUp(page, axisor);
  await page.getByTestId('nav-guard').locator('visible=true').first().click();
  for (const nonsense of ['0', '-5', 'NaN', '1e9', 'six', '']) {
    await page.getByTestId('guard-per-action').fill(nonsense);
    await page.getByTestId('guard-save').click();
    await expect(page.getByTestId('guard-per-action-fault'), nonsense).toBeVisible();
    await expect(page.getByTestId('guard-per-action')).toHaveValue(nonsense);
  }
  await page.getByTestId('guard-per-action').fill('50000');
  await page.getByTestId('guard-trigger').fill('9');
  await page.getByTestId('guard-target').fill('4');
  await page.getByTestId('guard-save').click();
  await expect(page.getByTestId('guard-target-fault')).toBeVisible();
});

test('a wrong password, a spent link and a closed session are told plainly', async ({ page, context, complaints }) => {
  await setUp(page, axisor);
  await context.clearCookies();
  await page.goto(axisor.setupLink);
  await expect(page.getByRole('alert').first()).toBeVisible();
  await page.goto(`${axisor.origin}/positions`);
  await expect(page).toHaveURL(/sign-in/);
  await signIn(page, axisor, 'not the password');
  await expect(page.getByTestId('sign-in-fault')).toBeVisible();
  await expect(page.getByTestId('sign-in-email')).toHaveValue(ana.email);
  // The browser itself reports a refused sign-in on its console.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('status of 401')]);
});

test('every page speaks both languages in both themes', async ({ page }, project) => {
  test.setTimeout(120_000);
  await setUp(page, axisor);
  for (const language of ['en', 'pt-BR']) {
    for (const theme of ['dark', 'light']) {
      for (const screen of ['', 'positions', 'trade', 'guard', 'activity', 'settings/market', 'settings/security', 'settings/accounts', 'settings/appearance', 'settings/tokens', 'welcome']) {
        await page.goto(`${axisor.origin}/${screen}`);
        await hydrated(page);
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        const name = [project.project.name, language, theme, screen.replace('/', '-') || 'dashboard'].join('-');
        await page.screenshot({ path: `screenshots/${name}.png`, fullPage: true });
      }
      await choose(page, theme === 'dark' ? 'theme-light' : 'theme-dark');
    }
    await choose(page, 'language-pt-BR');
  }
});

/** Chooses how pages look, where a phone has it as well. */
async function choose(page: Page, choice: string) {
  await page.goto(`${axisor.origin}/settings/appearance`);
  await hydrated(page);
  await page.getByTestId(choice).check({ force: true });
}
