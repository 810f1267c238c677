/** Whatever ends in the middle of a run, the run goes on with the numbers it would have had. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page, type Worker } from '@playwright/test';
import { readSafetensors } from '../src/formats/safetensors.ts';
import { PlaygroundPage } from './page.ts';
import type { StepLine } from './page.ts';

const STEPS = 60;
const tiny = readFileSync(new URL('./files/tiny.yaml', import.meta.url), 'utf8')
  .replace(/num_train_steps: \d+/, `num_train_steps: ${STEPS}`)
  .replace(/checkpoint_every_n: \d+/, 'checkpoint_every_n: 10');

interface Outcome {
  readonly losses: readonly number[];
  readonly weights: ReturnType<typeof readSafetensors>['tensors'];
}

/** Every engine gives its own last digits: the run is one engine's from beginning to end. */
async function begin(playground: PlaygroundPage): Promise<void> {
  await playground.openOnWasm(tiny);
  await expect(playground.page.getByRole('region', { name: 'Run' })).toContainText(`0 / ${STEPS} steps`);
}

const lossesOf = (steps: readonly StepLine[]): number[] => {
  expect(steps.map(({ step }) => step)).toEqual([...Array(STEPS).keys()]);
  return steps.map(({ loss }) => loss);
};

async function outcome(playground: PlaygroundPage): Promise<Outcome> {
  await expect(playground.status).toContainText('Finished');
  const { tensors } = readSafetensors(new Uint8Array(await playground.download('Export weights')));
  return { losses: lossesOf(await playground.metrics()), weights: tensors };
}

const workerOf = (page: Page, name: string): Worker => {
  const found = page.workers().find((worker) => worker.url().includes(`${name}-worker`));
  if (!found) throw new Error(`The page has no ${name} worker.`);
  return found;
};

/**
 * Begins a run and comes back in its middle, with a checkpoint whole. A short run would end in the time that it takes to
 * say that it should be ended: it gets no more data until its worker is told to `letGo()`.
 */
async function holdAtCheckpoint(page: Page, train: () => Promise<void>): Promise<void> {
  const worker = workerOf(page, 'training');
  await worker.evaluate(`{
    const files = FileSystemFileHandle.prototype;
    const ports = MessagePort.prototype;
    const { move } = files;
    const { postMessage } = ports;
    const waiting = [];
    let holds = false;
    self.held = new Promise((resolve) => {
      files.move = async function (folder, name) {
        await move.call(this, folder, name);
        if (!name.endsWith('.safetensors')) return;
        holds = true;
        resolve();
      };
    });
    ports.postMessage = function (...message) {
      const post = () => postMessage.apply(this, message);
      if (holds) waiting.push(post);
      else post();
    };
    self.letGo = () => {
      files.move = move;
      ports.postMessage = postMessage;
      for (const post of waiting) post();
    };
  }`);
  await train();
  await worker.evaluate('held');
}

/** Ends a worker of the page as a browser that runs out of memory does: from outside, without a word. */
async function endWorker(page: Page, name: string): Promise<void> {
  await workerOf(page, name).evaluate(() => setTimeout(() => self.close(), 0));
}

let expected: Outcome;

test.describe.configure({ mode: 'serial' });

test('a run goes back to a checkpoint, branches from one, and its manifest makes the same run again, in the terminal too', async ({
  page,
}, info) => {
  const playground = new PlaygroundPage(page);
  await begin(playground);
  await playground.button('Train').click();
  // The uninterrupted run that all others are compared with.
  expected = await outcome(playground);
  const step = page.getByTestId('step');
  await playground.button('Go back to step 30').click();
  await expect(step).toHaveText('30');
  await playground.button('Continue').click();
  expect(await outcome(playground)).toEqual(expected);
  await playground.button('Branch from step 20').click();
  await expect(step).toHaveText('20');
  await playground.button('Continue').click();
  expect(await outcome(playground)).toEqual(expected);

  // The terminal makes the same run of it, and the page makes the same run of the terminal's.
  const saved = info.outputPath('page.json');
  writeFileSync(saved, await playground.download('Save manifest'));
  const folder = info.outputPath('terminal');
  execFileSync(
    process.execPath,
    ['scripts/run-ts.mjs', 'cli/main.ts', 'train', '--manifest', saved, '--out', folder],
    { cwd: fileURLToPath(new URL('..', import.meta.url)) },
  );
  const metrics = readFileSync(`${folder}/metrics.jsonl`, 'utf8').trim().split('\n');
  const losses = lossesOf(metrics.map((line) => JSON.parse(line) as StepLine));
  expect(losses.slice(0, 10)).toEqual(expected.losses.slice(0, 10));
  const manifest = readFileSync(`${folder}/manifest.json`);
  await playground.editYaml(tiny.replace('output_size: 8', 'output_size: 4'));
  await expect(playground.button(/^Restart with 1 change/)).toBeVisible();
  const chooser = page.waitForEvent('filechooser');
  await playground.button('Open manifest').click();
  await (await chooser).setFiles({ name: 'manifest.json', mimeType: 'application/json', buffer: manifest });
  await expect(page.getByText('Configuration, data and seeds are those of')).toBeVisible();
  await playground.restart(STEPS);
  expect(await outcome(playground)).toEqual(expected);
  expect(playground.errors).toEqual([]);
});

test('a tab that crashes: the run is back where it was, and ends with the same weights', async ({
  context,
}) => {
  const page = await context.newPage();
  const first = new PlaygroundPage(page);
  await begin(first);
  await holdAtCheckpoint(page, () => first.button('Train').click());
  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  void session.send('Page.crash').catch(() => {});
  await crashed;

  const again = new PlaygroundPage(await context.newPage());
  await again.page.goto('/');
  await again.button(/^(Continue|Pause)$/).waitFor();
  await expect
    .poll(async () => Number(await again.page.getByTestId('step').textContent()))
    .toBeGreaterThan(9);
  await expect(again.status).toContainText('Paused');
  await again.button('Continue').click();
  expect(await outcome(again)).toEqual(expected);
  expect(again.errors).toEqual([]);
});

test('a training worker that ends, and a data worker: the page says so, and one click brings the run back', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page);
  await begin(playground);
  await holdAtCheckpoint(page, () => playground.button('Train').click());
  await endWorker(page, 'training');
  await expect(playground.status).toContainText('Failed');
  await playground.button('Bring the run back').click();
  expect(await outcome(playground)).toEqual(expected);

  await holdAtCheckpoint(page, () => playground.restart(STEPS));
  await endWorker(page, 'data');
  await expect(playground.status).toContainText('Failed');
  await workerOf(page, 'training').evaluate('letGo()');
  await playground.button('Bring the run back').click();
  expect(await outcome(playground)).toEqual(expected);
});

test('a graphics device that is lost: the run goes on by itself, and the page says what was repeated', async ({
  page,
}) => {
  // Every device of the training worker, to destroy: nothing on the page gives it out.
  await page.route(/training-worker/, async (route) => {
    const script = await route.fetch();
    const spy = `
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...given) {
        if (self.gone) throw new DOMException('The driver has crashed too often.', 'OperationError');
        self.lastDevice = await request.apply(this, given);
        return self.lastDevice;
      };`;
    await route.fulfill({ response: script, body: `${await script.text()}\n;${spy}` });
  });
  const playground = new PlaygroundPage(page);
  await playground.openOnWebgpu(tiny);
  await playground.button('Train').click();
  const whole = await outcome(playground);
  await holdAtCheckpoint(page, () => playground.restart(STEPS));
  const worker = workerOf(page, 'training');
  await worker.evaluate('lastDevice.destroy(); letGo()');
  const notice = page.getByRole('note').filter({ hasText: 'The graphics device was lost' });
  await expect(notice).toContainText(/no step had to be repeated|steps? (was|were) repeated, with the same/);
  expect(await outcome(playground)).toEqual(whole);

  // Lost again, and there is no other: it goes on without one, where a person says so.
  await holdAtCheckpoint(page, () => playground.restart(STEPS));
  await worker.evaluate('gone = true; lastDevice.destroy(); letGo()');
  await expect(page.getByRole('alert').filter({ hasText: 'The run has stopped.' })).toContainText(
    'Try again',
  );
  await playground.button('Go on on the processor').click();
  await expect(playground.status).toContainText('Finished');
  await expect(playground.button(/^Engine: tfjs on WebAssembly,/)).toBeVisible();
  lossesOf(await playground.metrics());
  expect(playground.errors).toEqual([]);
});

test('a browser that keeps no files: the page trains all the same, and says that nothing is kept', async ({
  page,
}) => {
  await page.route(/(training|runs)-worker/, async (route) => {
    const script = await route.fetch();
    const refuse = `
      navigator.storage.getDirectory = () => Promise.reject(new DOMException('No.', 'SecurityError'));`;
    await route.fulfill({ response: script, body: `${await script.text()}\n;${refuse}` });
  });
  const playground = new PlaygroundPage(page);
  await begin(playground);
  const notice = page.getByRole('note').filter({ hasText: 'Runs live only as long as this page' });
  await expect(notice).toContainText('keeps no files');
  await playground.button('Train').click();
  expect(await outcome(playground)).toEqual(expected);
  await expect(notice).toBeVisible();
  await page.goto('/#/runs');
  await expect(page.getByRole('alert').filter({ hasText: 'That did not work.' })).toContainText(
    'keeps no files',
  );
  expect(playground.errors).toEqual([]);
});

test('two tabs on one run: the second looks on and says so, and has it when the first is closed', async ({
  context,
}) => {
  const first = new PlaygroundPage(await context.newPage());
  await begin(first);
  for (let step = 1; step <= 3; step++) {
    await first.button('Step').click();
    await expect(first.page.getByTestId('step')).toHaveText(String(step));
  }
  await expect(first.status).toContainText('Paused');
  const reached = Number(await first.page.getByTestId('step').textContent());

  const second = new PlaygroundPage(await context.newPage());
  await second.page.goto('/');
  const notice = second.page.getByRole('note').filter({ hasText: 'open to look at only' });
  await expect(notice).toContainText('open in another tab');
  await expect(second.page.getByTestId('step')).toHaveText(String(reached));
  await expect(second.button('Continue')).toBeDisabled();
  await expect(second.button('Step')).toBeDisabled();

  await first.page.close();
  await notice.getByRole('button', { name: 'Try again' }).click();
  await expect(second.button('Continue')).toBeEnabled();
  await expect(notice).toBeHidden();
  await second.button('Continue').click();
  expect(await outcome(second)).toEqual(expected);
  expect(second.errors).toEqual([]);
});
