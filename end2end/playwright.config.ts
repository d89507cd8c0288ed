import { defineConfig, devices } from "@playwright/test";

// `cargo xtask test e2e` sets AXISOR_BIN (the program) and AXISOR_SITE (its site); a spec starts the servers that it
// needs from them, on ports of its own.
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 180_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  // Two cores carry one browser and one server at a time.
  workers: 1,
  // A test that passes only at the second try has found a fault.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: {
    baseURL: process.env.AXISOR_URL,
    locale: "en-US",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.AXISOR_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "desk", use: { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 800 } } },
    // Settings look alike on both, and a keyboard, a passkey or a lost download knows no size: these are walked at one.
    { name: "phone", testIgnore: /(accounts|activity|appearance|keyboard|names|orders|passkey|people|pieces|replay)\.spec\.ts/, use: { ...devices["Desktop Chrome"], viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
});
