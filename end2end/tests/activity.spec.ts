// The activity: narrowed by day, and taken as a file.
import { expect, hydrated, setUp, startAxisor, test, type Axisor } from './axisor';
import { readFile } from 'node:fs/promises';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways' } });
});

test.afterEach(async () => {
  await axisor.stop();
});

test('what is listed is what is downloaded, by rule as well, and a day before everything lists nothing', async ({ page }) => {
  await setUp(page, axisor);
  await page.getByTestId('to-welcome').click();
  await page.getByTestId('welcome-arm').click();
  await expect(page.getByTestId('welcome-open')).toBeVisible();
  await page.goto(`${axisor.origin}/activity`);
  await hydrated(page);
  await expect(page.getByTestId('activity-row').first()).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-csv').click()]);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  expect(lines[0]).toContain('"market_at"');
  expect(lines.length).toBeGreaterThan(1);
  await page.getByTestId('filter-rule').selectOption('1');
  await expect(page.getByTestId('export-csv')).toHaveAttribute('href', /from=20\d\d-/);
  await expect(page.getByTestId('activity-row').first()).toBeVisible();
  await page.getByTestId('filter-until').fill('2020-01-01');
  await expect(page.getByTestId('activity-row')).toHaveCount(0);
  await expect(page.getByTestId('export-json')).toHaveAttribute('href', /until=2020-01-02T00:00:00/);
});

test('the editor of the guard replays the rule while it is set', async ({ page }) => {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/guard`);
  await hydrated(page);
  const replay = page.getByTestId('replay');
  await page.getByTestId('guard-trigger').fill('3');
  await page.getByTestId('guard-target').fill('8');
  await page.getByTestId('guard-per-action').fill('300000');
  await page.getByTestId('guard-per-position').fill('700000');
  await page.getByTestId('guard-per-day').fill('700000');
  await page.getByTestId('guard-reserve').fill('0');
  await page.getByTestId('guard-cooldown').fill('60');
  await page.getByTestId('guard-max-actions').fill('20');
  await page.getByTestId('guard-at-limit-alert_only').check({ force: true });
  await expect(replay.getByTestId('replay-guard')).toBeVisible();
  await expect(replay.getByTestId('replay-none')).toBeVisible();
  await expect(replay.getByTestId('replay-verdict')).toContainText(/./);
  await page.getByTestId('replay-30').click();
  await expect(page.getByTestId('replay-30')).toHaveAttribute('aria-pressed', 'true');
  await expect(replay).toHaveAttribute('aria-busy', 'false');
});
