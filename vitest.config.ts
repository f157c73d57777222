import { defineConfig } from 'vitest/config';

const needServer = ['test/integration/**/*.test.ts', 'test/e2e/**/*.test.ts', 'test/chaos/**/*.test.ts'];
const needBundle = ['test/replay/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...needServer, ...needBundle],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'replay',
          include: needBundle,
          globalSetup: ['test/setup/workflow-bundle.ts'],
          setupFiles: ['test/setup/quiet-runtime.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: needServer,
          globalSetup: [
            'test/setup/workflow-bundle.ts',
            'test/setup/temporal-server.ts',
            'test/setup/ledger-server.ts',
          ],
          setupFiles: ['test/setup/quiet-runtime.ts'],
          maxConcurrency: 9,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
