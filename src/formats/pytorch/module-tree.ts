/**
 * The modules of the model as a tree by their names in the state dict, written as nested PyTorch containers. A run of
 * numbered modules that only pass their values on is an nn.Sequential, as in the reference; the rest is named groups.
 */
import type { GraphNode } from '../../graph/graph.ts';
import { pythonString } from './python.ts';

export interface Leaf {
  readonly node: GraphNode;
  readonly code: string;
}

class Branch {
  readonly children = new Map<string, Branch | Leaf>();
}

/** Child's name of the wrapper class `Layer`, which the reference puts around its input norms. */
const WRAPPED = 'layer';

const isBranch = (child: Branch | Leaf): child is Branch => child instanceof Branch;

/** The names 0, 1, 2, …. */
const isCounted = (names: readonly string[]) => names.every((name, index) => name === String(index));

export class ModuleTree {
  readonly #root = new Branch();
  readonly #paths = new Map<string, string>();
  /** Readers of every node's value; the heads' outputs are read too. */
  readonly #readers: ReadonlyMap<string, number>;

  constructor(readers: ReadonlyMap<string, number>) {
    this.#readers = readers;
  }

  /** @throws Error when a module would stand inside another that has no place for it. */
  add(path: string, leaf: Leaf): void {
    let branch = this.#root;
    const names = path.split('.');
    const last = names.pop() ?? '';
    for (const name of names) {
      const child = branch.children.get(name) ?? new Branch();
      if (!isBranch(child)) throw new Error(`module ${path} lies inside the module of ${child.node.id}`);
      branch.children.set(name, child);
      branch = child;
    }
    if (branch.children.has(last)) throw new Error(`module ${path} exists twice`);
    branch.children.set(last, leaf);
    this.#paths.set(leaf.node.id, path);
  }

  /** The nn.Sequential that a node's module is part of: its path, and its nodes in order; null for any other node. */
  sequence(id: string): { readonly path: string; readonly nodes: readonly GraphNode[] } | null {
    const path = this.#calledPath(id);
    if (path === null) return null;
    const parent = path.slice(0, Math.max(path.lastIndexOf('.'), 0));
    const branch = parent === '' ? null : this.#branchAt(parent);
    const nodes = branch && this.#chain(branch);
    return nodes ? { path: parent, nodes } : null;
  }

  /** The module that a node calls, as an expression on `self`. */
  access(id: string): string {
    return this.accessPath(this.#calledPath(id) ?? id);
  }

  /** A path as an expression on `self`. */
  accessPath(path: string): string {
    let branch = this.#root;
    let code = 'self';
    for (const name of path.split('.')) {
      const names = [...branch.children.keys()];
      if (branch === this.#root) code += `.${name}`;
      else code += isCounted(names) ? `[${name}]` : `[${pythonString(name)}]`;
      const child = branch.children.get(name);
      if (child && isBranch(child)) branch = child;
    }
    return code;
  }

  /** Lines of `__init__` that make all modules, and whether they need the classes Group and Layer, and OrderedDict. */
  render(): {
    readonly lines: readonly string[];
    readonly uses: ReadonlySet<'Group' | 'Layer' | 'OrderedDict'>;
  } {
    const uses = new Set<'Group' | 'Layer' | 'OrderedDict'>();
    const lines: string[] = [];
    for (const [name, child] of this.#root.children) {
      const repeated: string[] = [];
      const code = this.#code(child, name, uses, repeated);
      lines.push(...repeated, ...`self.${name} = ${code}`.split('\n'));
    }
    return { lines, uses };
  }

  #branchAt(path: string): Branch | null {
    let branch: Branch | Leaf | undefined = this.#root;
    for (const name of path.split('.'))
      branch = branch && isBranch(branch) ? branch.children.get(name) : undefined;
    return branch && isBranch(branch) ? branch : null;
  }

  /** Where the call goes: the wrapper of a wrapped module. */
  #calledPath(id: string): string | null {
    const path = this.#paths.get(id);
    if (path === undefined) return null;
    const parent = path.slice(0, Math.max(path.lastIndexOf('.'), 0));
    const branch = parent === '' ? null : this.#branchAt(parent);
    return branch && this.#wrapped(branch) ? parent : path;
  }

  #wrapped(branch: Branch): Leaf | null {
    const only = branch.children.size === 1 ? branch.children.get(WRAPPED) : undefined;
    return only && !isBranch(only) ? only : null;
  }

  /** The nodes of a branch whose numbered modules follow one another and are read by nothing else; else null. */
  #chain(branch: Branch): GraphNode[] | null {
    const names = [...branch.children.keys()].toSorted((a, b) => Number(a) - Number(b));
    if (names.length < 2 || !names.every((name) => /^\d+$/.test(name))) return null;
    const nodes: GraphNode[] = [];
    for (const name of names) {
      const child = branch.children.get(name);
      const leaf = child && (isBranch(child) ? this.#wrapped(child) : child);
      if (!leaf) return null;
      const before = nodes.at(-1);
      if (before && (leaf.node.inputs[0] !== before.id || this.#readers.get(before.id) !== 1)) return null;
      nodes.push(leaf.node);
    }
    return nodes;
  }

  #code(
    child: Branch | Leaf,
    name: string,
    uses: Set<'Group' | 'Layer' | 'OrderedDict'>,
    repeated: string[],
  ): string {
    if (!isBranch(child)) return child.code;
    const wrapped = this.#wrapped(child);
    if (wrapped) {
      uses.add('Layer');
      return `Layer(${wrapped.code})`;
    }
    const chain = this.#chain(child);
    const names = [...child.children.keys()];
    if (chain) names.sort((a, b) => Number(a) - Number(b));
    const parts = names.map((key) => {
      const inner = child.children.get(key);
      if (!inner) throw new Error('unreachable');
      return this.#code(inner, key, uses, repeated);
    });
    const shared = shareRepeated(parts, name, repeated);
    const block = (open: string, items: readonly string[], close: string) =>
      [open, ...items.map((item) => indented(`${item},`)), close].join('\n');
    if (chain && isCounted(names)) return block('nn.Sequential(', shared, ')');
    if (chain) {
      uses.add('OrderedDict');
      const items = shared.map((part, index) => `(${pythonString(names[index] ?? '')}, ${part})`);
      return `nn.Sequential(${block('OrderedDict([', items, '])')})`;
    }
    if (isCounted(names)) return `nn.ModuleList(${block('[', shared, ']')})`;
    uses.add('Group');
    const items = shared.map((part, index) => `${pythonString(names[index] ?? '')}: ${part}`);
    return `Group(${block('{', items, '}')})`;
  }
}

const indented = (text: string) =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

/** Code of several lines that stands twice becomes a function, defined in `repeated`. */
function shareRepeated(parts: readonly string[], name: string, repeated: string[]): string[] {
  const count = new Map<string, number>();
  for (const part of parts) count.set(part, (count.get(part) ?? 0) + 1);
  const names = new Map<string, string>();
  for (const [part, times] of count) {
    if (times < 2 || !part.includes('\n')) continue;
    const base = `make_${name.replace(/^_+/, '').replace(/\W/g, '_')}`;
    const taken = repeated.filter((line) => line.startsWith(`def ${base}`)).length;
    const called = taken === 0 ? base : `${base}_${taken + 1}`;
    names.set(part, `${called}()`);
    repeated.push('', `def ${called}():`, ...indented(`return ${part}`).split('\n'), '');
  }
  return parts.map((part) => names.get(part) ?? part);
}
