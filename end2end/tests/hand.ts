// What a trader does by hand, as the specs of trading do it.
import { expect } from './axisor';
import type { Page } from '@playwright/test';

export const row = (page: Page) => page.getByTestId('position-row');
/** The digits of what is shown first under a name. */
export const number = async (page: Page, testid: string) =>
  Number((await page.getByTestId(testid).first().innerText()).replace(/[^0-9]/g, ''));

export async function go(page: Page, place: string) {
  await page.getByTestId(`nav-${place}`).locator('visible=true').first().click();
}

/** Fills the ticket, and confirms the order's own sentence. */
export async function open(page: Page, quantity = '1000') {
  await go(page, 'trade');
  await page.getByTestId('ticket-quantity').fill(quantity);
  await expect(page.getByTestId('order-liquidation').first()).toContainText('%');
  await page.getByTestId('ticket-open').click();
  await expect(page.getByTestId('hand-sentence')).toContainText('1,000');
  await expect(page.getByTestId('hand-dialog').getByTestId('mode-badge')).toContainText(/paper/i);
  await page.getByTestId('hand-confirm').click();
  await expect(page.getByTestId('hand-dialog')).toBeHidden();
  await expect(page.getByTestId('fate').first()).toHaveAttribute('data-fate', 'done');
}

/** Confirms what the dialog asks, and waits until it was done. */
export async function confirm(page: Page) {
  await page.getByTestId('hand-confirm').click();
  await expect(page.getByTestId('hand-dialog')).toBeHidden();
  await expect(page.getByTestId('hand-note').getByTestId('fate').first()).toHaveAttribute('data-fate', 'done');
}

/** The market's newest price as the trade page shows it, in dollars. */
export async function lastPrice(page: Page): Promise<number> {
  const price = page.locator('.chart-price .price');
  await expect(price).toContainText('$');
  return Number((await price.innerText()).replace(/[^0-9.]/g, ''));
}
