/** The command that the page gives away, run in the terminal: it makes the run that the page would. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { cli, temporaryFolder } from '../../cli/testing/run.ts';
import { parseManifest } from '../../src/runs/manifest.ts';
import { newManifest } from '../../src/runs/new-manifest.ts';
import type { RunManifest, RunRecipe } from '../../src/runs/manifest.ts';
import { recipeDifferences } from '../../src/runs/recipe.ts';
import type { Session } from './session.ts';
import { terminalCommand } from './terminal-command.ts';
import { storesOnly } from './testing.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

function manifestOf(session: Session): RunManifest {
  const { recipe } = session.draft.getState();
  if (!recipe) throw new Error('no recipe');
  return newManifest({ recipe, app: 'test' });
}

/** Does what the command says, one step of it, and gives the recipe that the terminal made. */
async function recipeOf(command: string): Promise<RunRecipe> {
  const line = /npm run cli -- (.*) --out \S+\n$/.exec(command)?.[1] ?? '';
  const out = folder.path('run');
  const { code, stderr } = await cli([...line.split(' '), '--steps', '1', '--out', out]);
  expect(stderr.replace(/^.*(?:Note|Warning).*\n/gm, ''), command).not.toMatch(/error/i);
  expect(code).toBe(0);
  return parseManifest(readFileSync(`${out}/manifest.json`, 'utf8')).recipe;
}

describe('a command for the terminal', () => {
  const made = (session: Session): string =>
    terminalCommand(manifestOf(session), session.config.getState().presets);

  it('says by options what a preset on drawn examples is made from', async () => {
    const session = storesOnly();
    session.settings.getState().set({ seed: 5, engine: 'tfjs-wasm' });
    session.data.getState().choose({ kind: 'uniform', seed: 5, examples: 1000, rawLabels: true });
    const command = made(session);
    expect(command).toMatch(
      /^npm run cli -- train --config configs\/playground\.yaml --mode uniform --labels raw --examples 1000 --seed 5 --engine wasm --out runs\/\S+\n$/,
    );
    const { steps, ...recipe } = await recipeOf(command);
    expect(steps).toBe(1);
    expect(recipeDifferences(manifestOf(session).recipe, { ...recipe, steps: null })).toEqual([]);
  });

  it("names a teacher's preset", () => {
    expect(made(storesOnly())).toContain('--mode teacher --teacher easy --seed 1 --engine auto --out');
  });

  it('brings the manifest where options do not say as much', () => {
    const session = storesOnly();
    const { text, setText } = session.config.getState();
    setText(text.replace('global_batch_size: 128', 'global_batch_size: 8'));
    session.settings.getState().set({ seed: 5, engine: 'tfjs-cpu' });
    session.data.getState().setTeacherValue(['effect_size'], 3);
    const command = made(session);
    expect(command).toMatch(/^cat > manifest\.json <<'EOF'\n/);
    const [, held] = /^cat > manifest\.json <<'EOF'\n([\s\S]*)EOF\n/.exec(command) ?? [];
    const { recipe } = parseManifest(held ?? '');
    expect(recipeDifferences(manifestOf(session).recipe, recipe)).toEqual([]);
  });

  it('leaves the place of files to be filled in', () => {
    const session = storesOnly();
    session.data.getState().setFiles([new File(['x'], "it's.tfrecord")]);
    expect(made(session)).toContain(String.raw`--manifest manifest.json --data 'it'\''s.tfrecord' --out`);
  });
});
