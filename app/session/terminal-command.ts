/** What is shown as a command for a terminal: the same run from the program's own folder. */
import { teacherPresets } from '../../src/data/synthesis/presets.ts';
import { manifestText } from '../../src/runs/new-manifest.ts';
import type { RunData, RunManifest } from '../../src/runs/manifest.ts';
import type { ConfigPreset } from '../stores/config.ts';

const ENGINES = {
  auto: 'auto',
  webgpu: 'webgpu',
  'tfjs-webgpu': 'auto',
  'tfjs-wasm': 'wasm',
  'tfjs-cpu': 'cpu',
};

/**
 * A line of `train` where its options say everything, else the manifest as a file and a line that begins it.
 * @param manifest of a run that begins with what is shown.
 */
export function terminalCommand(manifest: RunManifest, presets: readonly ConfigPreset[]): string {
  const { recipe } = manifest;
  const { config, steps, data, seeds, engine, masks, warmStart, changes } = recipe;
  const preset = presets.find(({ text }) => text === config);
  const drawn = drawOptions(data);
  const plain =
    masks.length === 0 &&
    !warmStart &&
    !changes &&
    seeds.weights === seeds.data &&
    engine.precision === 'float32';
  const out = `--out runs/${manifest.id}`;
  if (!preset || !drawn || !plain || engine.choice === 'tfjs-webgpu') {
    const files = data.kind === 'files' ? data.files : data.kind === 'table' ? [data.file] : [];
    const given = files.map(({ name }) => ` --data ${quoted(name)}`).join('');
    return `cat > manifest.json <<'EOF'\n${manifestText(manifest)}EOF\nnpm run cli -- train --manifest manifest.json${given} ${out}\n`;
  }
  const options = [
    `--config configs/${preset.file}`,
    ...drawn,
    `--seed ${seeds.weights}`,
    `--engine ${ENGINES[engine.choice]}`,
    ...(engine.noisyShifts ? ['--noisy-shifts'] : []),
    ...(steps === null ? [] : [`--steps ${steps}`]),
    out,
  ];
  return `npm run cli -- train ${options.join(' ')}\n`;
}

/** Null where the options of a terminal don't say as much. */
function drawOptions(data: RunData): string[] | null {
  if (data.kind === 'files' || data.kind === 'table') return null;
  const examples = data.examples === null ? [] : [`--examples ${data.examples}`];
  if (data.kind === 'uniform') return ['--mode uniform', `--labels ${data.labels}`, ...examples];
  const preset = teacherPresets.find(({ id }) => id === data.preset);
  const same = preset && JSON.stringify(preset.config) === JSON.stringify(data.settings);
  return same ? [`--mode teacher --teacher ${preset.id}`, ...examples] : null;
}

function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
