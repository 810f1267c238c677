import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from './heuristics/heuristic.ts';
import { heuristicPreset, heuristicPresets, heuristicStep } from './heuristics/presets.ts';
import type { HeuristicStep } from './heuristics/presets.ts';
import { heuristics } from './heuristics/registry.ts';
import { rank } from './rank.ts';
import type { ScoreWeights } from './score-weights.ts';

// One head of weight 1: the score is the probability + 0.001.
const likes = 'recap.engagement.is_favorited';
const weights: ScoreWeights = {
  id: 'own',
  label: 'Own',
  date: null,
  source: 'test',
  rule: { kind: 'weighted_sum' },
  weights: { [likes]: 1 },
};

const candidate = (id: string, parts: Partial<Candidate> = {}): Candidate => ({
  id,
  authorId: `author of ${id}`,
  inNetwork: true,
  isReply: false,
  isRetweet: false,
  verified: false,
  creator: false,
  ageHours: 1,
  feedbackFatigueDays: null,
  ...parts,
});

const run = (candidates: Candidate[], probabilities: number[], steps: readonly HeuristicStep[]) =>
  rank(candidates, { tasks: [likes], values: probabilities }, weights, steps);

const omitProbability = <T extends { probability: number }>(row: T): Omit<T, 'probability'> => {
  const { probability, ...parts } = row;
  expect(probability).toBeGreaterThanOrEqual(0);
  return parts;
};

const order = (ranking: ReturnType<typeof run>) => ranking.ranked.map((tweet) => tweet.id).join(' ');
const find = (ranking: ReturnType<typeof run>, id: string) => {
  const tweet = ranking.ranked.find((entry) => entry.id === id);
  if (!tweet) throw new Error(`${id} is not ranked`);
  return tweet;
};
const factorOf = (parts: Partial<Candidate>, step: HeuristicStep): number | undefined =>
  run([candidate('x', parts)], [0.5], [step]).ranked[0]?.factors[step.id];

describe('rank', () => {
  it('orders by score and keeps the input order of ties', () => {
    const ranking = run(
      ['a', 'b', 'c', 'd'].map((id) => candidate(id)),
      [0.2, 0.5, 0.2, 0.5],
      [],
    );
    expect(order(ranking)).toBe('b d a c');
    expect(find(ranking, 'b').score).toBeCloseTo(0.501, 12);
    expect(ranking.ranked.map((tweet) => tweet.reason)).toEqual([null, null, null, null]);
  });

  it('refuses wrong rows, double ids, and unknown or double steps', () => {
    expect(() => run([candidate('a')], [0.1, 0.2], [])).toThrow(/need 1 probabilities; there are 2/);
    expect(() => run([candidate('a'), candidate('a')], [0.1, 0.2], [])).toThrow(
      /0 and 1 both have the id "a"/,
    );
    const step = heuristicStep('reply');
    expect(() => run([candidate('a')], [0.1], [step, step])).toThrow(/"reply" occurs twice/);
    expect(() => run([candidate('a')], [0.1], [{ ...step, id: 'rely' }])).toThrow(/no heuristic "rely"/);
  });

  it('skips steps that are switched off', () => {
    const off = { ...heuristicStep('reply'), enabled: false };
    expect(factorOf({ isReply: true }, off)).toBeUndefined();
  });

  it('says what neighbours did to a tweet that no step touched', () => {
    const ranking = run(
      [candidate('a', { isReply: true }), candidate('b')],
      [0.5, 0.45],
      [heuristicStep('reply')],
    );
    expect(order(ranking)).toBe('b a');
    expect(find(ranking, 'b').reason).toMatch(/^Up from 2 to 1\. Nothing changed its own score/);
    expect(find(ranking, 'a').reason).toBe('Down from 1 to 2. A reply: score × 0.75.');
  });

  it('loses no tweet, and every score is its base score times its factors', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            probability: fc.double({ min: 0, max: 1, noNaN: true }),
            authorId: fc.constantFrom('p', 'q', 'r'),
            inNetwork: fc.boolean(),
            isReply: fc.boolean(),
            isRetweet: fc.boolean(),
            verified: fc.boolean(),
            creator: fc.boolean(),
            ageHours: fc.double({ min: 0, max: 100, noNaN: true }),
            feedbackFatigueDays: fc.option(fc.integer({ min: 0, max: 200 })),
          }),
          { maxLength: 30 },
        ),
        fc.constantFrom(...heuristicPresets),
        (rows, preset) => {
          const candidates = rows.map((row, i) => candidate(String(i), omitProbability(row)));
          const ranking = run(
            candidates,
            rows.map((entry) => entry.probability),
            preset.steps,
          );
          const ids = [...ranking.ranked, ...ranking.dropped].map((tweet) => Number(tweet.id));
          expect(ids.toSorted((a, b) => a - b)).toEqual(candidates.map((_, i) => i));
          for (const tweet of [...ranking.ranked, ...ranking.dropped]) {
            const product = Object.values(tweet.factors).reduce((a, b) => a * b, 1);
            expect(tweet.score).toBeCloseTo(tweet.baseScore * product, 9);
          }
          expect(ranking.ranked.map((tweet) => tweet.rank)).toEqual(ranking.ranked.map((_, i) => i + 1));
          if (preset.steps.some((step) => step.id === 'max_consecutive_out_of_network')) {
            const marks = ranking.ranked
              .map((tweet) => (candidates[tweet.index]!.inNetwork ? 'i' : 'o'))
              .join('');
            expect(marks).not.toContain('ooo');
          }
        },
      ),
    );
  });
});

describe('factors', () => {
  it('out of network × 0.75, sparing retweets where the preset says so', () => {
    const march = heuristicPreset('2023-03').steps[0]!;
    expect(factorOf({ inNetwork: false }, march)).toBe(0.75);
    expect(factorOf({ inNetwork: false, isRetweet: true }, march)).toBeUndefined();
    expect(factorOf({}, march)).toBeUndefined();
    const september = heuristicPreset('2025-09').steps[0]!;
    expect(factorOf({ inNetwork: false, isRetweet: true }, september)).toBe(0.75);
    expect(factorOf({ inNetwork: false }, heuristicPreset('2023-07').steps[0]!)).toBe(1);
  });

  it('verified × 4 in network and × 2 out of it; original tweets only in 2023-07', () => {
    const [march, july] = ['2023-03', '2023-07'].map((id) =>
      heuristicPreset(id).steps.find((step) => step.id === 'verified')!,
    );
    expect(factorOf({ verified: true }, march!)).toBe(4);
    expect(factorOf({ verified: true, inNetwork: false }, march!)).toBe(2);
    expect(factorOf({ verified: true, isReply: true }, march!)).toBe(4);
    expect(factorOf({ verified: true, isReply: true }, july!)).toBeUndefined();
    expect(factorOf({ verified: true, isRetweet: true }, july!)).toBeUndefined();
    expect(factorOf({}, march!)).toBeUndefined();
  });

  it('creator × 1.1 in network and × 1.3 out of it', () => {
    expect(factorOf({ creator: true }, heuristicStep('creator'))).toBe(1.1);
    expect(factorOf({ creator: true, inNetwork: false }, heuristicStep('creator'))).toBe(1.3);
  });

  it('multiplies verified and creator in 2023-07: 4 · 1.1', () => {
    const ranking = run(
      [candidate('a', { verified: true, creator: true })],
      [0.499],
      heuristicPreset('2023-07').steps,
    );
    expect(ranking.ranked[0]!.score).toBeCloseTo(0.5 * 4.4, 12);
    expect(ranking.ranked[0]!.reason).toContain('Together × 4.4.');
  });

  it("author diversity gives an author's five tweets 1, 0.625, 0.4375, 0.34375, 0.296875", () => {
    const five = [0.1, 0.5, 0.3, 0.4, 0.2].map((_, i) => candidate(`t${i}`, { authorId: 'one' }));
    const ranking = run(five, [0.1, 0.5, 0.3, 0.4, 0.2], [heuristicStep('author_diversity')]);
    expect(order(ranking)).toBe('t1 t3 t2 t4 t0');
    expect(ranking.ranked.map((tweet) => tweet.factors['author_diversity'])).toEqual([
      undefined,
      0.625,
      0.4375,
      0.34375,
      0.296875,
    ]);
    expect(find(ranking, 't3').score).toBeCloseTo(0.401 * 0.625, 12);
    expect(find(ranking, 't2').reason).toContain('3rd tweet by this author: score × 0.4375.');
  });

  it('breaks ties between tweets of one author by input order', () => {
    const twins = ['a', 'b'].map((id) => candidate(id, { authorId: 'one' }));
    const ranking = run(twins, [0.3, 0.3], [heuristicStep('author_diversity')]);
    expect(find(ranking, 'a').factors['author_diversity']).toBeUndefined();
    expect(find(ranking, 'b').factors['author_diversity']).toBe(0.625);
  });

  it('orders author diversity by the scaled score in 2023-03 and by the unscaled one in 2023-07', () => {
    // reply: .5 · .75 < .4, so scaling swaps the author's two tweets.
    const two = [
      candidate('reply', { authorId: 'one', isReply: true }),
      candidate('plain', { authorId: 'one' }),
    ];
    const diversity = (rank_by_unscaled: number) =>
      run(two, [0.5, 0.4], [heuristicStep('reply'), heuristicStep('author_diversity', { rank_by_unscaled })]);
    expect(find(diversity(0), 'reply').factors['author_diversity']).toBe(0.625);
    expect(find(diversity(0), 'plain').factors['author_diversity']).toBeUndefined();
    expect(find(diversity(1), 'plain').factors['author_diversity']).toBe(0.625);
    expect(find(diversity(1), 'reply').factors['author_diversity']).toBeUndefined();
  });

  it('feedback fatigue of 2023-07: dropped before day 14, 0.2 at 14, 0.6 at 84, 1 from 154', () => {
    const step = heuristicPreset('2023-07').steps.find(({ id }) => id === 'feedback_fatigue')!;
    const factor = (feedbackFatigueDays: number) => factorOf({ feedbackFatigueDays }, step);
    expect(factor(14)).toBeCloseTo(0.2, 12);
    expect(factor(84)).toBeCloseTo(0.6, 12);
    expect(factor(153)).toBeCloseTo(0.2 + (0.2 * 139) / 35, 12);
    expect(factor(154)).toBeUndefined();
    expect(factor(400)).toBeUndefined();
    const dropped = run([candidate('x', { feedbackFatigueDays: 13 })], [0.5], [step]).dropped;
    expect(dropped).toMatchObject([{ id: 'x', step: 'feedback_fatigue', rankBefore: 1 }]);
    expect(dropped[0]!.reason).toBe(
      'Dropped: the viewer gave negative feedback on this author 13 days ago, less than 14 days.',
    );
  });

  it('feedback fatigue of 2025-09: dropped before day 14, 0.28 at 14, 1 from 140', () => {
    const step = heuristicPreset('2025-09').steps.find(({ id }) => id === 'feedback_fatigue')!;
    expect(factorOf({ feedbackFatigueDays: 14 }, step)).toBeCloseTo(0.28, 12);
    expect(factorOf({ feedbackFatigueDays: 105 }, step)).toBeCloseTo(0.8, 12);
    expect(factorOf({ feedbackFatigueDays: 140 }, step)).toBeUndefined();
    expect(run([candidate('x', { feedbackFatigueDays: 0 })], [0.5], [step]).ranked).toEqual([]);
  });
});

describe('selections', () => {
  const oon = { inNetwork: false };

  it('best out-of-network tweet per author: in-network authors keep all', () => {
    const ranking = run(
      [
        candidate('a1', { ...oon, authorId: 'a' }),
        candidate('a2', { ...oon, authorId: 'a' }),
        candidate('a3', { ...oon, authorId: 'a' }),
        candidate('b1', { authorId: 'b' }),
        candidate('b2', { authorId: 'b' }),
      ],
      [0.2, 0.4, 0.4, 0.3, 0.1],
      [heuristicStep('best_out_of_network_per_author')],
    );
    expect(order(ranking)).toBe('a2 b1 b2');
    expect(ranking.dropped.map((tweet) => tweet.id)).toEqual(['a3', 'a1']);
  });

  it('three out-of-network tweets in a row: the next in-network tweet comes before the third', () => {
    const ranking = run(
      [candidate('o1', oon), candidate('o2', oon), candidate('o3', oon), candidate('i1'), candidate('i2')],
      [0.5, 0.4, 0.3, 0.2, 0.1],
      [heuristicStep('max_consecutive_out_of_network')],
    );
    expect(order(ranking)).toBe('o1 o2 i1 o3 i2');
    expect(find(ranking, 'i1').reason).toContain('Moved up from 4 to 3');
    expect(find(ranking, 'o3').reason).toContain(
      'Moved down from 3 to 4: at most 2 out-of-network tweets stand in a row.',
    );
    expect(find(ranking, 'i2').reason).toBeNull();
  });

  it('drops the third of three out-of-network tweets when no in-network tweet is left, or keeps it if told', () => {
    const three = ['i', 'o1', 'o2', 'o3'].map((id) => candidate(id, { inNetwork: id === 'i' }));
    const values = [0.5, 0.4, 0.3, 0.2];
    const strict = run(three, values, [heuristicStep('max_consecutive_out_of_network')]);
    expect(order(strict)).toBe('i o1 o2');
    expect(strict.dropped).toMatchObject([{ id: 'o3', rankBefore: 4 }]);
    const lenient = run(three, values, [
      heuristicStep('max_consecutive_out_of_network', { keep_trailing: 1 }),
    ]);
    expect(order(lenient)).toBe('i o1 o2 o3');
  });

  it('age: exactly 48 h stays, older is dropped', () => {
    const ranking = run(
      [candidate('a', { ageHours: 48 }), candidate('b', { ageHours: 48.01 })],
      [0.1, 0.9],
      [heuristicStep('age_limit')],
    );
    expect(order(ranking)).toBe('a');
    expect(find(ranking, 'a').rankBefore).toBe(2);
    expect(ranking.dropped[0]!.reason).toBe('Dropped: 48.01 h old, the limit is 48 h.');
  });

  it('top N counts in the order of scaled scores', () => {
    const ranking = run(
      [candidate('a', { isReply: true }), candidate('b'), candidate('c')],
      [0.5, 0.45, 0.4],
      [heuristicStep('reply'), heuristicStep('top_n', { limit: 2 })],
    );
    expect(order(ranking)).toBe('b c');
    expect(ranking.dropped).toMatchObject([
      { id: 'a', reason: 'Dropped: 3rd at this point, only the best 2 go on.' },
    ]);
  });

  it('caps by network count apart', () => {
    const ranking = run(
      [candidate('o1', oon), candidate('o2', oon), candidate('i1'), candidate('i2'), candidate('i3')],
      [0.5, 0.4, 0.3, 0.2, 0.1],
      [heuristicStep('network_caps', { in_network: 2, out_of_network: 1 })],
    );
    expect(order(ranking)).toBe('o1 i1 i2');
    expect(ranking.dropped.map((tweet) => tweet.id)).toEqual(['o2', 'i3']);
  });

  it('sorts again after factors that follow a selection', () => {
    const ranking = run(
      [candidate('a', { feedbackFatigueDays: 14 }), candidate('b')],
      [0.5, 0.4],
      heuristicPreset('2023-03').steps,
    );
    expect(order(ranking)).toBe('b a');
  });
});

describe('presets', () => {
  const ids = (preset: string) => heuristicPreset(preset).steps.map((step) => step.id);

  it('run their steps in the order of their time', () => {
    expect(ids('2023-03')).toEqual([
      'out_of_network',
      'verified',
      'author_diversity',
      'top_n',
      'best_out_of_network_per_author',
      'feedback_fatigue',
      'max_consecutive_out_of_network',
    ]);
    expect(ids('2023-07')).toEqual([
      'out_of_network',
      'reply',
      'verified',
      'creator',
      'author_diversity',
      'feedback_fatigue',
      'best_out_of_network_per_author',
      'network_caps',
      'max_consecutive_out_of_network',
    ]);
    expect(ids('2025-09')).toEqual([
      'out_of_network',
      'reply',
      'author_diversity',
      'feedback_fatigue',
      'age_limit',
      'top_n',
    ]);
    expect(() => heuristicPreset('2024')).toThrow(/2023-03, 2023-07, 2025-09, none/);
  });

  it('cap at 120, at 60 + 60 and at 50', () => {
    const many = Array.from({ length: 150 }, (_, i) => candidate(String(i), { inNetwork: i % 2 === 0 }));
    const values = many.map((_, i) => 0.7 - i / 1000);
    // Out-of-network tweets get ahead by what the factor 0.75 takes, so that the order alternates.
    const evened = values.map((value, i) => (i % 2 === 0 ? value : value / 0.75));
    expect(run(many, evened, heuristicPreset('2023-03').steps).ranked).toHaveLength(120);
    const july = run(many, values, heuristicPreset('2023-07').steps);
    expect(july.ranked.filter((tweet) => many[tweet.index]!.inNetwork)).toHaveLength(60);
    expect(july.ranked).toHaveLength(120);
    expect(run(many, values, heuristicPreset('2025-09').steps).ranked).toHaveLength(50);
  });

  it('name only constants that their heuristics declare', () => {
    for (const preset of heuristicPresets) {
      for (const step of preset.steps) {
        const declared = heuristics.find(({ id }) => id === step.id)!.constants.map(({ name }) => name);
        expect(Object.keys(step.constants).toSorted()).toEqual(declared.toSorted());
      }
    }
  });

  it('2023-03, worked out by hand for a verified out-of-network author with two tweets', () => {
    // .75 · 2 each, then the second × .625; best-per-author drops the second.
    const ranking = run(
      ['a', 'b'].map((id) => candidate(id, { inNetwork: false, verified: true, authorId: 'one' })),
      [0.399, 0.199],
      heuristicPreset('2023-03').steps,
    );
    expect(ranking.ranked[0]!.score).toBeCloseTo(0.4 * 1.5, 12);
    expect(ranking.dropped[0]!.score).toBeCloseTo(0.2 * 1.5 * 0.625, 12);
    expect(ranking.dropped[0]!.step).toBe('best_out_of_network_per_author');
  });
});
