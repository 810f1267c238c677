/** `npm test`: everything a change must pass, on a fresh clone too. Arguments name the stages to run; none means all. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser, ensureDependencies, root, run } from './ensure.mjs';

const results = join(root, 'test-results');
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Counts of a Vitest or Playwright JSON report: [passed, failed, skipped]. */
function counts(file) {
  const report = JSON.parse(readFileSync(join(results, file), 'utf8'));
  if (report.stats) {
    return [report.stats.expected + report.stats.flaky, report.stats.unexpected, report.stats.skipped];
  }
  return [report.numPassedTests, report.numFailedTests, report.numPendingTests];
}

const vitest = (project, extra = []) => ({
  command: bin('vitest'),
  args: [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(results, `${project}.json`)}`,
    ...extra,
  ],
  report: `${project}.json`,
});

const stages = {
  types: { command: bin('tsc'), args: ['-p', '.'] },
  lint: { command: bin('oxlint'), args: ['--type-aware', '--deny-warnings'] },
  format: { command: bin('prettier'), args: ['--check', '--log-level=warn', '.'] },
  unit: vitest('unit'),
  build: { command: bin('vite'), args: ['build', '--logLevel=warn'] },
  size: { command: process.execPath, args: ['scripts/size.mjs'] },
  webgpu: vitest('webgpu'),
  e2e: { command: bin('playwright'), args: ['test'], report: 'e2e.json' },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(`Unknown stage '${unknown[0]}'. Stages: ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}

await ensureDependencies();
await ensureBrowser();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

let total = [0, 0, 0];
const failed = [];
for (const [name, stage] of Object.entries(stages)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = Date.now();
  console.log(`\n── ${name}`);
  const code = await run(stage.command, stage.args, { stdio: ['ignore', 'inherit', 'inherit'] });
  let note = '';
  if (stage.report) {
    try {
      const found = counts(stage.report);
      total = total.map((count, i) => count + found[i]);
      note = `, ${found[0]} passed, ${found[1]} failed`;
      if (found[0] + found[1] === 0) throw new Error('no test ran');
    } catch (error) {
      failed.push(name);
      note = `, no report: ${error.message}`;
    }
  }
  if (code !== 0 && !failed.includes(name)) failed.push(name);
  console.log(
    `── ${name}: ${code === 0 ? 'ok' : `exit ${code}`}${note}, ${((Date.now() - start) / 1000).toFixed(0)} s`,
  );
}

console.log(failed.length === 0 ? '\nAll stages passed.' : `\nFailed: ${failed.join(', ')}.`);
console.log(`${total[0]} passed, ${total[1]} failed, ${total[2]} skipped`);
process.exit(failed.length === 0 ? 0 : 1);
