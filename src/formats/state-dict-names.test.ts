import { describe, expect, it } from 'vitest';
import { modelNames } from './state-dict-names.ts';

const own = new Set([
  '_towers.fav.layers.0.weight',
  '_towers.fav.layers.0.bias',
  '_towers.fav.layers.1.weight',
]);
const found = (...names: string[]) => {
  const { byFileName, removed } = modelNames(names, own);
  return { names: [...byFileName.values()], removed };
};
const wrap = (prefix: string) => [...own].map((name) => `${prefix}${name}`);

describe('modelNames', () => {
  it('leaves the model’s own names as they are', () => {
    expect(found(...own)).toEqual({ names: [...own], removed: null });
  });

  it.each([
    ['module.', 'module.'],
    ['model.', 'model.'],
    ['_orig_mod.', '_orig_mod.'],
    ['module._orig_mod.', 'module. and _orig_mod.'],
    ['state.inner.', 'state.inner.'],
    ['module.state.', 'module. and state.'],
  ])('takes %s off', (prefix, removed) => {
    expect(found(...wrap(prefix))).toEqual({ names: [...own], removed });
  });

  it('takes a wrapper off that stands within the names', () => {
    expect(found('_towers.fav._orig_mod.layers.0.weight').names).toEqual(['_towers.fav.layers.0.weight']);
  });

  it('takes no prefix off that only some names have, nor one that is the model’s', () => {
    const some = ['model._towers.fav.layers.0.weight', 'loss.weight'];
    expect(found(...some)).toEqual({ names: some, removed: null });
    const more = ['_towers.fav.layers.0.weight', '_towers.fav.layers.7.weight'];
    expect(found(...more)).toEqual({ names: more, removed: null });
  });

  it('leaves names alone that would become one, and those of another model', () => {
    const twice = ['module._towers.fav.layers.0.weight', '_towers.fav.layers.0.weight'];
    expect(found(...twice)).toEqual({ names: twice, removed: null });
    expect(found('module.a', 'module.b')).toEqual({ names: ['module.a', 'module.b'], removed: null });
    expect(found()).toEqual({ names: [], removed: null });
  });
});
