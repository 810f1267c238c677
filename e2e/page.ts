/** The page as a person sees it: by roles and labels only. */
import { readFile } from 'node:fs/promises';
import { expect, type Download, type Locator, type Page } from '@playwright/test';

/** A line of metrics.jsonl. */
export interface StepLine {
  readonly step: number;
  readonly loss: number;
  readonly task_losses: Readonly<Record<string, number>>;
}

/** As somebody left the page who chose an engine on an earlier visit, and perhaps wrote a configuration. */
async function leave(page: Page, engine: 'tfjs-wasm' | 'webgpu', yaml?: string): Promise<void> {
  const parts = {
    settings: { engine },
    ...(yaml === undefined ? {} : { config: { name: 'playground.yaml', text: yaml } }),
  };
  await page.addInitScript((kept) => {
    for (const [part, value] of Object.entries(kept)) {
      const key = `heavy-ranker-playground/1/${part}`;
      if (localStorage.getItem(key) === null) localStorage.setItem(key, JSON.stringify(value));
    }
  }, parts);
}

export class PlaygroundPage {
  /** Uncaught exceptions and rejections of the page and of its workers, what they log as errors, crashes. */
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('crash', () => this.errors.push('the page crashed'));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(`${message.text()} (${message.location().url})`);
    });
  }

  get status(): Locator {
    return this.page.getByRole('status', { name: 'Training status' });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Opens the page and waits until a run is ready to train. */
  async open(): Promise<void> {
    await this.page.goto('/');
    await this.ready();
  }

  /**
   * Before it is opened: the page of somebody who chose wasm on an earlier visit, for what no engine matters to. A browser
   * that imitates a graphics card takes seconds to compile for it.
   */
  async chooseWasm(yaml?: string): Promise<void> {
    await leave(this.page, 'tfjs-wasm', yaml);
  }

  /** @param yaml the configuration that stands in the editor: no run is then made of the default's first. */
  async openOnWasm(yaml?: string): Promise<void> {
    await this.chooseWasm(yaml);
    await this.open();
    await expect(this.button(/^Engine: tfjs on WebAssembly,/)).toBeVisible();
  }

  /** Opens it as somebody who chose our engine on an earlier visit: by itself it is taken on graphics cards. */
  async openOnWebgpu(yaml?: string): Promise<void> {
    await leave(this.page, 'webgpu', yaml);
    await this.open();
    await expect(this.button(/^Engine: WebGPU,/)).toBeVisible();
  }

  async ready(): Promise<void> {
    await expect(this.button('Train')).toBeEnabled();
  }

  /** A new run of what has finished after so many steps. Looked at in each frame from before the click on, for a run may be short. */
  async restart(steps: number, press = () => this.button('Restart').click()): Promise<void> {
    const isNew = (last: string) => document.querySelector('[data-testid="step"]')?.textContent !== last;
    const begun = this.page.waitForFunction(isNew, String(steps), { timeout: 120_000 });
    await press();
    await begun;
  }

  async editYaml(text: string): Promise<void> {
    await this.paste(this.page.getByRole('textbox', { name: 'Configuration in YAML' }), text);
  }

  /** Puts a text in place of an editor's. Typed by the browser line by line, 200 lines take two seconds of the page's thread. */
  async paste(editor: Locator, text: string): Promise<void> {
    await editor.focus();
    await this.page.keyboard.press('ControlOrMeta+a');
    if (!text.includes('\n')) return this.page.keyboard.insertText(text);
    await editor.evaluate((element, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  async chooseFile(button: string, file: string): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.button(button).click();
    await (await chooser).setFiles(file);
  }

  async download(button: string): Promise<Buffer> {
    const event = this.page.waitForEvent('download');
    await this.button(button).click();
    const download: Download = await event;
    return readFile(await download.path());
  }

  /** Every step that the run has reported, from the file that a person can take away. */
  async metrics(): Promise<StepLine[]> {
    const text = (await this.download('Download metrics as JSON Lines')).toString();
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as StepLine);
  }

  /**
   * Texts of a list's items from top to bottom as they are seen: their elements may still stand in another order. What is
   * out of sight has its text too, which innerText leaves out.
   */
  seen(items: Locator): Promise<string[]> {
    return items.evaluateAll((all) => {
      const top = (item: Element): number => (item as HTMLElement).offsetTop;
      const inOrder = all.toSorted((a, b) => top(a) - top(b));
      return inOrder.map((item) => item.textContent);
    });
  }

  /** Rows of a table as texts, its column titles left out: one call, for each looks through the whole page. */
  rows(table: Locator): Promise<string[][]> {
    return table
      .getByRole('row')
      .evaluateAll((rows) =>
        rows.map((row) =>
          [...row.children]
            .filter((cell) => cell.matches('td, th[scope=row]') && cell.checkVisibility())
            .map((cell) => (cell as HTMLElement).innerText.trim()),
        ),
      );
  }
}
