// A passkey in Chromium's own virtual authenticator: added, used to come in, used after the password, and removed.
import { type CDPSession } from '@playwright/test';
import { ana, expect, hydrated, onTheDesk, setUp, startAxisor, test, type Axisor } from './axisor';

let axisor: Axisor;

test.beforeEach(async () => {
  const started = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways' } });
  // A passkey is bound to a name, never to a number.
  const named = (url: string) => url.replace('127.0.0.1', 'localhost');
  axisor = { ...started, origin: named(started.origin), setupLink: named(started.setupLink) };
});

test.afterEach(async () => {
  await axisor.stop();
});

async function authenticator(cdp: CDPSession): Promise<string> {
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return authenticatorId;
}

test('a passkey opens by itself, and stands for the code after the password', async ({ page, context, complaints }) => {
  const cdp = await context.newCDPSession(page);
  const id = await authenticator(cdp);
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/settings/security`);
  await hydrated(page);
  await page.getByTestId('passkey-name').fill('laptop');
  await page.getByTestId('add-passkey').click();
  await expect(page.getByTestId('passkey')).toHaveCount(1);
  await expect(page.getByTestId('recovery-codes').locator('li')).toHaveCount(10);

  await context.clearCookies();
  await page.goto(`${axisor.origin}/sign-in`);
  await hydrated(page);
  await page.getByTestId('use-passkey').click();
  await onTheDesk(page);

  await context.clearCookies();
  await page.goto(`${axisor.origin}/sign-in`);
  await hydrated(page);
  await page.getByTestId('sign-in-email').fill(ana.email);
  await page.getByTestId('sign-in-password').fill(ana.password);
  await page.getByTestId('sign-in-submit').click();
  await expect(page.getByTestId('code')).toBeVisible();
  await page.getByTestId('use-passkey').click();
  await onTheDesk(page);

  // Who does not verify its owner opens nothing.
  await context.clearCookies();
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false });
  await page.goto(`${axisor.origin}/sign-in`);
  await hydrated(page);
  await page.getByTestId('use-passkey').click();
  await expect(page.getByTestId('passkey-fault')).toBeVisible();
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: true });
  await page.getByTestId('use-passkey').click();
  await onTheDesk(page);
  await page.goto(`${axisor.origin}/settings/security`);
  await hydrated(page);
  await page.getByTestId('remove-passkey').click();
  await expect(page.getByTestId('passkey')).toHaveCount(0);
  expect(complaints.splice(0)).toEqual([]);
});
