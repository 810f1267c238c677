/**
 * The page under use for long: it trains and evaluates all the while, is looked at from every side, edited, and loses its
 * graphics device again and again. Counted is what must not happen: steps lost or done twice, errors, memory that grows.
 */
import type { CDPSession, Page } from 'playwright';

export interface SoakOptions {
  /** Asked before each round with how many are done. */
  readonly goOn: (rounds: number) => boolean;
  /** Asked again and again with the steps that this round has trained: whether it is time to use the page and lose the device. */
  readonly isTime: (steps: number) => boolean;
  /** Whether each round does one of the uses, in turn; without it each does all. */
  readonly oneUse?: boolean;
  readonly log: (line: string) => void;
}

export interface SoakRound {
  readonly step: number;
  /** Of the page after collecting garbage. */
  readonly heapBytes: number;
  readonly domNodes: number;
}

export interface SoakResult {
  readonly rounds: readonly SoakRound[];
  /** Steps that the run's metrics lack, or have twice. */
  readonly stepsLost: number;
  readonly stepsTwice: number;
  readonly errors: readonly string[];
}

/** Long enough for any soak; small checkpoints and evaluations, and often. */
const CHANGES: readonly (readonly [RegExp, string])[] = [
  [/num_train_steps: \d+/, 'num_train_steps: 10000000'],
  [/eval_log_every_n: \d+/, 'eval_log_every_n: 20'],
  [/num_eval_steps: \d+/, 'num_eval_steps: 1'],
  [/checkpoint_every_n: \d+/, 'checkpoint_every_n: 10'],
];

/** Before the page is opened: the training worker then gives out its device, to be destroyed. */
export async function giveOutDevice(page: Page): Promise<void> {
  await page.route(/training-worker/, async (route) => {
    const script = await route.fetch();
    const spy = `
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...given) {
        self.lastDevice = await request.apply(this, given);
        return self.lastDevice;
      };`;
    await route.fulfill({ response: script, body: `${await script.text()}\n;${spy}` });
  });
}

/** Ends the device of the training worker as a driver does. */
export async function loseDevice(page: Page): Promise<void> {
  const worker = page.workers().find((found) => found.url().includes('training-worker'));
  if (!worker) throw new Error('The page has no training worker.');
  await worker.evaluate('lastDevice.destroy()');
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

async function stepNow(page: Page): Promise<number> {
  return Number((await page.getByTestId('step').textContent())?.replaceAll(/\D/g, ''));
}

/** Asked in the page: what a driver asks of a page costs more than the page's own work. */
async function trained(page: Page, isEnough: (steps: number) => boolean): Promise<void> {
  const from = await stepNow(page);
  for (;;) {
    const now = await page.evaluate(() => ({
      step: document.querySelector('[data-testid="step"]')?.textContent ?? '',
      alert: document.querySelector<HTMLElement>('[role=alert]')?.innerText,
    }));
    if (now.alert !== undefined) throw new Error(`The page says: ${now.alert}`);
    if (isEnough(Number(now.step.replaceAll(/\D/g, '')) - from)) return;
    await page.waitForTimeout(250);
  }
}

/** What a person does meanwhile. */
const USES: readonly ((page: Page) => Promise<void>)[] = [everyView, everyTable, editTakenBack];

async function everyView(page: Page): Promise<void> {
  const views = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
  for (const view of await views.all()) {
    await view.click();
    await page.getByText('Loading…').waitFor({ state: 'detached' });
  }
  await views.first().click();
}

async function everyTable(page: Page): Promise<void> {
  for (const pressed of [false, true]) {
    const tables = page.getByRole('button', { name: / as a table$/, pressed });
    for (let left = await tables.count(); left > 0; left--) await tables.first().click();
  }
}

async function editTakenBack(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Configuration in YAML' }).focus();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.insertText('# soak\n');
  await page.keyboard.press('ControlOrMeta+z');
}

async function look(page: Page, cdp: CDPSession): Promise<SoakRound> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes } = await cdp.send('Memory.getDOMCounters');
  const step = await stepNow(page);
  return { step, heapBytes: usedSize, domNodes: nodes };
}

/** Every step of the run, from the file that a person can take away. */
async function stepsOf(page: Page): Promise<number[]> {
  const event = page.waitForEvent('download');
  await button(page, 'Download metrics as JSON Lines').click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await event).createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { step: number }).step);
}

/**
 * @param page not opened yet, with `giveOutDevice` done.
 * @param yaml the configuration to train, small.
 */
export async function soak(page: Page, yaml: string, options: SoakOptions): Promise<SoakResult> {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('crash', () => errors.push('the page crashed'));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto('/');
  await page.getByRole('textbox', { name: 'Configuration in YAML' }).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(CHANGES.reduce((text, [from, to]) => text.replace(from, to), yaml));
  await page.getByRole('region', { name: 'Run' }).getByText('/ 10,000,000 steps').waitFor();
  // After the model: the default one would be compiled for nothing.
  await button(page, /^Engine:/).click();
  await page.getByRole('radio', { name: /^WebGPU / }).check();
  await page.keyboard.press('Escape');
  await button(page, /^Engine: WebGPU,/).waitFor();
  await page.locator('button:enabled', { hasText: /^Train$/ }).click();

  const cdp = await page.context().newCDPSession(page);
  const rounds: SoakRound[] = [];
  while (options.goOn(rounds.length)) {
    await trained(page, options.isTime);
    const uses = options.oneUse ? [USES[rounds.length % USES.length]] : USES;
    for (const use of uses) await use?.(page);
    await loseDevice(page);
    const notice = page.getByRole('note').filter({ hasText: 'The graphics device was lost' });
    await notice.waitFor();
    await notice.getByRole('button', { name: 'Close this notice' }).click();
    await trained(page, (steps) => steps > 0);
    const round = await look(page, cdp);
    rounds.push(round);
    options.log(
      `round ${rounds.length}: step ${round.step}, heap ${(round.heapBytes / 1e6).toFixed(1)} MB, ${round.domNodes} nodes, ${errors.length} errors`,
    );
  }
  await button(page, 'Pause').click();
  await button(page, 'Continue').waitFor();
  const steps = await stepsOf(page);
  const once = new Set(steps);
  const last = Math.max(-1, ...steps);
  return {
    rounds,
    stepsLost: last + 1 - once.size,
    stepsTwice: steps.length - once.size,
    errors,
  };
}
