// The guard's replay in the browser: by the worker, as the server would say it, and without the worker by the server.
import { expect, hydrated, setUp, startAxisor, test, type Axisor } from './axisor';
import type { Page } from '@playwright/test';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ environment: { AXISOR_PAPER_SOURCE: 'crash', AXISOR_PAPER_SPEED: '6000' } });
});

test.afterEach(async ({ page }) => {
  await page.close();
  await axisor.stop();
});

/** Opens the editor with a whole rule in it. */
async function typeRule(page: Page) {
  await setUp(page, axisor);
  await page.goto(`${axisor.origin}/guard`);
  await hydrated(page);
  const rule = { trigger: '3', target: '8', 'per-action': '300000', 'per-position': '700000', 'per-day': '700000', reserve: '0', cooldown: '60', 'max-actions': '20' };
  for (const [field, value] of Object.entries(rule)) await page.getByTestId(`guard-${field}`).fill(value);
  await page.getByTestId('guard-at-limit-alert_only').check({ force: true });
  await expect(page.getByTestId('replay-verdict')).toContainText(/./);
  await expect(page.getByTestId('replay')).toHaveAttribute('aria-busy', 'false');
}

const rules = [
  { trigger: 10, target: 60 },
  { trigger: 20, target: 100 },
  { trigger: 50, target: 300 },
  { trigger: 300, target: 800 },
];
const setups = (['long', 'short'] as const).flatMap((side) =>
  rules.flatMap((rule, at) =>
    [100, 25, 1].map((leverage) => ({
      side,
      quantity: 1_000 + at,
      leverage: leverage * 1_000_000,
      wallet: 5_000_000,
      policy: {
        scope: 'all',
        ...rule,
        limits: { per_action: 20_000 * (at + 1), per_position: 300_000, per_day: 200_000, wallet_reserve: 1_000, cooldown: 60_000 * at, max_actions: 9 },
        at_limit: at % 2 === 0 ? 'close' : 'alert_only',
      },
    })),
  ),
);

test('the worker says of every rule what the server says', async ({ page, complaints }) => {
  const asked = page.waitForRequest(/\/past\/[0-9a-f-]+\?days=90$/);
  await typeRule(page);
  const past = new URL((await asked).url()).pathname;
  // The market runs a hundred minutes a second. The server reads a span once, so each look is at another.
  let days = 300;
  const grown = async () => {
    days -= 1;
    return (await (await page.request.get(`${axisor.origin}${past}?days=${days}`)).body()).length;
  };
  await expect.poll(grown, { timeout: 90_000, intervals: [3_000] }).toBeGreaterThan(8_000);
  const told = await page.evaluate(
    async ({ past, setups, days }) => {
      const worker = new Worker('/replay-worker.js', { type: 'module' });
      const here = (setup: object) =>
        new Promise<string>((done) => {
          worker.onmessage = ({ data }) => done(data);
          worker.postMessage(`${past}?days=${days}\n${JSON.stringify(setup)}`);
        });
      const there = async (setup: object) => {
        const asked = { account: past.split('/').pop(), ...setup, days };
        const headers = { 'content-type': 'application/json', accept: 'application/json' };
        return (await fetch('/api/replay', { method: 'POST', headers, body: JSON.stringify(asked) })).json();
      };
      const told = [];
      for (const setup of [...setups, { ...setups[0], wallet: 1 }]) told.push([JSON.parse(await here(setup)), await there(setup)]);
      return told;
    },
    { past, setups, days },
  );
  const poor = told.pop()!;
  expect(poor[0].Err.WalletTooSmall.needed).toBeGreaterThan(1);
  expect(poor[0].Err).toEqual(poor[1]);
  // The browser itself reports on its console that the server refused.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('status of 422')]);
  for (const [here, there] of told) expect(here).toEqual({ Ok: there });
  const fates = new Set(told.map(([, there]) => there.guard.fate));
  expect(fates.size, 'the rules differ in what they lead to').toBeGreaterThan(1);
  expect(told.some(([, there]) => there.guard.top_ups > 0), 'and some of them act').toBe(true);
});

test('the server is not asked while the worker answers, and is where there is none', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await typeRule(page);
  await page.getByTestId('guard-trigger-slider').press('ArrowRight');
  await expect(page.getByTestId('replay')).toHaveAttribute('aria-busy', 'false');
  expect(asked.filter((path) => path === '/api/replay')).toEqual([]);
  await page.addInitScript(() => Reflect.deleteProperty(window, 'Worker'));
  await page.reload();
  await hydrated(page);
  await page.getByTestId('guard-trigger').fill('4');
  await expect(page.getByTestId('replay-verdict')).toContainText(/./);
  expect(asked).toContain('/api/replay');
});
