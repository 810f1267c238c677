/**
 * Where gradients of values go: each root has a gradient matrix of the same shape. The first contribution to a column
 * stores, later ones add, so nothing needs clearing; a contribution that covers columns of both sorts first clears the new.
 */
import type { Emitter } from './emitter.ts';
import { regionMatrix } from './emitter.ts';
import { zeroColumns } from '../kernels/copy.ts';
import type { Region, Root } from './placement.ts';
import type { PlanTensor } from './plan.ts';

export class ValueGradients {
  readonly #tensors = new Map<Root, PlanTensor>();
  /** Columns that hold a gradient, by root. */
  readonly #covered = new Map<Root, boolean[]>();

  constructor(private readonly emit: Emitter) {}

  tensor(root: Root): PlanTensor {
    const known = this.#tensors.get(root);
    if (known) return known;
    const tensor = this.emit.builder.tensor(`gradient ${root.id}`, this.emit.rows * root.ld);
    this.#tensors.set(root, tensor);
    return tensor;
  }

  /** Announces that the next dispatch writes these regions of one root; true when it must add to what is there. */
  contribute(regions: readonly Region[]): boolean {
    const [first] = regions;
    if (!first) return false;
    const covered = this.#covered.get(first.root) ?? [];
    this.#covered.set(first.root, covered);
    const columns = regions.flatMap(({ column, width }) =>
      Array.from({ length: width }, (_, at) => column + at),
    );
    const fresh = columns.filter((column) => !covered[column]);
    const accumulate = fresh.length < columns.length;
    if (accumulate) this.#clear(first.root, fresh);
    for (const column of columns) covered[column] = true;
    return accumulate;
  }

  /** Makes sure that every column of a region holds something, for values that nothing with a loss reads. */
  complete(region: Region): void {
    const covered = this.#covered.get(region.root) ?? [];
    this.#covered.set(region.root, covered);
    const columns = Array.from({ length: region.width }, (_, at) => region.column + at);
    const fresh = columns.filter((column) => !covered[column]);
    this.#clear(region.root, fresh);
    for (const column of fresh) covered[column] = true;
  }

  #clear(root: Root, columns: readonly number[]): void {
    let begin = 0;
    columns.forEach((column, at) => {
      if (columns[at + 1] === column + 1) return;
      const region = { root, column: columns[begin] ?? 0, width: at + 1 - begin };
      this.emit.builder.add(zeroColumns(this.emit.rows, region.width, regionMatrix(region)), {
        to: { tensor: this.tensor(root) },
      });
      begin = at + 1;
    });
  }
}
