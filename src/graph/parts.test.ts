/** The model's parts, their places in the drawing, their formulas and what they cost. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { cardSpeeds, partCosts } from '../runs/cost-table.ts';
import { buildGraph } from './build.ts';
import { graphCost } from './cost.ts';
import { nodeFormula } from './formulas.ts';
import type { ModelGraph } from './graph.ts';
import { layoutParts, modelParts } from './parts.ts';

const WIDTHS = {
  continuous: 2117,
  binary: 59,
  discrete: 320,
  userEmbedding: 200,
  userEngEmbedding: 200,
  authorEmbedding: 200,
};

async function graphOf(file: string): Promise<ModelGraph> {
  const text = await readFile(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
  const { config } = parseRecapConfig(text);
  if (!config) throw new Error(`${file} has errors`);
  return buildGraph(config.model, WIDTHS);
}

describe.each(['local_prod.yaml', 'playground.yaml', 'serial.yaml', 'share-none.yaml'])(
  '%s',
  async (file) => {
    const graph = await graphOf(file);
    const parts = modelParts(graph, 128);

    it('is the sum of its parts', () => {
      const cost = graphCost(graph, 128);
      const sum = (of: 'parameters' | 'stepFlops' | 'activationBytes') =>
        parts.reduce((total, part) => total + part[of], 0);
      expect(sum('parameters')).toBe(cost.parameters);
      expect(sum('stepFlops')).toBe(cost.forwardFlops + cost.backwardFlops);
      expect(sum('activationBytes')).toBe(cost.activationBytes);
      expect(parts.flatMap(({ nodes }) => nodes)).toHaveLength(graph.nodes.length);
      expect(partCosts(parts).reduce((total, { share }) => total + share, 0)).toBeCloseTo(1, 10);
    });

    it('has a tower for each head, which ends in one column', () => {
      const towers = parts.filter(({ kind }) => kind === 'tower');
      expect(towers.map(({ name }) => name)).toEqual(graph.outputs.map(({ task }) => task));
      expect(towers.every(({ widthOut }) => widthOut === 1)).toBe(true);
    });

    it('is drawn from left to right, nothing over anything else or beyond the edge', () => {
      const { width, height, parts: placed, edges } = layoutParts(parts);
      expect(placed.map(({ part }) => part.id).toSorted()).toEqual(parts.map(({ id }) => id).toSorted());
      for (const a of placed) {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).toBe(true);
        for (const b of placed) {
          if (a === b) continue;
          const apart =
            a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
          expect(apart, `${a.part.id} and ${b.part.id}`).toBe(true);
        }
      }
      const places = new Map(placed.map((place) => [place.part.id, place]));
      for (const { from, to } of edges)
        expect((places.get(from)?.x ?? NaN) < (places.get(to)?.x ?? NaN), `${from} → ${to}`).toBe(true);
      const inputs = parts.flatMap(({ id, inputs: read }) => read.map((other) => `${other} ${id}`));
      expect(edges).toHaveLength(inputs.length);
    });

    it('has a formula with shapes for each layer', () => {
      const widths = new Map(graph.nodes.map(({ id, width }) => [id, width]));
      for (const node of graph.nodes) {
        const { formula, shapes } = nodeFormula(
          node,
          node.inputs.map((id) => widths.get(id) ?? 0),
          128,
        );
        expect(formula).not.toMatch(/undefined|NaN/);
        expect(shapes).toContain(node.kind === 'loss' ? '[1]' : `[128, ${node.width}]`);
      }
    });
  },
);

describe("production's parts", async () => {
  const graph = await graphOf('local_prod.yaml');
  const parts = modelParts(graph, 128);

  it('have the sizes that the reference has', () => {
    const blocks = parts.filter(({ kind }) => kind === 'mask_block');
    expect(blocks.map(({ parameters }) => parameters)).toEqual(Array(4).fill(8_534_744));
    expect(blocks[0]).toMatchObject({ widthIn: 2776, widthOut: 1024, name: '0' });
    expect(parts.find(({ id }) => id === 'backbone/mlp')?.parameters).toBe(8_390_656);
    const gemm = graph.nodes.find((node) => node.kind === 'linear');
    if (!gemm) throw new Error('no linear');
    expect(nodeFormula(gemm, [2776], 128)).toEqual({
      formula: 'y = x·Wᵀ + b',
      shapes: `[128, 2776] · [2776, ${gemm.width}] + [${gemm.width}] → [128, ${gemm.width}]`,
    });
  });

  it('run as fast on known cards as their rates allow', () => {
    const speeds = cardSpeeds(graph, 128);
    // Half of these is what programs reach; the known floor of 34.0 GFLOP and 28 bytes a parameter gives 51, 509 to 563, 984.
    const limits = speeds.map(({ limit }) => limit);
    [51, 563, 984].forEach((known, i) => expect((limits[i] ?? NaN) / known).toBeCloseTo(0.97, 1));
    for (const { limit, expected } of speeds) expect(expected).toBeLessThan(limit);
    expect((speeds[0]?.expected ?? NaN) / 33).toBeCloseTo(0.97, 1);
  });
});
