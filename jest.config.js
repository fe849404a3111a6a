// Tests run as ES modules, the way production runs: no transpiling to CommonJS, no module mocks.
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
  ],
};
const suite = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform,
});

// The machines that run this are busy: a limit is to end what hangs, not to time what runs.
// A worker that has grown large is replaced: what one file leaves behind is not another's.
export default {
  testTimeout: 60_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '768MB',
  projects: [suite('unit'), suite('integration'), suite('e2e')],
};
