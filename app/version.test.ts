import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('__APP_VERSION__', '1.2.3');
const { signedName, signedSvg, signedYaml } = await import('./version.ts');

describe('files that leave the page', () => {
  it('carry the version in their name where there is no room inside', () => {
    expect(signedName('metrics.jsonl')).toBe('metrics-v1.2.3.jsonl');
    expect(signedName('total-loss.csv')).toBe('total-loss-v1.2.3.csv');
    for (const name of ['manifest.json', 'run.zip', 'model.svg', 'a.png', 'a.yaml', 'a.tfrecord.gz']) {
      expect(signedName(name)).toBe(name);
    }
  });

  it('else inside, once however often a file goes out and comes back', () => {
    const once = signedYaml('model: {}\n');
    expect(once).toBe('# Heavy Ranker Playground 1.2.3\nmodel: {}\n');
    expect(signedYaml(once)).toBe(once);
    expect(signedYaml('# Heavy Ranker Playground 0.9.0\nmodel: {}\n')).toBe(once);
    expect(signedSvg('<svg/>')).toBe('<svg/>\n<!-- Heavy Ranker Playground 1.2.3 -->\n');
  });
});
