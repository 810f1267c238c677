/** `npm test`: everything a change must pass, on a fresh clone too. Arguments name the stages to run; none means all. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureBrowser, ensureDependencies, root } from './ensure.mjs';

const results = join(root, 'test-results');
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Counts of a Vitest or Playwright JSON report: [passed, failed, skipped]; null when the stage could not run here. */
function counts(report) {
  if (report.leftOut) return null;
  if (report.stats) {
    return [report.stats.expected + report.stats.flaky, report.stats.unexpected, report.stats.skipped];
  }
  return [report.numPassedTests, report.numFailedTests, report.numPendingTests];
}

/** What failed in such a report, a few lines each: of a long output only the end may be kept. */
function failures(report) {
  const ofPlaywright = (suite) => [
    ...(suite.suites ?? []).flatMap(ofPlaywright),
    ...(suite.specs ?? [])
      .filter(({ ok }) => !ok)
      .map(({ title, file, tests }) => ({
        name: `${file} › ${title}`,
        said: tests.flatMap((test) =>
          test.results.flatMap(({ errors }) => errors.map((error) => error.message)),
        ),
      })),
  ];
  const ofVitest = ({ name, message, assertionResults }) => {
    const file = relative(root, name);
    const tests = assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => ({ name: `${file} › ${fullName}`, said: failureMessages }));
    return tests.length === 0 && message !== '' ? [{ name: file, said: [message] }] : tests;
  };
  return [
    ...(report.suites ?? []).flatMap(ofPlaywright),
    ...(report.testResults ?? []).flatMap(ofVitest),
  ].map(({ name, said }) => `✗ ${name}\n${said.join('\n').split('\n').slice(0, 12).join('\n')}`);
}

const vitest = (project) => ({
  command: bin('vitest'),
  args: [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(results, `${project}.json`)}`,
  ],
  report: `${project}.json`,
});

/** The type checker is a Go program of some 900 MB at most: collecting garbage, it saves 100 MB for a quarter of its time. */
const uncollected = { GOGC: 'off' };

/** By name, in the order of their start; those of one group run beside each other, groups one after another. */
const stages = {
  unit: { group: 0, ...vitest('unit') },
  types: { group: 0, command: bin('tsc'), args: ['-p', '.', '--checkers', '1'], env: uncollected },
  lint: { group: 0, command: bin('oxlint'), args: ['--type-aware', '--deny-warnings'], env: uncollected },
  format: { group: 0, command: process.execPath, args: ['scripts/format.mjs'] },
  build: { group: 0, command: bin('vite'), args: ['build', '--logLevel=warn'] },
  // Beside the others: one worker that is still at a long file, or a browser that waits, leaves a core idle.
  webgpu: { group: 0, ...vitest('webgpu'), browser: true },
  size: { group: 1, command: process.execPath, args: ['scripts/size.mjs'] },
  e2e: { group: 2, command: bin('playwright'), args: ['test'], report: 'e2e.json', browser: true },
  // Both need programs that a machine may lack: then they say so. Alone they leave half of the machine idle.
  wgpu: { group: 2, command: process.execPath, args: ['scripts/wgpu.mjs'], report: 'wgpu.json' },
  firefox: { group: 2, command: process.execPath, args: ['scripts/firefox.mjs'], report: 'firefox.json' },
};

/** Runs a command in the project's root; its output is written at once where it is alone, else when it ends. */
function execute({ command, args, env }, alone) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', alone ? 'inherit' : 'pipe', alone ? 'inherit' : 'pipe'],
      shell: process.platform === 'win32',
    });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code: signal ? 1 : (code ?? 1), output: Buffer.concat(output) }),
    );
  });
}

let total = [0, 0, 0];
const failed = [];
const failedTests = [];

async function runStage(name, alone) {
  const stage = stages[name];
  const start = Date.now();
  if (alone) console.log(`\n── ${name}`);
  const { code, output } = await execute(stage, alone);
  let note = '';
  if (stage.report) {
    try {
      const report = JSON.parse(readFileSync(join(results, stage.report), 'utf8'));
      failedTests.push(...failures(report));
      const found = counts(report);
      if (found === null) note = ', left out';
      else {
        total = total.map((count, i) => count + found[i]);
        note = `, ${found[0]} passed, ${found[1]} failed`;
        if (found[0] + found[1] === 0) throw new Error('no test ran');
      }
    } catch (error) {
      failed.push(name);
      note = `, no report: ${error.message}`;
    }
  }
  if (code !== 0 && !failed.includes(name)) failed.push(name);
  if (!alone) console.log(`\n── ${name}`);
  process.stdout.write(output);
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(`── ${name}: ${code === 0 ? 'ok' : `exit ${code}`}${note}, ${seconds} s`);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(`Unknown stage '${unknown[0]}'. Stages: ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}
const chosen = Object.keys(stages).filter((name) => wanted.length === 0 || wanted.includes(name));

await ensureDependencies();
if (chosen.some((name) => stages[name].browser)) await ensureBrowser();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

for (const group of new Set(chosen.map((name) => stages[name].group))) {
  const names = chosen.filter((name) => stages[name].group === group);
  await Promise.all(names.map((name) => runStage(name, names.length === 1)));
}

if (failedTests.length > 0) console.log(`\n${failedTests.join('\n\n')}`);
console.log(failed.length === 0 ? '\nAll stages passed.' : `\nFailed: ${failed.join(', ')}.`);
console.log(`${total[0]} passed, ${total[1]} failed, ${total[2]} skipped`);
process.exit(failed.length === 0 ? 0 : 1);
