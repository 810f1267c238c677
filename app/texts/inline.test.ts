/** No text of the page stands anywhere but in app/texts: what a person reads could not be translated. */
import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { parseSync } from 'vite';
import { expect, it } from 'vitest';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Attributes that a person reads or hears. */
const SHOWN =
  /^(?:title|label|placeholder|alt|hint|about|text|note|name|summary|empty|nothing|suggestion|since|aria-(?:label|valuetext|description|roledescription))$/;
/** Properties that end up before a person. */
const SAID = /^(?:title|label|text|about|hint|message|words|advice|watch|reason|note|name)$/;
/** Formats, keys, names of icons and of fields: the same in every language. */
// prettier-ignore
const TECHNICAL = new Set([
  'CSV', 'SVG', 'PNG', 'JSON Lines', 'ROC', 'AUROC', 'RCE', 'NRCE', 'CTR', 'pCTR',
  'validation_data', 'checkpoint_max_to_keep',
]);
const ICON_OWNERS = new Set(['Icon', 'input']);

const WORD = /\p{L}{2,}/u;
const SENTENCE = /\p{L}{2,}[,.:;’']? \p{L}/u;

function children(node: Node): Node[] {
  return Object.values(node).flatMap((value) =>
    (Array.isArray(value) ? value : [value]).filter(
      (child): child is Node =>
        typeof child === 'object' && child !== null && typeof (child as Node).type === 'string',
    ),
  );
}

const nameOf = (node: unknown): string => {
  const { name, value } = (node ?? {}) as { name?: unknown; value?: unknown };
  if (typeof name === 'object') return nameOf(name);
  return typeof name === 'string' ? name : typeof value === 'string' ? value : '';
};

/** Texts of a value: of both sides of a choice, and of templates what stands between their values. */
function textsIn(node: Node): { readonly at: number; readonly text: string }[] {
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' ? [{ at: node.start, text: node['value'] }] : [];
    case 'TemplateLiteral':
      return (node['quasis'] as { start: number; value: { cooked: string } }[]).map(({ start, value }) => ({
        at: start,
        text: value.cooked,
      }));
    case 'ConditionalExpression':
      return [node['consequent'], node['alternate']].flatMap((side) => textsIn(side as Node));
    case 'LogicalExpression':
      return [node['left'], node['right']].flatMap((side) => textsIn(side as Node));
    case 'JSXExpressionContainer':
      return textsIn(node['expression'] as Node);
    default:
      return [];
  }
}

/** Places of a file that say something in words of their own. */
function wordsOf(file: string, source: string): string[] {
  const { program, errors } = parseSync(file, source);
  expect(errors, file).toEqual([]);
  const found: { readonly at: number; readonly text: string }[] = [];
  const say = (at: number, text: string): void => {
    if (!TECHNICAL.has(text.trim())) found.push({ at, text: text.trim().replaceAll(/\s+/g, ' ') });
  };
  const visit = (node: Node, owner: string): void => {
    if (node.type === 'JSXText' && WORD.test(node['value'] as string))
      say(node.start, node['value'] as string);
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of node['children'] as Node[]) {
        if (child.type !== 'JSXExpressionContainer') continue;
        for (const { at, text } of textsIn(child)) if (WORD.test(text)) say(at, text);
      }
    }
    const name = node.type === 'JSXOpeningElement' ? nameOf(node) : owner;
    if (node.type === 'JSXAttribute' && SHOWN.test(nameOf(node)) && node['value']) {
      const isIcon = nameOf(node) === 'name' && ICON_OWNERS.has(name);
      for (const { at, text } of textsIn(node['value'] as Node))
        if (!isIcon && WORD.test(text)) say(at, text);
    }
    if (node.type === 'Property' && SAID.test(nameOf(node['key']))) {
      for (const { at, text } of textsIn(node['value'] as Node)) if (SENTENCE.test(text)) say(at, text);
    }
    if (node.type === 'NewExpression' && nameOf(node['callee']).endsWith('Error')) {
      for (const argument of node['arguments'] as Node[]) {
        for (const { at, text } of textsIn(argument)) if (SENTENCE.test(text)) say(at, text);
      }
    }
    for (const child of children(node)) visit(child, name);
  };
  visit(program as unknown as Node, '');
  return found
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, text }) => `${file}:${source.slice(0, at).split('\n').length} ${text}`);
}

it('finds words in elements, attributes, choices and errors', () => {
  const source = `
    const view = <p title="A hint">Some words {late ? 'too late' : \`in \${n} steps\`}<Icon name="check" /></p>;
    const said = { title: 'That did not work.', id: 'no words here' };
    throw new RangeError('It is too large.');
  `;
  expect(wordsOf('view.tsx', source)).toEqual([
    'view.tsx:2 A hint',
    'view.tsx:2 Some words',
    'view.tsx:2 too late',
    'view.tsx:2 in',
    'view.tsx:2 steps',
    'view.tsx:3 That did not work.',
    'view.tsx:4 It is too large.',
  ]);
});

it('finds none in the page', () => {
  const files = globSync([
    'app/**/*.{ts,tsx}',
    '!app/texts/**',
    '!**/*.test.*',
    // Said to who programs, not to who uses the page.
    '!app/**/testing{,-workers}.ts',
    '!app/**/context.{ts,tsx}',
    '!app/actions/keys.ts',
    '!app/offline/service-worker.ts',
  ]);
  expect(files.length).toBeGreaterThan(200);
  expect(files.flatMap((file) => wordsOf(file, readFileSync(file, 'utf8')))).toEqual([]);
});
