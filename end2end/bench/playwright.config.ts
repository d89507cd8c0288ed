import base from '../playwright.config';
import { defineConfig } from '@playwright/test';

// `cargo xtask bench web`: what the pages cost a browser. Nothing here passes or fails by a number.
export default defineConfig(base, {
  testDir: '.',
  outputDir: '../test-results',
  testMatch: /\.bench\.ts$/,
  projects: [{ name: 'desk', use: { viewport: { width: 1440, height: 900 }, trace: 'off', screenshot: 'off' } }],
});
