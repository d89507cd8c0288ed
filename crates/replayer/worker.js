// Replays a rule on a market's past in a thread of its own, so that the page never waits for it. A question is two
// lines: where the past is had, and the rule. No answer at all is an empty one: the page asks the server then.
import init, { Past } from './replay/NAME.js';

// The server reads the past as seldom.
const FRESH = 600_000;
const ready = init({ module_or_path: './replay/NAME.wasm' });
let kept;

async function pastAt(url) {
  if (kept?.url === url && performance.now() < kept.at + FRESH) return kept.past;
  const answer = await fetch(url);
  const past = answer.ok ? Past.read(new Uint8Array(await answer.arrayBuffer())) : undefined;
  kept?.past.free();
  kept = past && { url, at: performance.now(), past };
  return past;
}

async function answer(question) {
  const [url, rule] = question.split('\n');
  await ready;
  return (await pastAt(url))?.replay(rule);
}

onmessage = async ({ data }) => postMessage((await answer(data).catch(() => undefined)) ?? '');
