import { describe, expect, it } from 'vitest';
import { FIXTURES, loadFixture } from './testing/fixture.ts';
import { readFixtureFile } from './testing/node.ts';

describe.each(FIXTURES)('graph of %s', (name) => {
  it("declares exactly the reference's state dict, in order", async () => {
    const { graph, initial, gradients } = await loadFixture(name, readFixtureFile);
    expect(graph.parameters.map((each) => [each.name, each.dtype, each.shape])).toEqual(
      [...initial].map(([key, tensor]) => [key, tensor.dtype, tensor.shape]),
    );
    expect(graph.parameters.filter(({ trainable }) => trainable).map((each) => each.name)).toEqual([
      ...gradients.keys(),
    ]);
    for (const spec of graph.parameters) {
      if (!spec.name.endsWith('.ratio') || spec.init.kind !== 'constant') continue;
      expect(Math.fround(spec.init.value)).toBe(initial.get(spec.name)?.data[0]);
    }
  });
});
