// What a move of a slider costs in the guard's editor: 90 days of minutes are replayed three times at each.
import { expect, hydrated, startAxisor, test, type Axisor } from '../tests/axisor';
import { encodedPast } from './past';

const minutes = 90 * 1_440;
const moves = Number(process.env.MOVES ?? 25);

let axisor: Axisor;

test.beforeEach(async () => {
  axisor = await startAxisor({ demo: true });
});

test.afterEach(async ({ page }) => {
  await page.close();
  await axisor.stop();
});

function median(numbers: number[]) {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

test('replay while a slider moves', async ({ page, context, complaints }) => {
  const past = encodedPast(minutes);
  await context.route('**/past/**', (route) => route.fulfill({ body: past, contentType: 'application/octet-stream' }));
  await page.goto(`${axisor.origin}/guard`);
  await hydrated(page);
  const slider = page.getByTestId('guard-trigger-slider');
  const replay = page.getByTestId('replay');
  await expect(replay.getByTestId('replay-verdict')).toBeVisible({ timeout: 30_000 });
  await expect(replay, 'ninety days of it').toContainText('2024-02-12');
  await expect(replay).toHaveAttribute('aria-busy', 'false');
  const { answers, longest } = await page.evaluate(
    async ({ moves }) => {
      const slider = document.querySelector<HTMLInputElement>('[data-testid=guard-trigger-slider]')!;
      const card = document.querySelector('[data-testid=replay]')!;
      const tasks: number[] = [];
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
      const idle = () =>
        new Promise<void>((done) => {
          const watch = new MutationObserver(() => {
            if (card.getAttribute('aria-busy') !== 'false') return;
            watch.disconnect();
            done();
          });
          watch.observe(card, { attributes: true, attributeFilter: ['aria-busy'] });
        });
      const answers: number[] = [];
      for (let move = 0; move < moves; move += 1) {
        const begun = performance.now();
        const answered = idle();
        slider.value = String(100 + 25 * (1 + (move % 12)));
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        await answered;
        answers.push(performance.now() - begun);
      }
      await new Promise((later) => setTimeout(later, 200));
      return { answers, longest: Math.max(0, ...tasks) };
    },
    { moves },
  );
  await expect(slider).toBeVisible();
  console.log(
    `replay of ${minutes} minutes, three cases: ${Math.round(median(answers))} ms a move in the middle, ` +
      `${Math.round(Math.max(...answers))} ms at worst, ${past.length} bytes of past; ` +
      `longest task of the page ${Math.round(longest)} ms (50 ms and less are not told)`,
  );
  complaints.splice(0);
});
