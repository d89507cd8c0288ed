// A server of its own for each test, on a free port, with nothing remembered from before.
import { test as base, expect, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Axisor = {
  origin: string;
  /** The one-time link that the server prints while it has no user. */
  setupLink: string;
  pid: number;
  stop: () => Promise<void>;
};

type Options = { demo?: boolean; environment?: Record<string, string> };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

export async function startAxisor({ demo = false, environment = {} }: Options = {}): Promise<Axisor> {
  const binary = process.env.AXISOR_BIN;
  if (!binary) throw new Error('AXISOR_BIN must name the server; run `cargo xtask test e2e`');
  const data = mkdtempSync(join(tmpdir(), 'axisor-e2e-'));
  const origin = `http://127.0.0.1:${await freePort()}`;
  const args = ['serve', '--listen', origin.slice('http://'.length), '--data', data, ...(demo ? ['--demo'] : [])];
  const child = spawn(binary, args, { env: { ...process.env, RUST_LOG: 'info', ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  // What it printed may come later than its first answer.
  const hasSpoken = () => /^(Axisor|Make the first user)/m.test(output);
  await waitFor(async () => hasSpoken() && (await isReady(origin)), child, () => output);
  const setupLink = /http:\/\/\S+\/setup#token=[0-9a-f]+/.exec(output)?.[0] ?? '';
  const stop = async () => {
    const gone = new Promise((exited) => child.once('exit', exited));
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(data, { recursive: true, force: true });
  };
  return { origin, setupLink, pid: child.pid!, stop };
}

async function isReady(origin: string): Promise<boolean> {
  return fetch(`${origin}/health/live`).then((answer) => answer.ok, () => false);
}

async function waitFor(holds: () => Promise<boolean>, child: ChildProcess, output: () => string) {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (child.exitCode !== null || deadline < Date.now()) throw new Error(`the server did not start:\n${output()}`);
    await new Promise((tick) => setTimeout(tick, 100));
  }
}

/** A page on which every console error and every violation of the content policy fails the test. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        // A replay may be under way when its server is taken away at a test's end.
        const isCut = message.text().includes('ERR_CONNECTION_REFUSED') && message.location().url.endsWith('/api/replay');
        if (message.type() === 'error' && !isCut) complaints.push(`console: ${message.text()} (${message.location().url})`);
      });
      page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (violation) => {
          console.error(`content policy: ${violation.violatedDirective} ${violation.blockedURI}`);
        });
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** Waits until the page answers to clicks: the wasm side has taken over. */
export async function hydrated(page: Page) {
  await page.locator('html[data-hydrated]').waitFor({ timeout: 30_000 });
}

/** The one person that the tests know. */
export const ana = { email: 'ana@example.org', password: 'violet anchor under tundra 92' };

/** Makes the first user through the one-time link, and waits for the dashboard. */
export async function setUp(page: Page, { setupLink }: Axisor) {
  await page.goto(setupLink);
  await hydrated(page);
  await page.getByTestId('set-up-email').fill(ana.email);
  await page.getByTestId('set-up-password').fill(ana.password);
  await page.getByTestId('set-up-submit').click();
  await onTheDesk(page);
}

/** Gives e-mail and password on the sign-in page, wherever they lead. */
export async function signIn(page: Page, { origin }: Axisor, password = ana.password) {
  await page.goto(`${origin}/sign-in`);
  await hydrated(page);
  await page.getByTestId('sign-in-email').fill(ana.email);
  await page.getByTestId('sign-in-password').fill(password);
  await page.getByTestId('sign-in-submit').click();
}

/** Waits for the pages that only a signed-in person sees. */
export async function onTheDesk(page: Page) {
  await expect(page.getByTestId('mode-badge').first()).toContainText(/paper/i);
  await hydrated(page);
}

export { expect };
