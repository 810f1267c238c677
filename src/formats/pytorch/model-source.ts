/** model.py: the model graph as one nn.Module whose state dict has the reference's names. */
import type { ModelGraph, ParameterSpec } from '../../graph/graph.ts';
import { ModuleTree } from './module-tree.ts';
import { ownClasses } from './own-classes.ts';
import { pythonLiteral, pythonString } from './python.ts';
import { translateNode } from './translate.ts';
import type { OwnClass, Translated } from './translate.ts';

const TABLES = `            elif isinstance(module, nn.Embedding):
                limit = module.num_embeddings ** -0.5
                nn.init.uniform_(module.weight, -limit, limit)
`;

/** Where the reference keeps what is trained at a task's own rate. */
const TASK_MODULES = ['_towers', '_affine_maps'];

/** @throws Error when the graph has what no PyTorch module is known for. */
export function modelSource(graph: ModelGraph): string {
  const widths = new Map(graph.nodes.map(({ id, width }) => [id, width]));
  const specs = new Map(graph.parameters.map((spec) => [spec.name, spec]));
  const translated = new Map<string, Translated>();
  const own = new Set<OwnClass>();
  const tree = new ModuleTree(countReaders(graph));
  const probabilities = new Set(graph.outputs.map(({ probability }) => probability));
  for (const node of graph.nodes) {
    // Written for all heads at once, at the end.
    if (probabilities.has(node.id)) continue;
    const part = translateNode(node, {
      inputWidth: widths.get(node.inputs[0] ?? '') ?? 0,
      initial: (name) => constantOf(specs.get(name)),
    });
    translated.set(node.id, part);
    if (part.kind !== 'module') continue;
    if (part.own) own.add(part.own);
    tree.add(part.path, { node, code: part.code });
  }
  const { lines, uses } = tree.render();
  const { args, body } = forward(graph, translated, tree);
  return `${header(graph, uses.has('OrderedDict'))}
${ownClasses(own, uses)}class HeavyRanker(nn.Module):
    """${[...args].join(', ')}: float32 [batch, columns] each, columns after truncation."""

    def __init__(self):
        super().__init__()
${at(8, lines)}
        self.initialize()

    def initialize(self):
        """Xavier-uniform weights and zero biases; norms and affine maps start as they were made."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
${own.has('SmallEmbedding') || own.has('PositionEmbedding') ? TABLES : ''}
    def forward(self, ${args.join(', ')}):
${at(8, body)}
`;
}

const at = (indent: number, lines: readonly string[]) =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n');

function constantOf(spec: ParameterSpec | undefined): number {
  if (spec?.init.kind !== 'constant') throw new Error(`${spec?.name ?? 'a parameter'} starts as no constant`);
  return spec.init.value;
}

/** How many nodes read each value; an output is read once more. */
function countReaders(graph: ModelGraph): Map<string, number> {
  const readers = new Map<string, number>();
  const read = (id: string) => readers.set(id, (readers.get(id) ?? 0) + 1);
  const heads = new Set(graph.outputs.flatMap(({ probability, loss }) => [probability, loss]));
  for (const { inputs, id } of graph.nodes) if (!heads.has(id)) inputs.forEach(read);
  for (const { logit } of graph.outputs) read(logit);
  return readers;
}

function header(graph: ModelGraph, ordered: boolean): string {
  const tasks = graph.outputs.map(({ task }) => task);
  const posWeights = tasks.map((task) => {
    const loss = graph.nodes.find((node) => node.kind === 'loss' && node.task === task);
    return loss?.kind === 'loss' ? loss.posWeight : 1;
  });
  return `"""The heavy ranker, made from its model graph. Needs nothing but torch.

    from model import HeavyRanker
    model = HeavyRanker().eval()
    outputs = model(continuous=..., binary=..., ...)   # logits, probabilities, calibrated_probabilities
"""
${ordered ? 'from collections import OrderedDict\n\n' : ''}import torch
from torch import nn

# Columns of the outputs and of the labels, in this order.
TASKS = ${pythonLiteral(tasks, 0, 8)}
# Weight of a positive label in the loss, by task.
POS_WEIGHTS = ${pythonLiteral(posWeights, 0, 14)}
# Everything that is no tower is trained at the backbone's learning rate.
BACKBONE = ${pythonString(graph.groups[0] ?? 'backbone')}
${groups(graph)}
`;
}

/** `group_of`, by the rule that towers' modules follow, and by name for what does not. */
function groups(graph: ModelGraph): string {
  const backbone = graph.groups[0];
  const tasks: Record<string, string> = {};
  const others: Record<string, string> = {};
  for (const { name, group, trainable } of graph.parameters) {
    const [first = '', module = ''] = name.split('.');
    if (TASK_MODULES.includes(first) && group !== backbone) tasks[module] ??= group;
    const rule = TASK_MODULES.includes(first) ? tasks[module] : backbone;
    if (trainable && rule !== group) others[name] = group;
  }
  const exceptions = Object.keys(others).length > 0;
  return `TASK_OF_MODULE = ${pythonLiteral(tasks, 0, 17)}
${exceptions ? `GROUP_OF_PARAMETER = ${pythonLiteral(others, 0, 21)}\n` : ''}

def group_of(parameter):
    """The learning-rate group of a parameter: a task, or the backbone."""
${exceptions ? '    if parameter in GROUP_OF_PARAMETER:\n        return GROUP_OF_PARAMETER[parameter]\n' : ''}    part, module = parameter.split(".")[:2]
    return TASK_OF_MODULE[module] if part in ${pythonLiteral(TASK_MODULES)} else BACKBONE

`;
}

interface Forward {
  readonly args: readonly string[];
  readonly body: readonly string[];
}

function forward(graph: ModelGraph, translated: ReadonlyMap<string, Translated>, tree: ModuleTree): Forward {
  const args: string[] = [];
  const body: string[] = [];
  const names = new VariableNames();
  const values = new Map<string, string>();
  const valueOf = (id: string): string => {
    const value = values.get(id);
    if (value === undefined) throw new Error(`node ${id} has no value in model.py`);
    return value;
  };
  const heads = new Set(graph.outputs.flatMap(({ probability, calibrated }) => [probability, calibrated]));
  let scope = '';
  const assign = (id: string, name: string, code: string, where: string) => {
    if (where !== scope) body.push(...(body.length > 0 ? [''] : []), `# ${where}`);
    scope = where;
    const variable = names.of(name);
    values.set(id, variable);
    body.push(...wrapped(variable, code));
  };
  for (const node of graph.nodes) {
    const part = translated.get(node.id);
    if (!part || heads.has(node.id)) continue;
    const where = node.scope.join(', ');
    switch (part.kind) {
      case 'argument':
        names.reserve(part.name);
        args.push(part.name);
        values.set(node.id, part.name);
        break;
      case 'expression':
        assign(node.id, node.id, part.code(node.inputs.map(valueOf)), where);
        break;
      case 'module': {
        const sequence = tree.sequence(node.id);
        if (!sequence) {
          assign(node.id, node.id, `${tree.access(node.id)}(${node.inputs.map(valueOf).join(', ')})`, where);
        } else if (node.id === sequence.nodes.at(-1)?.id) {
          const input = valueOf(sequence.nodes[0]?.inputs[0] ?? '');
          assign(node.id, sequence.path, `${tree.accessPath(sequence.path)}(${input})`, where);
        }
        break;
      }
      case 'elsewhere':
        break;
    }
  }
  body.push('', '# Heads', ...headLines(graph, valueOf, tree));
  return { args, body };
}

/** An assignment; a concatenation that is too long has one line a part. */
function wrapped(variable: string, code: string): string[] {
  const line = `${variable} = ${code}`;
  const parts = line.length > 92 ? /^torch\.cat\(\[(.*)\], dim=1\)$/.exec(code)?.[1] : undefined;
  if (parts === undefined) return [line];
  return [`${variable} = torch.cat([`, ...parts.split(', ').map((part) => `    ${part},`), '], dim=1)'];
}

/** Logits, probabilities and calibrated probabilities of all tasks at once. */
function headLines(graph: ModelGraph, valueOf: (id: string) => string, tree: ModuleTree): string[] {
  const list = (items: readonly string[]) => items.map((item) => `    ${item},`);
  return [
    'logits = torch.cat([',
    ...list(graph.outputs.map(({ logit }) => valueOf(logit))),
    '], dim=1)',
    'if logits.dtype != torch.float64:',
    '    logits = logits.float()  # under autocast they come in half precision',
    'probabilities = torch.sigmoid(logits)',
    '# Undoes the downsampling of the data: r * p / (1 - p + r * p).',
    'ratio = torch.cat([',
    ...list(graph.outputs.map(({ calibrated }) => `${tree.access(calibrated)}.ratio`)),
    '])',
    'calibrated = ratio * probabilities / (1 - probabilities + ratio * probabilities)',
    'return {',
    '    "logits": logits,',
    '    "probabilities": probabilities,',
    '    "calibrated_probabilities": calibrated,',
    '}',
  ];
}

/** Python names for values: the last word of a node's id and its numbers; the whole id where that is taken. */
class VariableNames {
  readonly #taken = new Set(['self', 'torch', 'nn', 'logits', 'probabilities', 'ratio', 'calibrated']);

  reserve(name: string): void {
    this.#taken.add(name);
  }

  of(id: string): string {
    const parts = id.split('.').map((part) => part.replace(/^_+/, ''));
    const words = parts.filter((part) => !/^\d*$/.test(part) && part !== 'layers');
    // A task's module is called a__b__is_favorited.
    const last = words.at(-1)?.split('__').at(-1) ?? '';
    const short = identifier([last, ...parts.filter((part) => /^\d+$/.test(part))]);
    const long = identifier(parts);
    let name = this.#taken.has(short) ? long : short;
    for (let count = 2; this.#taken.has(name); count++) name = `${long}_${count}`;
    this.#taken.add(name);
    return name;
  }
}

function identifier(parts: readonly string[]): string {
  const name = parts
    .flatMap((part) => part.split(/[^A-Za-z0-9]+/))
    .filter((word) => word !== '')
    .join('_');
  return /^[A-Za-z]/.test(name) && !KEYWORDS.has(name) ? name : `x_${name}`;
}

const KEYWORDS = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);
