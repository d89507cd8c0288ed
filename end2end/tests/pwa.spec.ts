// The page as an app on a phone or a desk: what it shows when the server can't be reached, and when a newer one is there.
import { test, expect, hydrated, setUp, startAxisor, type Axisor } from './axisor';

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor();
});

// A page that is still loading would miss its server.
test.afterEach(async ({ page }) => {
  await page.close();
  await axisor.stop();
});

const awake = () => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null);

test('f86 out of reach, the app says what still protects, and keeps nothing private', async ({ page, complaints }) => {
  await setUp(page, axisor);
  await expect.poll(() => page.evaluate(awake)).toBe(true);
  await page.goto(`${axisor.origin}/positions`);
  // What the page needs is there before the server goes.
  await hydrated(page);
  const kept = await page.evaluate(async () => {
    const caches = await Promise.all((await window.caches.keys()).map((name) => window.caches.open(name)));
    return (await Promise.all(caches.map((cache) => cache.keys()))).flat().map(({ url }) => new URL(url).pathname);
  });
  expect(kept.sort()).toEqual(['/favicon.svg', '/offline.css', '/offline.html', '/offline.js', '/offline.pt-BR.html']);
  await axisor.stop();
  await page.goto(`${axisor.origin}/guard`);
  await expect(page.getByRole('heading', { name: "can't reach Axisor" })).toBeVisible();
  await expect(page.locator('body')).toContainText('goes on watching');
  await expect(page.getByRole('link', { name: 'Try again' })).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.querySelector('main')!).maxWidth)).toBe('448px');
  await page.screenshot({ path: test.info().outputPath('offline.png') });
  // That the server is gone is what the test is about.
  complaints.splice(0, complaints.length, ...complaints.filter((line) => !/ERR_CONNECTION|ERR_FAILED/.test(line)));
});

test('a newer page is offered, and loaded by one click', async ({ page }) => {
  await setUp(page, axisor);
  const notice = page.getByRole('button', { name: 'Load it' });
  await expect(notice).toBeHidden();
  await page.route('**/sign-in', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace(/\/pkg\/axisor\.[\w-]+\.js/g, '/pkg/axisor.newer.js');
    await route.fulfill({ response: answer, body });
  });
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(notice).toBeVisible();
  const loaded = page.waitForEvent('load');
  await notice.click();
  await loaded;
  await hydrated(page);
  await expect(notice).toBeHidden();
});
