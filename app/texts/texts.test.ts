/** Every text of the page stands here, under a name of its own, and goes through the language that is spoken. */
import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { afterEach, describe, expect, it } from 'vitest';
import { english, language, speak, texts } from './language.ts';
import { otherLanguage } from './languages.ts';
import { pluralIn } from './plural.ts';
import pseudo, { pseudoText } from './pseudo.ts';
import { splitPhrase } from '../parts/Phrase.tsx';

const MACHINERY = ['language', 'languages', 'plural', 'contract', 'pseudo'];
const files = globSync('app/texts/*.ts')
  .map((path) => path.replace(/^.*\/(.*)\.ts$/, '$1'))
  .filter((name) => !MACHINERY.includes(name) && !name.endsWith('.test'));

afterEach(() => speak(english));

/** Every text under a value, with what it is called; sentences are made with a value for each of theirs. */
function leaves(value: unknown, name: string): [string, string][] {
  if (typeof value === 'string') return [[name, value]];
  // Reads as the number 2, as a text and as a list of one: whatever a sentence takes.
  const two = ['2'];
  if (typeof value === 'function') return leaves(Reflect.apply(value, null, [two, two, two, two, two]), name);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, own]) => leaves(own, `${name}.${key}`));
}

describe('the texts', () => {
  it('each stand under their own name, which the contract has', () => {
    const contract = readFileSync('app/texts/contract.ts', 'utf8');
    const known: string[] = [];
    for (const file of files) {
      const source = readFileSync(`app/texts/${file}.ts`, 'utf8');
      const made = [...source.matchAll(/^export const (\w+) = texts\(\s*'(\w+)'/gm)];
      expect(made.length, file).toBeGreaterThan(0);
      expect(source.split('\n').length, file).toBeLessThan(400);
      for (const [, constant, name = ''] of made) {
        known.push(name);
        expect(contract).toContain(`readonly ${name}: typeof ${constant};`);
      }
    }
    expect(new Set(known).size).toBe(known.length);
  });

  it('all go through the language that is spoken, also what was loaded before', async () => {
    const modules = await Promise.all(
      files.map((file) => import(`../texts/${file}.ts`) as Promise<Record<string, unknown>>),
    );
    const all = () =>
      modules.flatMap((module, i) =>
        Object.entries(module).flatMap(([name, value]) => leaves(value, `${files[i]} ${name}`)),
      );
    const plain = all();
    speak(pseudo);
    const spoken = new Map(all());
    expect(plain.length).toBeGreaterThan(800);
    const same = plain.filter(([name, text]) => /\p{L}/u.test(text) && spoken.get(name) === text);
    expect(same).toEqual([]);
    for (const [name, text] of plain) {
      const names = (said: string) => said.match(/\{\w+\}/g) ?? [];
      expect(names(spoken.get(name) ?? ''), name).toEqual(names(text));
    }
  });
});

describe('a language', () => {
  it('is the first one wanted that there is, and English else', () => {
    const german = () => Promise.resolve({ default: { ...pseudo, tag: 'de' } });
    expect(otherLanguage(['de-AT', 'en'], { de: german })).toBe(german);
    expect(otherLanguage(['fr', 'de'], { de: german })).toBe(german);
    expect(otherLanguage(['en-GB', 'de'], { de: german })).toBeNull();
    expect(otherLanguage(['fr'], { de: german })).toBeNull();
    expect(otherLanguage(['de'])).toBeNull();
  });

  it('may lack a text file, and is read when a text is shown', () => {
    const greeting = texts('greeting', { hello: 'Hello', to: (name: string) => `Hello, ${name}` });
    speak({ tag: 'de', textsOf: (_name, own) => own });
    expect([language().tag, greeting.hello]).toEqual(['de', 'Hello']);
    speak({ tag: 'de', textsOf: (name, own) => (name === 'greeting' ? { ...own, hello: 'Hallo' } : own) });
    expect([greeting.hello, greeting.to('you')]).toEqual(['Hallo', 'Hello, you']);
  });

  it('has its own plurals', () => {
    const files = { one: '# plik', few: '# pliki', many: '# plików', other: '# pliku' };
    expect([1, 2, 5, 1.5].map((n) => pluralIn('pl')(n, files).replace(/^[\d.]+ /, ''))).toEqual([
      'plik',
      'pliki',
      'plików',
      'pliku',
    ]);
    expect(pluralIn('en')(1234, { one: '# step', other: 'all # steps' })).toBe('all 1,234 steps');
  });

  it('puts elements where its sentence has their names', () => {
    expect(splitPhrase('{a} of the {b}.')).toEqual([
      { text: '{a}', name: 'a' },
      { text: ' of the ' },
      { text: '{b}', name: 'b' },
      { text: '.' },
    ]);
  });

  it('that is none is longer than English, and keeps names in braces', () => {
    expect(pseudoText('Train {loss}')).toMatch(/^Ŧŕáíñ \{loss\} /);
    expect(pseudoText('Train again').length).toBeGreaterThan(13);
    expect(pseudoText('1,500')).toBe('1,500');
  });
});
