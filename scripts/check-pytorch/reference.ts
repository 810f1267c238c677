/**
 * to_reference.py, run: with real torch, and stand-ins of the reference's modules, whose own environment nobody has here. The
 * model is the one that --format pytorch writes. The snapshot must hold the exported weights, bit for bit.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exported, FIXTURES, launched, refusal, report, run, terminal, work } from './tools.ts';

const STAND_INS = fileURLToPath(new URL('./stand-ins/reference/', import.meta.url));

/** Counts parameters and buffers of a snapshot that differ from weights.safetensors. */
const COMPARE = `
import sys
import torch
sys.path.insert(0, ".")
from weights import read_safetensors
state = torch.load("checkpoint/0/state.pt")
model = {name[len("model."):]: value for name, value in state["model"].items() if name.startswith("model.")}
weights = read_safetensors("weights.safetensors")[0]
differ = [name for name in {**model, **weights} if not (
    name in model and name in weights and torch.equal(model[name], weights[name].reshape(model[name].shape)))]
print(len(differ) if set(state) == {"model", "optimizer", "scaler"} and len(model) > 5 else 1000)
`;

export async function checkReference(): Promise<void> {
  if (refusal(['-c', 'import yaml']) !== 'no error') {
    console.log('left out: to_reference.py, whose stand-ins need PyYAML');
    return;
  }
  for (const name of ['parallel-share-all', 'serial-share-partial']) {
    const at = (file: string) => join(FIXTURES, name, file);
    const weights = at('final.safetensors');
    const model = await exported(at('config.yaml'), weights, `${name}-reference-model`);
    const folder = join(work, `${name}-reference`);
    const args = ['export', '--config', at('config.yaml'), '--weights', weights, '--format', 'reference'];
    report(
      `${name}: exit code of the export for the reference`,
      await terminal([...args, '--out', folder]),
      0,
    );
    mkdirSync(join(folder, 'checkpoint'));
    const how = {
      cwd: folder,
      env: { PYTHONPATH: STAND_INS, PYTHONDONTWRITEBYTECODE: '1', PYTORCH_FOLDER: model },
    };
    const script = [...launched(1), 'to_reference.py', '--config_path', 'config.yaml'];
    run(script, how);
    report(`${name}: tensors of the reference's snapshot that differ`, Number(run(['-c', COMPARE], how)), 0);
    const again = refusal(script, how).includes('checkpoint/0 is there already: remove it, or train.');
    report(`${name}: snapshots written over`, again ? 0 : 1, 0);
  }
}
