// What people call things is shown as it is written and never run: in each field that takes a name, on every page.
import type { CDPSession } from '@playwright/test';
import { expect, hydrated, setUp, startAxisor, test, type Axisor } from './axisor';

let axisor: Axisor;

const nasty = '</script><script>hurt()</script><img src=/x onerror=hurt()>';

// The browser's name is shown among the sessions, and in the audit.
test.use({ userAgent: `Mozilla/5.0 (X11; Linux x86_64) ${nasty} Chrome/130.0` });

test.beforeEach(async () => {
  const started = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways' } });
  // A passkey is bound to a name, never to a number.
  const named = (url: string) => url.replace('127.0.0.1', 'localhost');
  axisor = { ...started, origin: named(started.origin), setupLink: named(started.setupLink) };
});

// A page that is still reading would complain of its server's end.
test.afterEach(async ({ page }) => {
  await page.close();
  await axisor.stop();
});

async function authenticator(cdp: CDPSession) {
  await cdp.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true } as const;
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
}

// The fixture fails the test for each violation of the content policy and each error on the console.
test('a name full of markup stays a name on every page', async ({ page, context }) => {
  const asked: string[] = [];
  await page.addInitScript(() => Object.assign(window, { hurt: () => console.error('a name was run') }));
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await authenticator(await context.newCDPSession(page));
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/settings/accounts`);
  await hydrated(page);
  await page.getByTestId('account-name').fill(nasty);
  await page.getByTestId('account-add').click();
  await expect(page.getByTestId('account-row').filter({ hasText: nasty })).toHaveCount(1);
  await page.goto(`${axisor.origin}/settings/tokens`);
  await hydrated(page);
  await page.getByTestId('token-name').fill(nasty);
  await page.getByTestId('positions:read').check({ force: true });
  await page.getByTestId('make-token').click();
  await page.getByTestId('token-kept').click();
  await expect(page.locator('main')).toContainText(nasty);
  await page.goto(`${axisor.origin}/settings/security`);
  await hydrated(page);
  await page.getByTestId('passkey-name').fill(nasty);
  await page.getByTestId('add-passkey').click();
  await expect(page.getByTestId('passkey')).toContainText(nasty);
  await page.goto(`${axisor.origin}/settings/profile`);
  await hydrated(page);
  await page.getByTestId('profile-name').fill(nasty);
  await page.getByTestId('profile-save').click();
  await expect(page.getByTestId('profile-done').first()).toBeVisible();

  const places = ['', 'positions', 'trade', 'guard', 'activity', 'stop', 'welcome'];
  const settings = ['accounts', 'appearance', 'security', 'tokens', 'market', 'audit', 'people', 'profile', 'sharing'].map((name) => `settings/${name}`);
  for (const place of [...places, ...settings]) {
    await page.goto(`${axisor.origin}/${place}?from=${encodeURIComponent(nasty)}`);
    await hydrated(page);
    await expect(page.locator('h1').first()).toBeAttached();
    expect(await page.locator('img[src="/x"]').count(), place).toBe(0);
  }
  expect(asked).not.toContain('/x');
});
