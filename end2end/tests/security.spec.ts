// A second factor, from its seed to a sign-in with it, and what a thief of the password alone gets.
import { createHmac } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, hydrated, onTheDesk, setUp, signIn, startAxisor, test, type Axisor } from './axisor';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'sideways' } });
});

test.afterEach(async () => {
  await axisor.stop();
});

/** RFC 6238 with SHA-1, six digits and steps of thirty seconds, from a seed in base 32. */
function codeOf(seed: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...seed.replace(/[^A-Z2-7]/g, '')].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', key).update(step).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return (number % 1_000_000).toString().padStart(6, '0');
}

/** Adds an authenticator on a page that offers it; answers the first recovery code. */
async function addAuthenticator(page: Page): Promise<string> {
  await page.getByTestId('add-authenticator').click();
  const seed = await page.getByTestId('seed').innerText();
  await page.getByTestId('new-code').fill(codeOf(seed));
  await page.getByTestId('finish-authenticator').click();
  const codes = page.getByTestId('recovery-codes').locator('li');
  await expect(codes.first()).toBeVisible();
  const recovery = (await codes.first().innerText()).trim();
  await page.getByTestId('codes-kept').click();
  return recovery;
}

test('a password alone opens nothing once there is an authenticator', async ({ page, context, complaints }) => {
  await setUp(page, axisor);
  await page.getByTestId('security-link').locator('visible=true').first().click();
  const recovery = await addAuthenticator(page);

  await context.clearCookies();
  await signIn(page, axisor);
  await expect(page.getByTestId('code')).toBeVisible();
  await page.goto(`${axisor.origin}/positions`);
  await expect(page).toHaveURL(/sign-in/);

  await signIn(page, axisor);
  await page.getByTestId('code').fill('000000');
  await page.getByTestId('code-submit').click();
  await expect(page.getByTestId('code-fault')).toBeVisible();
  await page.getByTestId('code').fill(recovery);
  await page.getByTestId('code-submit').click();
  await onTheDesk(page);
  // The browser itself reports a refused code on its console.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('status of 401')]);
});

test('another browser is seen, and ended at once', async ({ page, browser }) => {
  await setUp(page, axisor);
  const other = await (await browser.newContext()).newPage();
  await signIn(other, axisor);
  await onTheDesk(other);
  await page.goto(`${axisor.origin}/settings/security`);
  await hydrated(page);
  await expect(page.getByTestId('session')).toHaveCount(2);
  await page.getByTestId('end-others').click();
  await expect(page.getByTestId('session')).toHaveCount(1);
  await other.goto(`${axisor.origin}/positions`);
  await expect(other).toHaveURL(/sign-in/);
  await other.context().close();
});

test('on a server that demands a second factor, whoever has none adds one before anything else', async ({ page, browser, complaints }) => {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/settings/people`);
  await hydrated(page);
  await page.getByTestId('factors-demanded').click();
  await expect(page.getByTestId('people-fault')).toBeVisible();
  expect(complaints.splice(0)).toEqual([expect.stringContaining('status of 409')]);
  await page.goto(`${axisor.origin}/settings/security`);
  await hydrated(page);
  await addAuthenticator(page);
  await page.goto(`${axisor.origin}/settings/people`);
  await hydrated(page);
  await page.getByTestId('factors-demanded').click();
  await expect(page.getByTestId('factors-demanded')).toBeChecked();
  await page.getByTestId('registration-invitation').click();
  await page.getByTestId('invite-submit').click();
  const link = await page.getByTestId('one-time-link').innerText();

  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await hydrated(other);
  await other.getByTestId('join-email').fill('vera@example.org');
  await other.getByTestId('new-password').fill('seven quiet lanterns drift 41');
  await other.getByTestId('join-submit').click();
  await expect(other).toHaveURL(/sign-in\/factor/);
  await hydrated(other);
  await expect(other.getByTestId('go-on')).toHaveCount(0);
  await addAuthenticator(other);
  await other.getByTestId('go-on').click();
  await expect(other).not.toHaveURL(/sign-in/);
  await other.goto(`${axisor.origin}/settings/security`);
  await expect(other.getByTestId('session')).toHaveCount(1);
  await other.context().close();
});
