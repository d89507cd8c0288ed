// Pages a second and memory: Axisor's positions beside a Next.js page with the same table, asked by the same tool.
import autocannon from 'autocannon';
import { expect, startAxisor } from '../tests/axisor';
import { test } from '@playwright/test';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const seconds = Number(process.env.SECONDS ?? 10);
const connections = 16;
const rounds = Number(process.env.ROUNDS ?? 3);
const next = join(import.meta.dirname, 'next');

/** The headings and cells of a page's table, each cell as the texts in it; the demo opens its position first. */
async function table(url: string, headers: Record<string, string>) {
  for (;;) {
    const page = await (await fetch(url, { headers })).text();
    const plain = page.replace(/<!--.*?-->/gs, '');
    const rows = [...plain.matchAll(/<tr[ >].*?<\/tr>/gs)].map(([row]) =>
      [...row.matchAll(/<(t[hd])[ >].*?<\/\1>/gs)].map(([cell]) => cell.split(/<[^>]*>/s).map((text) => text.trim()).filter(Boolean)),
    );
    const [headings, ...body] = rows.filter((row) => row.length === 10);
    if (body.length > 0) return { headings: headings.map((heading) => heading.join(' ')), rows: body };
    await new Promise((tick) => setTimeout(tick, 500));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** What a process holds in memory, in MB, with all that it started. */
function memory(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  return children.reduce((sum, child) => sum + memory(child), own);
}

type Asked = { url: string; headers?: Record<string, string>; pid: number };

async function ask({ url, headers = {}, pid }: Asked, duration: number) {
  let most = 0;
  const watch = setInterval(() => { most = Math.max(most, memory(pid)); }, 250);
  let address = 0;
  const running = autocannon({
    url, connections, duration, headers,
    // Each request from an address of its own: one address is let in at a steady pace only.
    requests: [{ method: 'GET', setupRequest: (request) => {
      address = (address + 1) % 16_000_000;
      const from = `10.${address >> 16}.${(address >> 8) & 255}.${address & 255}`;
      return { ...request, headers: { ...request.headers, 'x-forwarded-for': from } };
    } }],
  });
  const told = await running;
  clearInterval(watch);
  expect(told.non2xx + told.errors + told.timeouts, `${url} answers every request`).toBe(0);
  return { perSecond: told.requests.average, p99: told.latency.p99, bytes: told.throughput.average / told.requests.average, most };
}

async function answers(url: string, child: ChildProcess) {
  const deadline = Date.now() + 60_000;
  while (!(await fetch(url).then(({ ok }) => ok, () => false))) {
    if (child.exitCode !== null || deadline < Date.now()) throw new Error(`${url} does not answer`);
    await new Promise((tick) => setTimeout(tick, 100));
  }
}

test('pages a second', async () => {
  test.setTimeout(20 * 60_000);
  const axisor = await startAxisor({ demo: true, environment: { AXISOR_TRUSTED_PROXIES: '127.0.0.1/32' } });
  const first = await fetch(`${axisor.origin}/positions`, { headers: { accept: 'text/html' } });
  const cookie = first.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
  const headers = { cookie, accept: 'text/html' };
  const shown = await table(`${axisor.origin}/positions`, headers);

  const room = mkdtempSync(join(tmpdir(), 'axisor-bench-'));
  const TABLE = join(room, 'table.json');
  writeFileSync(TABLE, JSON.stringify(shown));
  const environment = { ...process.env, TABLE, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };
  const tool = join(import.meta.dirname, 'node_modules/next/dist/bin/next');
  const built = spawnSync(process.execPath, [tool, 'build'], { cwd: next, env: environment, encoding: 'utf8' });
  expect(built.status, built.stdout + built.stderr).toBe(0);
  const port = await freePort();
  const theirs = spawn(process.execPath, [tool, 'start', '-p', String(port), '-H', '127.0.0.1'], { cwd: next, env: environment });
  await answers(`http://127.0.0.1:${port}/`, theirs);

  const both = [
    { name: 'Axisor', url: `${axisor.origin}/positions`, headers, pid: axisor.pid },
    { name: 'Next.js', url: `http://127.0.0.1:${port}/`, pid: theirs.pid! },
  ];
  const median = (numbers: number[]) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
  const told = [];
  for (const { name, ...asked } of both) {
    const before = memory(asked.pid);
    await ask(asked, Math.min(seconds, 5));
    const runs = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await ask(asked, seconds));
    const perSecond = median(runs.map((run) => run.perSecond));
    const most = Math.max(...runs.map((run) => run.most));
    told.push({ perSecond, most });
    console.log(
      `${name}: ${Math.round(perSecond)} pages a second (p99 ${median(runs.map((run) => run.p99))} ms, ${Math.round(runs[0].bytes / 1_000)} kB each, ` +
        `${shown.rows.length} rows), memory ${Math.round(before)} MB at rest, ${Math.round(most)} MB at most`,
    );
  }
  const [ours, other] = told;
  console.log(`Axisor renders ${(ours.perSecond / other.perSecond).toFixed(1)} times as many pages, in ${(ours.most / other.most).toFixed(2)} of the memory`);
  theirs.kill('SIGTERM');
  await axisor.stop();
  rmSync(room, { recursive: true, force: true });
});
