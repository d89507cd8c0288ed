// Somebody new comes by a link, looks at what is shared with them, and is shut out again.
import { ana, expect, hydrated, onTheDesk, setUp, startAxisor, test, type Axisor } from './axisor';

let axisor: Axisor;
const vera = { email: 'vera@example.org', password: 'seven quiet lanterns drift 41' };

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways' } });
});

test.afterEach(async () => {
  await axisor.stop();
});

test('an invitation makes a viewer, who sees what is shared and changes nothing, until they are suspended', async ({
  page,
  browser,
  complaints,
}) => {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/settings/people`);
  await hydrated(page);
  await page.getByTestId('registration-invitation').click();
  await page.getByTestId('invite-role').selectOption('viewer');
  await page.getByTestId('invite-submit').click();
  const link = await page.getByTestId('one-time-link').innerText();

  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await hydrated(other);
  await other.getByTestId('join-email').fill(vera.email);
  await other.getByTestId('new-password').fill(vera.password);
  await other.getByTestId('join-submit').click();
  await expect(other.getByTestId('nothing-shared')).toBeVisible();

  await page.goto(`${axisor.origin}/settings/sharing`);
  await hydrated(page);
  await page.getByTestId('share-email').fill(vera.email);
  await page.getByTestId('share-submit').click();
  await expect(page.getByTestId('share')).toContainText(vera.email);

  await other.goto(axisor.origin);
  await onTheDesk(other);
  await expect(other.getByTestId('see-only')).toBeVisible();
  await other.goto(`${axisor.origin}/settings/people`);
  await hydrated(other);
  await expect(other.getByTestId('people-fault')).toBeVisible();
  await expect(other.locator('a[href="/settings/people"]')).toHaveCount(0);

  await page.goto(`${axisor.origin}/settings/people`);
  await hydrated(page);
  const row = page.locator(`[data-testid="person"][data-email="${vera.email}"]`);
  await row.getByTestId('person-change').click();
  await row.getByTestId('suspend').click();
  await expect(page.getByTestId('people-fault')).toBeVisible();
  await row.getByTestId('reason').fill('left the group');
  await row.getByTestId('suspend').click();
  await expect(row.getByTestId('person-suspended')).toContainText('left the group');
  await other.goto(axisor.origin);
  await expect(other).toHaveURL(/sign-in/);
  await other.context().close();
  // The browser itself reports on its console that a deed without a reason was refused.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('status of 422')]);
});

test('a password is changed, and a profile says how one is called', async ({ page }) => {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/settings/profile`);
  await hydrated(page);
  await page.getByTestId('profile-name').fill('Ana Lúcia');
  await page.getByTestId('profile-language').selectOption('pt-BR');
  await page.getByTestId('profile-save').click();
  await expect(page.getByTestId('profile-done').first()).toBeVisible();
  await page.getByTestId('old-password').fill(ana.password);
  await page.getByTestId('next-password').fill(vera.password);
  await page.getByTestId('change-password').click();
  await expect(page.getByTestId('profile-done')).toHaveCount(2);
  await page.reload();
  await hydrated(page);
  await expect(page.getByTestId('profile-name')).toHaveValue('Ana Lúcia');
});
