/** "You could try": each changes one thing, they do not stack, and each can be taken back. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { recipeDifferences } from '../../src/runs/recipe.ts';
import { suggestions, takeBack, tryOut } from './suggestions.ts';
import { keptTried, stillStands } from './tried.ts';
import type { Tried } from './tried.ts';
import type { Session } from './session.ts';
import { storesOnly } from './testing.ts';
import { memoryStorage } from '../stores/testing.ts';
import { suggestionTexts } from '../texts/suggestions.ts';

const recipe = (session: Session) => {
  const found = session.draft.getState().recipe;
  if (!found) throw new Error('no recipe');
  return found;
};

describe('what could be tried', () => {
  const paths: Readonly<Record<string, RegExp>> = {
    serial: /^model\.backbone\.mask_net_config\.use_parallel$/,
    rate: /^optimizer\..*backbone_learning_rate.*learning_rate$/,
    batch: /^train_data\.global_batch_size$/,
    seed: /^seeds\.weights$/,
    noise: /^data\.(?:preset|settings\..*)$/,
  };

  for (const suggestion of suggestions) {
    it(`changes one thing and is taken back: ${suggestion.id}`, () => {
      const session = storesOnly();
      const before = recipe(session);
      const text = session.config.getState().text;
      const tried = tryOut(suggestion, null, session);
      if (!tried) throw new Error('the first preset has this to change');
      const changed = recipeDifferences(before, recipe(session)).map(({ path }) => path);
      expect(changed.length).toBeGreaterThan(0);
      for (const path of changed) expect(path).toMatch(paths[suggestion.id] ?? /^$/);
      if (suggestion.id !== 'noise') expect(changed.filter((path) => path !== 'x')).toHaveLength(1);
      expect(tried.lines.came).toHaveLength(1);
      expect(tried.lines.gone).toHaveLength(1);
      expect(suggestionTexts[suggestion.id].watch).toMatch(/\.$/);
      expect(stillStands(tried, session)).toBe(true);
      takeBack(tried, session);
      expect(stillStands(tried, session)).toBe(false);
      expect(recipeDifferences(before, recipe(session))).toEqual([]);
      expect(session.config.getState().text).toBe(text);
    });
  }

  it('does not stack: another one begins where the first began', () => {
    const session = storesOnly();
    const before = recipe(session);
    let tried: Tried | null = null;
    for (const suggestion of suggestions) tried = tryOut(suggestion, tried, session);
    expect(tried?.id).toBe('noise');
    const changed = recipeDifferences(before, recipe(session)).map(({ path }) => path);
    for (const path of changed) expect(path).toMatch(/^data\./);
  });

  it('stands over a reload: it is taken back there, and another one does not stack', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const storage = memoryStorage();
    for (const suggestion of suggestions) {
      storage.kept.clear();
      const session = storesOnly({ storage });
      const { text } = session.config.getState();
      const before = recipe(session);
      session.page.getState().setTried(tryOut(suggestion, null, session));
      vi.runAllTimers();

      const later = storesOnly({ storage });
      const { tried } = later.page.getState();
      if (!tried) throw new Error(`${suggestion.id} is gone`);
      expect(tried).toEqual(session.page.getState().tried);
      expect(stillStands(tried, later)).toBe(true);
      const [other] = suggestions.filter(({ id }) => id !== suggestion.id);
      if (!other) throw new Error('another one');
      const next = tryOut(other, tried, later);
      const alone = storesOnly();
      tryOut(other, null, alone);
      expect(recipeDifferences(recipe(alone), recipe(later))).toEqual([]);
      if (next) takeBack(next, later);
      expect(recipeDifferences(before, recipe(later))).toEqual([]);
      expect(later.config.getState().text).toBe(text);
    }
    expect(keptTried({ id: 'no such', before: {}, after: {} })).toBeNull();
    expect(keptTried({ id: 'seed', before: { kind: 'seed', value: 'x' }, after: {}, lines: {} })).toBeNull();
  });

  it('stays where a person has edited further', () => {
    const session = storesOnly();
    const [serial, rate] = suggestions;
    if (!serial || !rate) throw new Error('two suggestions');
    const tried = tryOut(serial, null, session);
    const { text, setText } = session.config.getState();
    setText(`${text}\n# mine\n`);
    expect(tried && stillStands(tried, session)).toBe(false);
    tryOut(rate, tried, session);
    expect(session.config.getState().text).toContain('# mine');
    expect(session.config.getState().text).toContain('use_parallel: false');
  });

  it('is undone by one undo, and offers nothing that is so already or that the text has no place for', async () => {
    const session = storesOnly();
    const before = session.config.getState().text;
    const [serial] = suggestions;
    if (!serial) throw new Error('a suggestion');
    tryOut(serial, null, session);
    expect(serial.attempt(session)).toBeNull();
    expect(session.history.undoable()).toBe(suggestionTexts[serial.id].words);
    await session.history.undo();
    expect(session.config.getState().text).toBe(before);
    session.config.getState().setText('model: [');
    expect(tryOut(serial, null, session)).toBeNull();
  });
});
