/** Fails when the JavaScript that the page needs before the editor and the workers load exceeds its budget. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './ensure.mjs';

const budget = 200 * 1024;
const manifest = JSON.parse(readFileSync(join(root, 'dist/.vite/manifest.json'), 'utf8'));
const initial = new Set();
const visit = (key) => {
  const chunk = manifest[key];
  if (!chunk || initial.has(chunk.file)) return;
  initial.add(chunk.file);
  for (const dependency of chunk.imports ?? []) visit(dependency);
};
// As the document names them: an entry that only imports others has no file of its own.
const document = readFileSync(join(root, 'dist/index.html'), 'utf8');
for (const [key, { file }] of Object.entries(manifest)) {
  if (file.endsWith('.js') && document.includes(`/${file}"`)) visit(key);
}

let total = 0;
for (const file of initial) {
  const bytes = gzipSync(readFileSync(join(root, 'dist', file))).length;
  total += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KB  ${file}`);
}
console.log(
  `${(total / 1024).toFixed(1).padStart(8)} KB  initial JavaScript, gzipped (budget ${budget / 1024} KB)`,
);
// The first ranking waits for this one too.
const workerBudget = 40 * 1024;
const worker = readdirSync(join(root, 'dist/assets')).find((name) => /^pretrained-worker.*\.js$/.test(name));
const ofWorker = worker ? gzipSync(readFileSync(join(root, 'dist/assets', worker))).length : Number.NaN;
console.log(
  `${(ofWorker / 1024).toFixed(1).padStart(8)} KB  worker of the first ranking, gzipped (budget ${workerBudget / 1024} KB)`,
);
if (initial.size === 0) throw new Error('The document names no script; nothing was measured.');
process.exit(total <= budget && ofWorker <= workerBudget ? 0 : 1);
