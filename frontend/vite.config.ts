import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const till = process.env.WILLCALL_ADDR ?? '127.0.0.1:4380';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '~': fileURLToPath(new URL('src', import.meta.url)) } },
  build: {
    // Fonts and pictures stay files: the server's Content-Security-Policy allows no data: fonts.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // The page on which a card is typed is one of its own, so that nothing of Stripe's ever loads with the till.
      input: ['index.html', 'pay.html'],
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': `http://${till}`, '/training': `http://${till}` },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testkit/setup.ts'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    restoreMocks: true,
    env: { TZ: 'UTC' },
  },
});
