import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const installed = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((file) => existsSync(file));

/** Debian's Chromium, as root in a container: no sandbox, no GPU, and no chatter of its own. */
const chromium = {
  executablePath: process.env.WILLCALL_CHROMIUM ?? installed ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  workers: 3,
  reporter: [['list']],
  // A machine that is busy with other things is slow, and not wrong.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Vienna',
    // A trace costs a third of the time; WILLCALL_TRACE=1 keeps those of what fails.
    trace: process.env.WILLCALL_TRACE ? 'retain-on-failure' : 'off',
    launchOptions: chromium,
  },
});
