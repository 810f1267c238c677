/** Two run folders that must hold the same: what in them differs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors } from '../../src/formats/safetensors.ts';

const lines = (folder: string, name: string): string[] =>
  readFileSync(join(folder, name), 'utf8')
    .replaceAll(/,"elapsed_ms":[\d.]+/g, '')
    .split('\n');

function firstDifference(a: readonly string[], b: readonly string[]): string[] {
  const at = a.findIndex((line, i) => line !== b[i]);
  if (at < 0 && a.length === b.length) return [];
  return [`line ${at < 0 ? a.length : at + 1} of ${a.length} and ${b.length}`];
}

/** Evaluations at steps that only one run has, as one that was extended ends twice, are not compared. */
function evaluationsOf(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of lines(folder, 'evaluations.jsonl').filter((text) => text !== '')) {
    const { step, partition, stratum } = JSON.parse(line) as {
      step: number;
      partition: string;
      stratum: string | null;
    };
    const key = `${step} ${partition} ${stratum ?? ''}`;
    if (found.has(key)) found.set(key, 'twice');
    else found.set(key, line);
  }
  return found;
}

/** One line for each file that differs: losses step by step, evaluations, weights byte for byte, what checkpoints hold. */
export function runDifferences(folder: string, wanted: string): string[] {
  const found: string[] = [];
  const metrics = firstDifference(lines(folder, 'metrics.jsonl'), lines(wanted, 'metrics.jsonl'));
  found.push(...metrics.map((where) => `metrics.jsonl: ${where}`));
  const [evaluations, wantedEvaluations] = [evaluationsOf(folder), evaluationsOf(wanted)];
  for (const [key, line] of wantedEvaluations) {
    if (evaluations.get(key) !== line) {
      found.push(`evaluations.jsonl: ${key}`);
      break;
    }
  }
  const bytes = (at: string) => readFileSync(join(at, 'model.safetensors'));
  if (!bytes(folder).equals(bytes(wanted))) found.push('model.safetensors');
  const parts = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => /\.part|run\.lock/.test(name));
  found.push(...parts.map((name) => `${name}: left behind`));
  for (const name of readdirSync(join(wanted, 'checkpoints'))) {
    const tensors = (at: string) => {
      const { tensors: all, metadata } = readSafetensors(
        new Uint8Array(readFileSync(join(at, 'checkpoints', name))),
      );
      const { elapsed_ms: _time, ...counted } = metadata;
      return JSON.stringify([[...all].map(([key, { data }]) => [key, [...data].map(String)]), counted]);
    };
    if (tensors(folder) !== tensors(wanted)) found.push(`checkpoints/${name}`);
  }
  return found;
}
