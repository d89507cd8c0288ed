// Lighthouse's marks of the main pages: its mobile preset, the median of several runs by performance.
import lighthouse from 'lighthouse';
import { chromium, test } from '@playwright/test';
import { startAxisor } from '../tests/axisor';
import { createServer, type AddressInfo } from 'node:net';

const runs = Number(process.env.RUNS ?? 9);
const pages = (process.env.PAGES ?? '/ /positions /trade /guard /activity /sign-in').split(' ');
const categories = ['performance', 'accessibility', 'best-practices'] as const;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

type Report = NonNullable<Awaited<ReturnType<typeof lighthouse>>>['lhr'];

const mark = (report: Report, category: string) => Math.round(100 * (report.categories[category].score ?? 0));
const number = (report: Report, audit: string) => report.audits[audit].numericValue ?? Number.NaN;

/** What keeps a page from full marks, told once. */
function faults(report: Report) {
  const failed = categories.flatMap((category) =>
    report.categories[category].auditRefs
      .filter(({ id, weight }) => weight > 0 && (report.audits[id].score ?? 1) < 0.9)
      .map(({ id }) => `${id} (${report.audits[id].displayValue ?? report.audits[id].title})`),
  );
  const costs = ['server-response-time', 'render-blocking-insight', 'bootup-time', 'total-byte-weight', 'network-dependency-tree-insight'];
  const slow = costs.filter((id) => report.audits[id] && (report.audits[id].score ?? 1) < 0.9).map((id) => `${id} ${report.audits[id].displayValue ?? ''}`);
  return [...failed, ...slow];
}

for (const path of pages) {
  test(`Lighthouse ${path}`, async () => {
    test.setTimeout(30 * 60_000);
    const axisor = await startAxisor({ demo: true });
    const reports: Report[] = [];
    for (let run = 0; run < runs; run += 1) {
      const port = await freePort();
      const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
      const browser = await chromium.launch({ executablePath, args: [...args, `--remote-debugging-port=${port}`] });
      const told = await lighthouse(`${axisor.origin}${path}`, { port, output: 'json', logLevel: 'silent', onlyCategories: [...categories] });
      await browser.close();
      if (!told || told.lhr.runtimeError) throw new Error(told?.lhr.runtimeError?.message ?? 'Lighthouse said nothing');
      reports.push(told.lhr);
    }
    await axisor.stop();
    const [median] = reports
      .sort((one, other) => mark(one, 'performance') - mark(other, 'performance'))
      .slice(Math.floor(reports.length / 2));
    const [fast, open, sound] = categories.map((category) => mark(median, category));
    const ms = (audit: string) => Math.round(number(median, audit));
    console.log(
      `${path}: performance ${fast}, accessibility ${open}, best practices ${sound}; LCP ${ms('largest-contentful-paint')} ms, ` +
        `TBT ${ms('total-blocking-time')} ms, CLS ${number(median, 'cumulative-layout-shift').toFixed(3)} (median of ${reports.length})`,
    );
    for (const fault of faults(median)) console.log(`  ${fault}`);
  });
}
