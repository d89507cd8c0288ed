// A paper exchange of its own, which speaks LN Markets' language, with keys that it knows.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Key = { key: string; secret: string; passphrase: string };
export type Paper = { rest: string; keys: Key[]; stop: () => Promise<void> };

export async function startPaper(...args: string[]): Promise<Paper> {
  const binary = process.env.AXISOR_BIN;
  if (!binary) throw new Error('AXISOR_BIN must name the server; run `cargo xtask test e2e`');
  const child = spawn(binary, ['paper', '--port', '0', '--json', '--no-rate-limit', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = await new Promise<string>((told) => createInterface(child.stdout).once('line', told));
  const { rest, keys } = JSON.parse(line);
  const stop = async () => {
    const gone = new Promise((exited) => child.once('exit', exited));
    child.kill('SIGTERM');
    await gone;
  };
  return { rest, keys, stop };
}
