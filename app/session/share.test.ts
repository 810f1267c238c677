/** Links made from the page's stores and opened in those of another visit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heads } from '../../src/ranking/heads.ts';
import { scoreWeightsToYaml } from '../../src/ranking/score-weights-file.ts';
import { publishedWeights } from '../../src/ranking/score-weights.ts';
import { encodeLink, LinkError, linkOf } from '../../src/runs/link.ts';
import { recipeDifferences } from '../../src/runs/recipe.ts';
import { schemas } from './built-in.ts';
import type { Session } from './session.ts';
import { LINK_MARK, linkTo, readLink } from './share.ts';
import { storesOnly } from './testing.ts';

const fragment = (session: Session, view = 'train'): string => linkTo(session, view).slice(LINK_MARK.length);
const opened = (link: string, session: Session) => readLink(link, session, schemas);

/** What a run is made from, and what the ranking is made by. */
function shown({ draft, scoring, tweets }: Session) {
  const { weights, headSet, preset, steps } = scoring.getState();
  const { set, edits, added, ownSets } = tweets.getState();
  return structuredClone({
    recipe: draft.getState().recipe,
    scoring: { weights, headSet, preset, steps },
    tweets: { set, edits, added, ownSets },
  });
}

/** A tweet, a weight, a step, a key, a seed and the data are changed. */
function changed(): Session {
  const session = storesOnly();
  const { text, setText } = session.config.getState();
  setText(text.replace('num_train_steps: 1500', 'num_train_steps: 77'));
  session.settings.getState().set({ seed: 9, engine: 'tfjs-wasm' });
  session.data.getState().choose({ kind: 'teacher', teacher: 'realistic', seed: 4, examples: 1000 });
  session.data.getState().setTeacherValue(['effect_size'], 3);
  session.scoring.getState().setWeight('recap.engagement.is_favorited', 2.5);
  session.scoring.getState().choosePreset('2023-07');
  session.scoring.getState().setStep('reply', { enabled: false });
  const [tweet] = session.ranking.getState().tweets;
  if (!tweet) throw new Error('no tweets');
  session.tweets.getState().edit(tweet.id, { ...tweet, text: 'An edited tweet.' });
  session.tweets.getState().add({ ...tweet, id: 'own-1' });
  return session;
}

describe('a link', () => {
  it('carries configuration, data, seeds, weights, steps and tweets to another visit, and is short', () => {
    const from = changed();
    const link = fragment(from, 'rank');
    expect(link.length).toBeLessThan(2000);
    const to = storesOnly();
    const before = shown(to);
    const { changes, view, apply } = opened(link, to);
    expect(shown(to)).toEqual(before);
    expect(view).toBe('rank');
    expect(changes).toEqual(
      expect.arrayContaining([
        'training.num_train_steps: 1500 → 77',
        'seeds.weights: 1 → 9',
        'engine.choice: auto → tfjs-wasm',
        expect.stringContaining('data.settings.effect_size'),
        expect.stringContaining('weights.recap.engagement.is_favorited: 0.5 → 2.5'),
        'heuristics: none → 2023-07',
        expect.stringContaining('changed and own tweets'),
      ]),
    );
    apply();
    const [recipe, wanted] = [shown(to).recipe, shown(from).recipe];
    expect(recipe && wanted && recipeDifferences(wanted, recipe)).toEqual([]);
    expect(shown(to).recipe?.config).toBe(wanted?.config);
    expect({ ...shown(to), recipe: null }).toEqual({ ...shown(from), recipe: null });
    expect(opened(link, to).changes).toEqual([]);
    expect(to.config.getState().name).toBe('playground.yaml');
  });

  it('of an own set of weights, own heads, changed steps and twelve edited tweets has at most 2,000 characters', () => {
    const from = changed();
    const { scoring, tweets, ranking } = from;
    heads.forEach(({ task }, i) => scoring.getState().setWeight(task, i * 1.37 - 4.21));
    scoring.getState().saveWeights('Weights of the week');
    scoring.getState().setWeight('leaves', -3, ['buys', 'leaves']);
    scoring.getState().setConstant('author_diversity', 'decay', 0.35);
    ranking
      .getState()
      .tweets.slice(0, 36)
      .filter((_, i) => i % 3 === 0)
      .forEach((tweet, i) => {
        const counts = { ...tweet.counts, likes: 100 + 37 * i, replies: 3 * i };
        const words = tweet.text.split(' ');
        const text = [...words.slice(0, 3), 'really', ...words.slice(3), `And ${i} more of these.`].join(' ');
        tweets
          .getState()
          .edit(tweet.id, { ...tweet, text, counts, createdAtHoursAgo: i / 4, isReply: i % 2 === 0 });
      });
    expect(Object.keys(tweets.getState().edits)).toHaveLength(12);
    const link = fragment(from, 'rank');
    expect(link.length).toBeLessThan(1200);
    const to = storesOnly();
    opened(link, to).apply();
    const [wanted, found] = [shown(from), shown(to)];
    expect(found.tweets).toEqual(wanted.tweets);
    // Its number is that of the sender's own sets.
    const named = { ...wanted.scoring.weights, id: 'shared' };
    expect(found.scoring).toEqual({ ...wanted.scoring, weights: named });
  });

  it('of a version before opens as it did: weights as text, own heads as numbers, tweets key by key', () => {
    const from = changed();
    const { recipe } = from.draft.getState();
    const [, , third] = from.ranking.getState().tweets;
    if (!recipe || !third) throw new Error('nothing is shown');
    const set = { ...publishedWeights('2023-03-31'), id: 'mine', label: 'Mine' };
    const old = {
      ...linkOf(recipe),
      weights: { set: scoreWeightsToYaml(set), heads: { leaves: 0.5 } },
      tweets: {
        set: 'all',
        edits: { [third.id]: { media: { kind: 'none' }, counts: { ...third.counts, likes: 1 } } },
      },
    };
    const to = storesOnly();
    opened(encodeLink(old, new Map()), to).apply();
    const { scoring, tweets } = shown(to);
    expect(scoring.weights).toEqual(set);
    expect(scoring.headSet.weights).toEqual({ leaves: 0.5 });
    expect(third.media.kind).toBe('image');
    expect(tweets.edits).toEqual({
      [third.id]: { ...third, media: { kind: 'none' }, counts: { ...third.counts, likes: 1 } },
    });
  });

  it('is taken back by one undo', async () => {
    const to = storesOnly();
    const before = shown(to);
    opened(fragment(changed()), to).apply();
    expect(to.history.undoable()).toBe('opening of a link');
    await to.history.undo();
    expect(shown(to)).toEqual(before);
  });

  it('puts back what is not as it comes, where the link says nothing of it', () => {
    const to = changed();
    opened(fragment(storesOnly()), to).apply();
    expect({ ...shown(to), recipe: null }).toEqual({ ...shown(storesOnly()), recipe: null });
    expect(to.draft.getState().recipe?.seeds).toEqual({ weights: 1, data: 1 });
  });

  it('names words that change nothing as such', () => {
    const from = storesOnly();
    from.config.getState().setText(`# a remark\n${from.config.getState().text}`);
    expect(opened(fragment(from), storesOnly()).changes).toEqual([
      'words of the configuration that change nothing: comments, order or form',
    ]);
  });

  it('is not made while the configuration has errors', () => {
    const session = storesOnly();
    session.config.getState().setText('model: [');
    expect(() => linkTo(session, 'train')).toThrow(/has errors/);
  });

  it('that is broken, newer or asks for what is not here says so, and nothing changes', () => {
    const session = storesOnly();
    const before = shown(session);
    const link = fragment(changed());
    const refused = (text: string, words: RegExp): void => {
      expect(() => opened(text, session)).toThrow(LinkError);
      expect(() => opened(text, session)).toThrow(words);
    };
    refused(link.slice(0, -9), /copy it again, whole/);
    refused(link.replace(/^2\./, '7.'), /of version 7, which a newer playground wrote/);
    refused('hello', /no link to a run/);
    const { recipe } = session.draft.getState();
    if (!recipe) throw new Error('no recipe');
    const with_ = (more: object): string => encodeLink({ ...linkOf(recipe), ...more }, new Map());
    refused(with_({ schema: 'mine.json' }), /data schema mine\.json/);
    refused(with_({ warmStart: 'mine.safetensors' }), /begins from the weights mine\.safetensors/);
    refused(with_({ config: 'model: 3' }), /configuration can't be used here/);
    refused(with_({ weights: { set: 'weights: {a: x}' } }), /weights in this link/);
    refused(with_({ heuristics: { preset: 'none', steps: [{ id: 'nothing' }] } }), /heuristics in this link/);
    refused(with_({ tweets: { set: 'all', edits: { 'calm-day-1': { text: 5 } } } }), /tweet calm-day-1/);
    expect(shown(session)).toEqual(before);
  });

  it('damaged anywhere is refused or says the same', () => {
    const session = storesOnly();
    const link = fragment(changed());
    const same = opened(link, session).changes;
    fc.assert(
      fc.property(fc.nat(link.length - 1), fc.constantFrom('a', 'Z', '0', '_', '-', '.'), (at, put) => {
        const damaged = link.slice(0, at) + put + link.slice(at + 1);
        try {
          expect(opened(damaged, session).changes).toEqual(same);
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError);
        }
      }),
      { seed: 5, numRuns: 60 },
    );
  });
});
